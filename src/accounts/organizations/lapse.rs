//! What happens on the day after the last day of a verification.

use super::store;
use crate::db::Failure;
use crate::events::{Change, Run, Tx};
use crate::kernel::clock::Day;

/// Organisations dealt with in one transaction.
const BATCH: i64 = 100;

/// Makes organisations unverified whose verification has ended, and tells how many.
pub(in crate::accounts) fn lapse(run: &Run<'_>) -> Result<usize, Failure> {
    let mut all = 0;
    loop {
        let lapsed = run.write(lapse_some)?;
        all += lapsed;
        if lapsed == 0 {
            return Ok(all);
        }
    }
}

fn lapse_some(tx: &mut Tx<'_>) -> Result<usize, Failure> {
    let now = tx.now;
    let ended = store::past_their_verification(tx.conn, Day::in_vietnam(now), BATCH)?;
    for before in &ended {
        let next = before.lapsed(now);
        store::save(tx.conn, &next)?;
        let change = Change::new("organization.verification_lapsed", next.id.0, next.version).of(next.id);
        tx.record(&change.field("verification", before.verification, next.verification))?;
    }
    Ok(ended.len())
}
