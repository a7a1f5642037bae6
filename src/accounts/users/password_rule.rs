//! How long a person's password has to be.

use super::super::password::{SHORTEST, SHORTEST_ALONE};
use super::super::{memberships, second_factor};
use crate::db::{Conn, DbError};
use crate::kernel::access::{OrganizationKind, Role};
use crate::kernel::id::UserId;

/// The fewest characters of a person's password: more for an officer whose password is all that signs in.
pub(in crate::accounts) fn shortest_password(conn: &mut Conn, user: UserId) -> Result<usize, DbError> {
    let memberships = memberships::of_user(conn, user)?;
    let officer = memberships.iter().any(|m| m.2 == OrganizationKind::Authority && m.3 >= Role::Editor);
    Ok(if officer && !second_factor::is_on(conn, user)? { SHORTEST_ALONE } else { SHORTEST })
}
