//! A membership: the row, and the rule that an organisation never loses its last owner.

use diesel::prelude::*;

use crate::db::MultiBackend;
use crate::db::schema::memberships;
use crate::kernel::access::Role;
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::id::{OrganizationId, UserId};
use crate::kernel::problem::Problem;

/// Somebody's place in an organisation.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = memberships, check_for_backend(MultiBackend))]
pub struct MembershipRow {
    /// The organisation.
    pub organization_id: OrganizationId,
    /// The person.
    pub user_id: UserId,
    /// The person's role.
    pub role: Role,
    /// Since when.
    pub created_at: At,
    /// When the role was last changed.
    pub updated_at: At,
    /// Counts changes.
    pub version: i64,
}

/// Checks that somebody with the role `held` may get the role `next`, or leave (`None`), where there are `other_owners`
/// besides.
///
/// # Errors
/// `last_owner`.
pub fn keep_an_owner(held: Role, next: Option<Role>, other_owners: i64) -> Result<(), Problem> {
    if held == Role::Owner && next != Some(Role::Owner) && other_owners == 0 {
        Err(Code::LastOwner.into())
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_owner_stays() {
        for (held, next, others, allowed) in [
            (Role::Owner, None, 0, false),
            (Role::Owner, Some(Role::Editor), 0, false),
            (Role::Owner, Some(Role::Viewer), 0, false),
            (Role::Owner, Some(Role::Owner), 0, true),
            (Role::Owner, None, 1, true),
            (Role::Owner, Some(Role::Viewer), 1, true),
            (Role::Editor, None, 0, true),
            (Role::Viewer, Some(Role::Owner), 0, true),
        ] {
            assert_eq!(keep_an_owner(held, next, others).is_ok(), allowed, "{held} {next:?} {others}");
        }
    }
}
