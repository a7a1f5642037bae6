//! Technology listings: technologies that institutes, individuals and enterprises offer.

mod index;
mod item;
mod list;
mod listing;
mod store;
mod view;

use super::item as common;
use crate::http::Operation;

pub use index::SearchableListings;
pub use listing::{Listing, ListingContent};
pub(super) use store::summaries;
pub(super) use view::ListingSummary;

/// The endpoints.
pub(super) fn operations() -> Vec<Operation> {
    let mut operations = vec![list::operation()];
    operations.extend(common::operations::<Listing>());
    operations
}
