//! SQL of the table `invitations`.

use diesel::prelude::*;

use super::invitation::{DAY, Invitation, InvitationStatus};
use crate::db::schema::{invitations, memberships, organizations, users};
use crate::db::sql::after;
use crate::db::{Conn, DbError, MultiBackend};
use crate::kernel::clock::At;
use crate::kernel::id::{InvitationId, OrganizationId, UserId};
use crate::kernel::locale::Locale;

pub(super) fn insert(conn: &mut Conn, invitation: &Invitation) -> Result<(), DbError> {
    diesel::insert_into(invitations::table).values(invitation).execute(conn)?;
    Ok(())
}

/// Writes `next` over the row at the version before; `false` when the row has changed in the meantime.
pub(super) fn save(conn: &mut Conn, next: &Invitation) -> Result<bool, DbError> {
    let row = invitations::table.filter(invitations::id.eq(next.id)).filter(invitations::version.eq(next.version - 1));
    let written = diesel::update(row)
        .set((
            invitations::status.eq(next.status),
            invitations::token_hash.eq(&next.token_hash),
            invitations::mails.eq(next.mails),
            invitations::mailed_at.eq(next.mailed_at),
            invitations::expires_at.eq(next.expires_at),
            invitations::ended_at.eq(next.ended_at),
            invitations::version.eq(next.version),
        ))
        .execute(conn)?;
    Ok(written == 1)
}

/// An invitation of this organisation.
pub(super) fn find(
    conn: &mut Conn,
    organization: OrganizationId,
    id: InvitationId,
) -> Result<Option<Invitation>, DbError> {
    Ok(invitations::table
        .filter(invitations::id.eq(id))
        .filter(invitations::organization_id.eq(organization))
        .select(Invitation::as_select())
        .first(conn)
        .optional()?)
}

/// The open invitation this token was mailed for, unless it has expired or the organisation was deactivated.
pub(super) fn find_by_token(conn: &mut Conn, hash: &str, now: At) -> Result<Option<Invitation>, DbError> {
    Ok(invitations::table
        .inner_join(organizations::table)
        .filter(organizations::deactivated_at.is_null())
        .filter(invitations::token_hash.eq(hash))
        .filter(invitations::status.eq(InvitationStatus::Pending))
        .filter(invitations::expires_at.gt(now))
        .select(Invitation::as_select())
        .first(conn)
        .optional()?)
}

/// The invitations of an organisation, the latest first.
pub(super) fn list(
    conn: &mut Conn,
    organization: OrganizationId,
    status: Option<InvitationStatus>,
    from: Option<(At, InvitationId)>,
    limit: i64,
) -> Result<Vec<Invitation>, DbError> {
    let mut query = invitations::table
        .filter(invitations::organization_id.eq(organization))
        .select(Invitation::as_select())
        .order((invitations::created_at.desc(), invitations::id.desc()))
        .limit(limit)
        .into_boxed();
    if let Some(status) = status {
        query = query.filter(invitations::status.eq(status));
    }
    if let Some((created_at, id)) = from {
        query = query.filter(after(invitations::created_at, invitations::id, created_at, id, true));
    }
    Ok(query.load(conn)?)
}

/// Every invitation to an address, the latest first, with the organisation's name.
pub(super) fn to_address(conn: &mut Conn, email: &str) -> Result<Vec<(Invitation, String)>, DbError> {
    Ok(invitations::table
        .inner_join(organizations::table)
        .filter(invitations::email.eq(email))
        .order((invitations::created_at.desc(), invitations::id.desc()))
        .select((Invitation::as_select(), organizations::name))
        .load(conn)?)
}

/// Puts something else in the place of an address.
pub(super) fn forget_address(conn: &mut Conn, email: &str, instead: &str) -> Result<(), DbError> {
    let those = invitations::table.filter(invitations::email.eq(email));
    diesel::update(those).set(invitations::email.eq(instead)).execute(conn)?;
    Ok(())
}

/// The invitations nobody has answered, of an organisation, by an inviter, or both.
pub(super) fn unanswered(
    conn: &mut Conn,
    organization: Option<OrganizationId>,
    inviter: Option<UserId>,
) -> Result<Vec<Invitation>, DbError> {
    let mut query = invitations::table
        .filter(invitations::status.eq(InvitationStatus::Pending))
        .order(invitations::id)
        .select(Invitation::as_select())
        .into_boxed::<MultiBackend>();
    if let Some(organization) = organization {
        query = query.filter(invitations::organization_id.eq(organization));
    }
    if let Some(inviter) = inviter {
        query = query.filter(invitations::invited_by.eq(inviter));
    }
    Ok(query.load(conn)?)
}

/// What the organisation had mailed within the day before `now`: for each invitation its mails and the time of the last.
pub(super) fn mailed_recently(
    conn: &mut Conn,
    organization: OrganizationId,
    now: At,
) -> Result<Vec<(i32, At)>, DbError> {
    Ok(invitations::table
        .filter(invitations::organization_id.eq(organization))
        .filter(invitations::mailed_at.gt(now.plus_seconds(-DAY)))
        .select((invitations::mails, invitations::mailed_at))
        .load(conn)?)
}

/// Whether somebody with this address is a member; one query whether or not there is such an account.
pub(super) fn is_member(conn: &mut Conn, organization: OrganizationId, email: &str) -> Result<bool, DbError> {
    let found: Option<UserId> = memberships::table
        .inner_join(users::table)
        .filter(memberships::organization_id.eq(organization))
        .filter(users::email.eq(email))
        .select(users::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// An open invitation with the organisation's name and the inviter's language.
pub(super) fn find_open(conn: &mut Conn, id: InvitationId) -> Result<Option<(Invitation, String, Locale)>, DbError> {
    Ok(invitations::table
        .inner_join(organizations::table)
        .inner_join(users::table)
        .filter(invitations::id.eq(id))
        .filter(invitations::status.eq(InvitationStatus::Pending))
        .select((Invitation::as_select(), organizations::name, users::locale))
        .first(conn)
        .optional()?)
}

/// Notes the hash of the token in the mail that is about to leave; `false` when the invitation is no longer open.
pub(super) fn set_token(conn: &mut Conn, id: InvitationId, hash: &str) -> Result<bool, DbError> {
    let open =
        invitations::table.filter(invitations::id.eq(id)).filter(invitations::status.eq(InvitationStatus::Pending));
    Ok(diesel::update(open).set(invitations::token_hash.eq(hash)).execute(conn)? == 1)
}

/// Removes invitations that ended or expired before `before`, and tells how many.
///
/// # Errors
/// The database's failure.
pub fn sweep(conn: &mut Conn, before: At) -> Result<usize, DbError> {
    let over = invitations::ended_at.lt(before).or(invitations::expires_at.lt(before).nullable());
    Ok(diesel::delete(invitations::table.filter(over)).execute(conn)?)
}
