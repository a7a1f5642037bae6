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
mod step_down;
mod store;
mod view;

pub use store::{of_user, owners_of};

pub(in crate::accounts) use join::add;
pub(in crate::accounts) use list::require_insider;
pub(in crate::accounts) use store::find;
pub(in crate::accounts) use view::MemberView;

use serde_json::json;

use super::users::PersonalData;
use crate::http::Operation;

/// The operations.
#[must_use]
pub fn operations() -> Vec<Operation> {
    let mut operations = vec![list::operation(), show::operation(), change::operation(), remove::operation()];
    operations.extend(grant_signatory::operations());
    operations
}

/// Where a person belongs, and signs.
pub(in crate::accounts) fn personal_data() -> PersonalData {
    PersonalData {
        name: "memberships",
        read: |conn, user| {
            let told = |row: &membership::MembershipRow| {
                json!({
                    "organization_id": row.organization_id, "role": row.role, "signatory": row.signatory(),
                    "created_at": row.created_at, "updated_at": row.updated_at,
                })
            };
            Ok(store::all_of(conn, user)?.iter().map(told).collect())
        },
        erase: |tx, user| leave_all::leave_all(tx, user.id),
    }
}
