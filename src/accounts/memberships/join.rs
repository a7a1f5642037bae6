//! Becoming a member.

use super::membership::MembershipRow;
use super::store;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::kernel::access::Role;
use crate::kernel::id::{OrganizationId, UserId};

/// Makes somebody a member who is none.
pub(in crate::accounts) fn add(
    tx: &mut Tx<'_>,
    organization_id: OrganizationId,
    user_id: UserId,
    role: Role,
) -> Result<MembershipRow, Failure> {
    let row = MembershipRow::new(organization_id, user_id, role, tx.now);
    store::insert(tx.conn, &row)?;
    tx.record(&Change::new("membership.added", user_id.0, row.version).of(organization_id).field("role", (), role))?;
    Ok(row)
}
