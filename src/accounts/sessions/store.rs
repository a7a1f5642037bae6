//! SQL of the tables `sessions` and `refresh_tokens`.

use diesel::prelude::*;
use uuid::Uuid;

use super::session::{EndReason, Session, StoredToken};
use crate::db::schema::{memberships, organizations, refresh_tokens, sessions, users};
use crate::db::sql::after;
use crate::db::{Conn, DbError};
use crate::http::SessionRef;
use crate::kernel::access::{Actor, Means, Membership, OrganizationKind, Role, SignatoryBasis};
use crate::kernel::clock::{At, Day};
use crate::kernel::id::{OrganizationId, SessionId, UserId};

/// The person behind a live session of a usable account, with their memberships as they are now. The session is stepped up
/// for `step_up_seconds` after a second factor was proved in it.
///
/// # Errors
/// The database's failure.
pub fn actor(conn: &mut Conn, session: SessionRef, now: At, step_up_seconds: i64) -> Result<Option<Actor>, DbError> {
    type Signs = (Option<SignatoryBasis>, Option<Day>);
    type Row = (Option<At>, Option<OrganizationId>, Option<OrganizationKind>, Option<Role>, Signs);
    let rows: Vec<Row> = sessions::table
        .inner_join(users::table)
        .left_join(memberships::table.inner_join(organizations::table).on(memberships::user_id.eq(sessions::user_id)))
        .filter(sessions::id.eq(session.session_id))
        .filter(sessions::user_id.eq(session.user_id))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .filter(users::disabled_at.is_null())
        .filter(users::email_verified_at.is_not_null())
        .select((
            sessions::second_factor_at,
            memberships::organization_id.nullable(),
            organizations::kind.nullable(),
            memberships::role.nullable(),
            (memberships::signatory_basis.nullable(), memberships::signatory_until.nullable()),
        ))
        .load(conn)?;
    let Some((second_factor_at, ..)) = rows.first() else { return Ok(None) };
    let stepped_up = second_factor_at.is_some_and(|at| now < at.plus_seconds(step_up_seconds));
    let today = Day::in_vietnam(now);
    let membership = |row: Row| match row {
        (_, Some(organization_id), Some(kind), Some(role), (basis, until)) => {
            let signatory = basis.is_some() && until.is_none_or(|until| until >= today);
            Some(Membership { organization_id, kind, role, signatory })
        }
        _ => None,
    };
    Ok(Some(Actor {
        user_id: session.user_id,
        means: Means::Session { id: session.session_id, stepped_up },
        memberships: rows.into_iter().filter_map(membership).collect(),
    }))
}

pub(super) fn insert(conn: &mut Conn, session: &Session) -> Result<(), DbError> {
    diesel::insert_into(sessions::table).values(session).execute(conn)?;
    Ok(())
}

pub(super) fn insert_token(conn: &mut Conn, token: &StoredToken) -> Result<(), DbError> {
    diesel::insert_into(refresh_tokens::table).values(token).execute(conn)?;
    Ok(())
}

/// A refresh token with its session and whether the account may be used.
pub(super) fn find_by_token(conn: &mut Conn, hash: &str) -> Result<Option<(StoredToken, Session, bool)>, DbError> {
    type Row = (StoredToken, Session, Option<At>, Option<At>);
    let row: Option<Row> = refresh_tokens::table
        .inner_join(sessions::table.inner_join(users::table))
        .filter(refresh_tokens::token_hash.eq(hash))
        .select((StoredToken::as_select(), Session::as_select(), users::email_verified_at, users::disabled_at))
        .first(conn)
        .optional()?;
    Ok(row.map(|(token, session, verified, disabled)| (token, session, verified.is_some() && disabled.is_none())))
}

/// Whether a refresh token has been used.
pub(super) fn is_spent(conn: &mut Conn, hash: &str) -> Result<bool, DbError> {
    let spent_at: Option<Option<At>> =
        refresh_tokens::table.find(hash).select(refresh_tokens::spent_at).first(conn).optional()?;
    Ok(spent_at.flatten().is_some())
}

/// Days for which spent tokens are remembered, so that their use still ends the session; later ones are just refused.
const SPENT_KEPT_DAYS: i64 = 7;

/// Notes that a token is spent, stores its successor, and prolongs the session. `false` when somebody else was faster.
pub(super) fn rotate(conn: &mut Conn, spent: &str, next: &StoredToken, expires_at: At) -> Result<bool, DbError> {
    let now = next.created_at;
    let unspent =
        refresh_tokens::table.filter(refresh_tokens::token_hash.eq(spent)).filter(refresh_tokens::spent_at.is_null());
    if diesel::update(unspent).set(refresh_tokens::spent_at.eq(now)).execute(conn)? == 0 {
        return Ok(false);
    }
    insert_token(conn, next)?;
    let forgotten = refresh_tokens::table
        .filter(refresh_tokens::session_id.eq(next.session_id))
        .filter(refresh_tokens::spent_at.lt(now.plus_days(-SPENT_KEPT_DAYS)));
    diesel::delete(forgotten).execute(conn)?;
    diesel::update(sessions::table.find(next.session_id))
        .set((sessions::renewed_at.eq(now), sessions::expires_at.eq(expires_at)))
        .execute(conn)?;
    Ok(true)
}

/// Notes that a second factor was proved in a session.
pub(in crate::accounts) fn step_up(conn: &mut Conn, id: SessionId, now: At) -> Result<(), DbError> {
    diesel::update(sessions::table.find(id)).set(sessions::second_factor_at.eq(now)).execute(conn)?;
    Ok(())
}

/// Ends a person's live session; `false` if there is none with this identifier.
pub(super) fn end(conn: &mut Conn, user: UserId, id: SessionId, reason: EndReason, now: At) -> Result<bool, DbError> {
    let live = sessions::table
        .filter(sessions::id.eq(id))
        .filter(sessions::user_id.eq(user))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now));
    let ended =
        diesel::update(live).set((sessions::ended_at.eq(now), sessions::end_reason.eq(reason))).execute(conn)?;
    Ok(ended == 1)
}

/// Ends all live sessions of a person but one, and tells how many.
pub(in crate::accounts) fn end_all(
    conn: &mut Conn,
    user: UserId,
    but: Option<SessionId>,
    reason: EndReason,
    now: At,
) -> Result<usize, DbError> {
    // No session has the identifier nil.
    let live = sessions::table
        .filter(sessions::user_id.eq(user))
        .filter(sessions::id.ne(but.unwrap_or(SessionId(Uuid::nil()))))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now));
    Ok(diesel::update(live).set((sessions::ended_at.eq(now), sessions::end_reason.eq(reason))).execute(conn)?)
}

/// Forgets from which devices somebody signed in.
pub(super) fn forget_devices(conn: &mut Conn, user: UserId) -> Result<(), DbError> {
    let own = sessions::table.filter(sessions::user_id.eq(user));
    diesel::update(own).set((sessions::user_agent.eq(""), sessions::address.eq(""))).execute(conn)?;
    Ok(())
}

/// A person's live session.
pub(super) fn find_live(conn: &mut Conn, user: UserId, id: SessionId, now: At) -> Result<Option<Session>, DbError> {
    let session: Option<Session> = sessions::table
        .filter(sessions::id.eq(id))
        .filter(sessions::user_id.eq(user))
        .select(Session::as_select())
        .first(conn)
        .optional()?;
    Ok(session.filter(|session| session.is_live(now)))
}

/// A person's live sessions, the newest first, after the one with this time and identifier.
pub(super) fn list_live(
    conn: &mut Conn,
    user: UserId,
    from: Option<(At, SessionId)>,
    limit: i64,
    now: At,
) -> Result<Vec<Session>, DbError> {
    let mut query = sessions::table
        .filter(sessions::user_id.eq(user))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .select(Session::as_select())
        .order((sessions::created_at.desc(), sessions::id.desc()))
        .limit(limit)
        .into_boxed();
    if let Some((created_at, id)) = from {
        query = query.filter(after(sessions::created_at, sessions::id, created_at, id, true));
    }
    Ok(query.load(conn)?)
}

/// All sessions of a person, ended ones too, the newest first.
pub(super) fn list_all(conn: &mut Conn, user: UserId) -> Result<Vec<Session>, DbError> {
    let own = sessions::table.filter(sessions::user_id.eq(user));
    Ok(own.order((sessions::created_at.desc(), sessions::id.desc())).select(Session::as_select()).load(conn)?)
}

/// Removes sessions that ended or expired before `before`, with their refresh tokens, and tells how many sessions.
///
/// # Errors
/// The database's failure.
pub fn sweep(conn: &mut Conn, before: At) -> Result<usize, DbError> {
    let old = sessions::table.filter(sessions::ended_at.lt(before).or(sessions::expires_at.lt(before).nullable()));
    Ok(diesel::delete(old).execute(conn)?)
}
