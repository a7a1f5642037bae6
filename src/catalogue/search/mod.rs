//! The search over listings and orders. The index finds, counts and highlights; what is shown of a hit is read from the
//! database, so nothing is shown that may not be seen any more.

mod query;
mod suggest;
mod view;

use crate::http::Operation;

/// The endpoints.
pub(super) fn operations() -> Vec<Operation> {
    vec![query::operation(), suggest::operation()]
}
