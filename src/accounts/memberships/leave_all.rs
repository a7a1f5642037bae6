//! Leaving every organisation at once, when a person closes the account.

use super::membership::keep_an_owner;
use super::store;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::kernel::id::UserId;

/// Ends all memberships of a person. Who is the last owner among several members has to make somebody else an owner first;
/// an organisation of one person stays behind without members, with what it has published.
///
/// # Errors
/// `last_owner`, or the database's failure.
pub(in crate::accounts) fn leave_all(tx: &mut Tx<'_>, user: UserId) -> Result<(), Failure> {
    for (organization, ..) in store::of_user(tx.conn, user)? {
        let Some(membership) = store::find(tx.conn, organization, user)? else { continue };
        if store::has_other_members(tx.conn, organization, user)? {
            keep_an_owner(membership.role, None, store::other_owners(tx.conn, organization, user)?)?;
        }
        store::delete(tx.conn, organization, user)?;
        let change = Change::new("membership.removed", user.0, membership.version + 1).of(organization);
        tx.record(&change.field("role", membership.role, ()))?;
    }
    Ok(())
}
