//! Leaving every organisation at once, when a person closes the account.

use super::super::organizations;
use super::membership::keep_an_owner;
use super::step_down::step_down;
use super::store;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::kernel::id::UserId;

/// Ends all memberships of a person. Who is the last owner among several members has to make somebody else an owner first;
/// an organisation of one person, of which nobody answers for anything any more, leaves the public.
///
/// # Errors
/// `last_owner`, or the database's failure.
pub(super) fn leave_all(tx: &mut Tx<'_>, user: UserId) -> Result<(), Failure> {
    for membership in store::all_of(tx.conn, user)? {
        let organization = membership.organization_id;
        let others = store::has_other_members(tx.conn, organization, user)?;
        if others {
            keep_an_owner(membership.role, None, store::other_owners(tx.conn, organization, user)?)?;
        }
        step_down(tx, organization, user)?;
        store::delete(tx.conn, organization, user)?;
        let change = Change::new("membership.removed", user.0, membership.version + 1).of(organization);
        tx.record(&change.field("role", membership.role, ()))?;
        if !others {
            organizations::abandon(tx, organization)?;
        }
    }
    Ok(())
}
