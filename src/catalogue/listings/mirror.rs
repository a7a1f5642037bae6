//! Listings as others mirror them.

use uuid::Uuid;

use super::store;
use super::view::ListingSummary;
use crate::catalogue::Listing;
use crate::catalogue::feed::{Mirrored, Visibility};
use crate::catalogue::item::Subject;
use crate::db::{Conn, DbError};
use crate::kernel::id::{ListingId, OrganizationId};

impl Mirrored for Listing {
    const SUBJECT: Subject = Subject::Listing;
    type Summary = ListingSummary;

    fn wants(event: &str) -> bool {
        event.starts_with("listing.") && event != "listing.created"
    }

    fn visibility(conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<Visibility>, DbError> {
        store::visibility(conn, &typed(ids))
    }

    fn of_organization(conn: &mut Conn, organization: OrganizationId) -> Result<Vec<Uuid>, DbError> {
        Ok(store::published_of(conn, organization)?.into_iter().map(|id| id.0).collect())
    }

    fn summaries(conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<ListingSummary>, DbError> {
        store::summaries(conn, &typed(ids))
    }
}

fn typed(ids: &[Uuid]) -> Vec<ListingId> {
    ids.iter().copied().map(ListingId).collect()
}
