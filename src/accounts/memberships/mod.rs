//! Memberships: who belongs to an organisation, and in which role.
//!
//! Owns the table `memberships`. An organisation always has at least one owner.

mod add;
mod change;
mod list;
mod membership;
mod remove;
mod show;
mod store;
mod view;

pub use store::of_user;

pub(in crate::accounts) use add::add;
pub(in crate::accounts) use list::require_insider;
pub(in crate::accounts) use store::find;

use crate::http::Operation;

/// The operations.
#[must_use]
pub fn operations() -> Vec<Operation> {
    vec![list::operation(), show::operation(), add::operation(), change::operation(), remove::operation()]
}
