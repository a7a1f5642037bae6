//! SQL of the table `memberships`.

use diesel::prelude::*;

use super::super::users::User;
use super::membership::MembershipRow;
use crate::db::schema::{memberships, organizations, users};
use crate::db::sql::after;
use crate::db::{Conn, DbError};
use crate::kernel::access::{OrganizationKind, Role};
use crate::kernel::clock::At;
use crate::kernel::id::{OrganizationId, UserId};

/// A member with name and address.
pub(super) type Member = (MembershipRow, String, String);

/// The organisations a person belongs to, by name: identifier, name, kind and the person's role.
///
/// # Errors
/// The database's failure.
pub fn of_user(
    conn: &mut Conn,
    user: UserId,
) -> Result<Vec<(OrganizationId, String, OrganizationKind, Role)>, DbError> {
    Ok(memberships::table
        .inner_join(organizations::table)
        .filter(memberships::user_id.eq(user))
        .order((organizations::name_folded, organizations::id))
        .select((organizations::id, organizations::name, organizations::kind, memberships::role))
        .load(conn)?)
}

/// Every membership of a person, the longest first.
pub(super) fn all_of(conn: &mut Conn, user: UserId) -> Result<Vec<MembershipRow>, DbError> {
    Ok(memberships::table
        .filter(memberships::user_id.eq(user))
        .order((memberships::created_at, memberships::organization_id))
        .select(MembershipRow::as_select())
        .load(conn)?)
}

pub(in crate::accounts) fn find(
    conn: &mut Conn,
    organization: OrganizationId,
    user: UserId,
) -> Result<Option<MembershipRow>, DbError> {
    Ok(memberships::table.find((organization, user)).select(MembershipRow::as_select()).first(conn).optional()?)
}

pub(super) fn find_member(
    conn: &mut Conn,
    organization: OrganizationId,
    user: UserId,
) -> Result<Option<Member>, DbError> {
    Ok(memberships::table
        .inner_join(users::table)
        .filter(memberships::organization_id.eq(organization))
        .filter(memberships::user_id.eq(user))
        .select((MembershipRow::as_select(), users::full_name, users::email))
        .first(conn)
        .optional()?)
}

/// The members of an organisation, the longest there first.
pub(super) fn list(
    conn: &mut Conn,
    organization: OrganizationId,
    from: Option<(At, UserId)>,
    limit: i64,
) -> Result<Vec<Member>, DbError> {
    let mut query = memberships::table
        .inner_join(users::table)
        .filter(memberships::organization_id.eq(organization))
        .order((memberships::created_at, memberships::user_id))
        .select((MembershipRow::as_select(), users::full_name, users::email))
        .limit(limit)
        .into_boxed();
    if let Some((created_at, id)) = from {
        query = query.filter(after(memberships::created_at, memberships::user_id, created_at, id, false));
    }
    Ok(query.load(conn)?)
}

/// Whether an organisation has members besides this person.
pub(super) fn has_other_members(conn: &mut Conn, organization: OrganizationId, user: UserId) -> Result<bool, DbError> {
    let others = memberships::table
        .filter(memberships::organization_id.eq(organization))
        .filter(memberships::user_id.ne(user))
        .count()
        .get_result::<i64>(conn)?;
    Ok(others > 0)
}

/// How many owners whose account may be used an organisation has besides this person. The write transaction is serialisable,
/// so two owners who go at the same time cannot both rely on the other.
pub(super) fn other_owners(conn: &mut Conn, organization: OrganizationId, user: UserId) -> Result<i64, DbError> {
    Ok(memberships::table
        .inner_join(users::table)
        .filter(memberships::organization_id.eq(organization))
        .filter(memberships::role.eq(Role::Owner))
        .filter(memberships::user_id.ne(user))
        .filter(users::disabled_at.is_null())
        .count()
        .get_result(conn)?)
}

/// The owners of an organisation whose accounts are in use.
///
/// # Errors
/// The database's failure.
pub fn owners_of(conn: &mut Conn, organization: OrganizationId) -> Result<Vec<User>, DbError> {
    Ok(memberships::table
        .inner_join(users::table)
        .filter(memberships::organization_id.eq(organization))
        .filter(memberships::role.eq(Role::Owner))
        .filter(users::disabled_at.is_null())
        .order(memberships::user_id)
        .select(User::as_select())
        .load(conn)?)
}

pub(super) fn insert(conn: &mut Conn, row: &MembershipRow) -> Result<(), DbError> {
    diesel::insert_into(memberships::table).values(row).execute(conn)?;
    Ok(())
}

/// Writes `next` over the row at the version before; `false` when the row has changed in the meantime.
pub(super) fn save(conn: &mut Conn, next: &MembershipRow) -> Result<bool, DbError> {
    let row = memberships::table
        .filter(memberships::organization_id.eq(next.organization_id))
        .filter(memberships::user_id.eq(next.user_id))
        .filter(memberships::version.eq(next.version - 1));
    let written = diesel::update(row)
        .set((
            memberships::role.eq(next.role),
            memberships::version.eq(next.version),
            memberships::updated_at.eq(next.updated_at),
            memberships::signatory_basis.eq(next.signatory_basis),
            memberships::signatory_reference.eq(&next.signatory_reference),
            memberships::signatory_since.eq(next.signatory_since),
            memberships::signatory_until.eq(next.signatory_until),
        ))
        .execute(conn)?;
    Ok(written == 1)
}

pub(super) fn delete(conn: &mut Conn, organization: OrganizationId, user: UserId) -> Result<(), DbError> {
    diesel::delete(memberships::table.find((organization, user))).execute(conn)?;
    Ok(())
}
