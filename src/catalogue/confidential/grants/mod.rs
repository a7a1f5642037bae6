//! Grants: to which organisation an owner opened the confidential part of a listing, what for, and until when.

mod create;
mod grant;
mod list;
mod revoke;
mod show;
mod store;
mod view;

use crate::http::Operation;

pub(super) use store::in_force;

/// The operations.
pub(super) fn operations() -> Vec<Operation> {
    vec![list::operation(), create::operation(), show::operation(), revoke::operation()]
}
