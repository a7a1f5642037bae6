//! The search over listings and orders. The index finds, counts and highlights; what is shown of a hit is read from the
//! database, so nothing is shown that may not be seen any more.

mod index;
mod query;
mod suggest;
mod trees;
mod view;

use crate::http::Operation;

pub(super) use index::ask;
pub(super) use query::{SearchQuery, found, to_index};
pub(super) use trees::widen;
pub(super) use view::SearchResult;

/// The endpoints.
pub(super) fn operations() -> Vec<Operation> {
    vec![query::operation(), suggest::operation()]
}
