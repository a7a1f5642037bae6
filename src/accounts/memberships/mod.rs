//! Memberships: who belongs to an organisation, and in which role.
//!
//! Owns the table `memberships`. An organisation always has at least one owner.

mod change;
mod grant_signatory;
mod join;
mod leave_all;
mod list;
mod membership;
mod remove;
mod show;
mod store;
mod view;

pub use store::{of_user, owners_of};

pub(in crate::accounts) use join::add;
pub(in crate::accounts) use leave_all::leave_all;
pub(in crate::accounts) use list::require_insider;
pub(in crate::accounts) use store::find;
pub(in crate::accounts) use view::MemberView;

use crate::http::Operation;

/// The operations.
#[must_use]
pub fn operations() -> Vec<Operation> {
    let mut operations = vec![list::operation(), show::operation(), change::operation(), remove::operation()];
    operations.extend(grant_signatory::operations());
    operations
}
