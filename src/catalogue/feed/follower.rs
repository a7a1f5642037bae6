//! The consumer `feed`: notes what became of the public side of items. It is told only what was touched and looks at how
//! things are, so a delivery that comes twice, late or out of order does no harm.

use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

use super::entry::{Gone, Mirrored};
use super::store;
use crate::catalogue::{Listing, Order};
use crate::db::{Conn, Database, Failure, Isolation};
use crate::events::{Consumer, Delivery, Failed};
use crate::kernel::clock::{At, Clock};
use crate::kernel::id::OrganizationId;

/// Follows listings and orders.
pub struct Follower {
    database: Arc<Database>,
    clock: Arc<dyn Clock>,
}

/// Items noted at once.
pub(super) const CHUNK: usize = 500;

impl Follower {
    /// A follower of the items in this database.
    #[must_use]
    pub fn new(database: Arc<Database>, clock: Arc<dyn Clock>) -> Self {
        Self { database, clock }
    }

    fn follow<I: Mirrored>(&self, batch: &[Delivery]) -> Result<(), Failure> {
        let mut touched: BTreeSet<Uuid> =
            batch.iter().filter(|delivery| I::wants(&delivery.event)).map(|delivery| delivery.object_id.0).collect();
        for delivery in batch.iter().filter(|delivery| is_organization(&delivery.event)) {
            let organization = OrganizationId(delivery.object_id.0);
            touched.extend(self.database.read(|conn| Ok(I::of_organization(conn, organization)?))?);
        }
        let touched: Vec<_> = touched.into_iter().collect();
        for ids in touched.chunks(CHUNK) {
            let (ids, now) = (ids.to_vec(), self.clock.now());
            // Not serialisable: what others committed before the lock was had must be seen.
            self.database.write(Isolation::ReadCommitted, move |conn| note::<I>(conn, &ids, now).map(|_| ()))?;
        }
        Ok(())
    }
}

/// Notes how these items stand to the public now, and tells of how many there was something to note.
pub(super) fn note<I: Mirrored>(conn: &mut Conn, ids: &[Uuid], now: At) -> Result<usize, Failure> {
    let at = store::advance(conn, now)?;
    let found = I::visibility(conn, ids)?;
    let public: Vec<_> = found.iter().filter(|item| item.gone().is_none()).map(|item| item.id).collect();
    store::put(conn, I::SUBJECT, &public, at)?;
    let mut noted = public.len();
    for why in Gone::ALL {
        let gone: Vec<_> = found.iter().filter(|item| item.gone() == Some(*why)).map(|item| item.id).collect();
        noted += store::bury(conn, I::SUBJECT, &gone, *why, at)?;
    }
    Ok(noted)
}

/// Events that change what is shown of an organisation beside its items, or whether they are shown.
fn is_organization(event: &str) -> bool {
    event.starts_with("organization.") && event != "organization.created"
}

impl Consumer for Follower {
    fn name(&self) -> &'static str {
        "feed"
    }

    fn wants(&self, event: &str) -> bool {
        is_organization(event) || Listing::wants(event) || Order::wants(event)
    }

    fn handle(&self, batch: &[Delivery]) -> Vec<Failed> {
        match self.follow::<Listing>(batch).and_then(|()| self.follow::<Order>(batch)) {
            Ok(()) => Vec::new(),
            Err(failure) => {
                let error = format!("{failure:?}");
                batch.iter().map(|delivery| Failed { id: delivery.id, error: error.clone() }).collect()
            }
        }
    }
}
