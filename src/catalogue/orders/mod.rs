//! Technology orders: technologies that enterprises and others look for.

mod disclosure;
mod index;
mod item;
mod list;
mod mirror;
mod order;
mod store;
mod translation;
mod view;

use super::item as common;
use crate::http::Operation;

pub use index::SearchableOrders;
pub use order::{Order, OrderContent, Requirement};
pub(super) use store::{count_public, hidden, summaries};
pub(super) use view::OrderSummary;

/// The endpoints.
pub(super) fn operations() -> Vec<Operation> {
    let mut operations = vec![list::operation()];
    operations.extend(common::operations::<Order>());
    operations
}
