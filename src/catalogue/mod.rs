//! The catalogue: technologies offered (listings) and looked for (orders), from the draft over moderation to the public,
//! and the search over both.

mod forms;
mod ipc;
mod item;
mod labels;
mod lifecycle;
mod listings;
mod orders;
mod reference;
mod reviews;
mod search;

use std::sync::Arc;

use crate::http::Operation;
use crate::search::Searchable;

pub use forms::TransferForm;
pub use ipc::Ipc;
pub use item::{Imported, Incoming, Item, Origin, import};
pub use lifecycle::{Status, Step};
pub use listings::{Listing, ListingContent};
pub use orders::{Order, OrderContent, Requirement};

/// Every endpoint of the catalogue.
#[must_use]
pub fn operations() -> Vec<Operation> {
    [listings::operations(), orders::operations(), search::operations(), reference::operations()]
        .into_iter()
        .flatten()
        .collect()
}

/// What of the catalogue can be found by searching.
#[must_use]
pub fn searchable() -> Vec<Arc<dyn Searchable>> {
    vec![Arc::new(listings::SearchableListings), Arc::new(orders::SearchableOrders)]
}
