//! What the feed is told late. An anonymous order leaves the public at once with its organisation, and comes back with it; but
//! a time in the feed beside those of what the organisation does not hide would tell everybody whose the order is, for as long
//! as the feed remembers. So the feed is told once a day, of all such orders together.

use super::follower::{CHUNK, note};
use super::store;
use crate::catalogue::item::Subject;
use crate::catalogue::{Order, orders};
use crate::db::Failure;
use crate::events::Run;

/// Notes the anonymous orders whose organisations were deactivated, or are active again, and tells how many they are.
pub fn catch_up(run: &Run<'_>) -> Result<usize, Failure> {
    let ids = run.read(|conn| {
        let hidden = orders::hidden(conn)?;
        Ok([hidden, store::withdrawn(conn, Subject::Order)?].concat())
    })?;
    let mut noted = 0;
    for ids in ids.chunks(CHUNK) {
        let ids = ids.to_vec();
        noted += run.write(move |tx| note::<Order>(tx.conn, &ids, tx.now))?;
    }
    Ok(noted)
}
