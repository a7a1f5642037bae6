//! Technology listings: technologies that institutes, individuals and enterprises offer.

mod disclosure;
mod evidence;
mod index;
mod ip_right;
mod item;
mod list;
mod listing;
mod mirror;
mod protection;
mod rights;
mod store;
mod translation;
mod verify_evidence;
mod view;

use super::item as common;
use crate::http::Operation;

pub use index::SearchableListings;
pub(super) use ip_right::{IpKind, IpRight, IpStatus};
pub(super) use listing::DevelopmentStage;
pub use listing::{Listing, ListingContent};
pub(super) use store::{count_public, heads, summaries};
pub(super) use view::ListingSummary;

/// The endpoints.
pub(super) fn operations() -> Vec<Operation> {
    let mut operations = vec![list::operation()];
    operations.extend(common::operations::<Listing>());
    operations.extend(verify_evidence::operations());
    operations
}
