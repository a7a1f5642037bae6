//! SQL of the table `api_keys`.

use diesel::prelude::*;
use std::collections::HashMap;

use super::key::{ApiKey, KeyRole};
use crate::db::schema::{api_keys, memberships, organizations, users};
use crate::db::sql::after;
use crate::db::{Conn, DbError};
use crate::kernel::access::{Actor, Means, Membership, OrganizationKind, Role};
use crate::kernel::clock::At;
use crate::kernel::id::{ApiKeyId, OrganizationId, UserId};

/// The machine behind a live key whose maker is in use as an owner of the organisation, while that is active.
pub(in crate::accounts) fn actor(conn: &mut Conn, hash: &str, now: At) -> Result<Option<Actor>, DbError> {
    type Row = (ApiKeyId, UserId, OrganizationId, OrganizationKind, KeyRole);
    let makers = memberships::organization_id.eq(api_keys::organization_id);
    let row: Option<Row> = api_keys::table
        .inner_join(organizations::table)
        .inner_join(users::table)
        .inner_join(memberships::table.on(makers.and(memberships::user_id.eq(api_keys::created_by))))
        .filter(api_keys::key_hash.eq(hash))
        .filter(api_keys::revoked_at.is_null())
        .filter(api_keys::expires_at.gt(now))
        .filter(memberships::role.eq(Role::Owner))
        .filter(organizations::deactivated_at.is_null())
        .filter(users::disabled_at.is_null())
        .filter(users::email_verified_at.is_not_null())
        .select((api_keys::id, api_keys::created_by, api_keys::organization_id, organizations::kind, api_keys::role))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, user_id, organization_id, kind, role)| Actor {
        user_id,
        means: Means::Key(id),
        memberships: vec![Membership { organization_id, kind, role: role.into(), signatory: false }],
    }))
}

pub(super) fn insert(conn: &mut Conn, key: &ApiKey) -> Result<(), DbError> {
    diesel::insert_into(api_keys::table).values(key).execute(conn)?;
    Ok(())
}

/// A key of an organisation, with its maker's name, unless it was revoked.
pub(super) fn find(
    conn: &mut Conn,
    organization: OrganizationId,
    id: ApiKeyId,
) -> Result<Option<(ApiKey, String)>, DbError> {
    Ok(api_keys::table
        .inner_join(users::table)
        .filter(api_keys::id.eq(id))
        .filter(api_keys::organization_id.eq(organization))
        .filter(api_keys::revoked_at.is_null())
        .select((ApiKey::as_select(), users::full_name))
        .first(conn)
        .optional()?)
}

/// The keys of an organisation that were not revoked, the newest first, with their makers' names.
pub(super) fn list(
    conn: &mut Conn,
    organization: OrganizationId,
    from: Option<(At, ApiKeyId)>,
    limit: i64,
) -> Result<Vec<(ApiKey, String)>, DbError> {
    let mut query = api_keys::table
        .inner_join(users::table)
        .filter(api_keys::organization_id.eq(organization))
        .filter(api_keys::revoked_at.is_null())
        .select((ApiKey::as_select(), users::full_name))
        .order((api_keys::created_at.desc(), api_keys::id.desc()))
        .limit(limit)
        .into_boxed();
    if let Some((created_at, id)) = from {
        query = query.filter(after(api_keys::created_at, api_keys::id, created_at, id, true));
    }
    Ok(query.load(conn)?)
}

/// The keys a person made, the newest first, with the person's name.
pub(super) fn made_by(conn: &mut Conn, user: UserId) -> Result<Vec<(ApiKey, String)>, DbError> {
    Ok(api_keys::table
        .inner_join(users::table)
        .filter(api_keys::created_by.eq(user))
        .select((ApiKey::as_select(), users::full_name))
        .order((api_keys::created_at.desc(), api_keys::id.desc()))
        .load(conn)?)
}

/// The keys of an organisation that a person made and nobody revoked.
pub(super) fn unrevoked_by(
    conn: &mut Conn,
    organization: OrganizationId,
    maker: UserId,
) -> Result<Vec<ApiKeyId>, DbError> {
    Ok(api_keys::table
        .filter(api_keys::created_by.eq(maker))
        .filter(api_keys::organization_id.eq(organization))
        .filter(api_keys::revoked_at.is_null())
        .order(api_keys::id)
        .select(api_keys::id)
        .load(conn)?)
}

/// How many keys an organisation has that still work.
pub(super) fn count_live(conn: &mut Conn, organization: OrganizationId, now: At) -> Result<i64, DbError> {
    Ok(api_keys::table
        .filter(api_keys::organization_id.eq(organization))
        .filter(api_keys::revoked_at.is_null())
        .filter(api_keys::expires_at.gt(now))
        .count()
        .get_result(conn)?)
}

pub(super) fn revoke(conn: &mut Conn, id: ApiKeyId, now: At) -> Result<(), DbError> {
    diesel::update(api_keys::table.find(id)).set(api_keys::revoked_at.eq(now)).execute(conn)?;
    Ok(())
}

/// Notes when keys were last used.
pub(in crate::accounts) fn note_uses(conn: &mut Conn, uses: &HashMap<ApiKeyId, At>) -> Result<usize, DbError> {
    let mut noted = 0;
    for (&id, &at) in uses {
        let earlier = api_keys::last_used_at.is_null().or(api_keys::last_used_at.lt(at).assume_not_null());
        noted += diesel::update(api_keys::table.find(id).filter(earlier))
            .set(api_keys::last_used_at.eq(at))
            .execute(conn)?;
    }
    Ok(noted)
}
