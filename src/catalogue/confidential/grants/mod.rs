//! Grants: to which organisation an owner opened the confidential part of a listing, what for, and until when.

mod by_agreement;
mod create;
mod grant;
mod list;
mod revoke;
mod show;
mod store;
mod view;

use crate::http::Operation;

pub use by_agreement::{Opening, close_confidential, open_confidential};
pub(super) use store::in_force;

/// The operations.
pub(super) fn operations() -> Vec<Operation> {
    vec![list::operation(), create::operation(), show::operation(), revoke::operation()]
}
