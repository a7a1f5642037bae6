//! What a person did, and what was done to their account, read back from the audit log.

use diesel::prelude::*;
use serde::Serialize;
use serde_json::Value;

use crate::db::schema::audit_log;
use crate::db::types::Json;
use crate::db::{Conn, DbError};
use crate::kernel::clock::At;
use crate::kernel::id::{ApiKeyId, EventId, ObjectId, OrganizationId, UserId};

/// An entry of the audit log, for the person who caused it.
#[derive(Clone, Debug, Serialize)]
pub struct Deed {
    /// Identifier.
    pub id: EventId,
    /// When.
    pub at: At,
    /// What happened.
    pub event: String,
    /// To what.
    pub object_id: ObjectId,
    /// For which organisation.
    pub organization_id: Option<OrganizationId>,
    /// By which API key, where it was not the person in a session.
    pub api_key_id: Option<ApiKeyId>,
    /// From where.
    pub address: String,
    /// The fields that changed, before and after. Only what is the person's own: what was written for an organisation belongs
    /// to it, and the person may have left.
    pub changes: Option<Value>,
}

/// The latest `limit` entries that a person caused, the newest first.
///
/// # Errors
/// The database's failure.
pub fn deeds_of(conn: &mut Conn, user: UserId, limit: i64) -> Result<Vec<Deed>, DbError> {
    type Row = (EventId, At, String, ObjectId, Option<OrganizationId>, Option<ApiKeyId>, String, Json<Value>);
    let rows: Vec<Row> = audit_log::table
        .filter(audit_log::actor_id.eq(user))
        .order(audit_log::id.desc())
        .limit(limit)
        .select((
            audit_log::id,
            audit_log::at,
            audit_log::event,
            audit_log::object_id,
            audit_log::organization_id,
            audit_log::api_key_id,
            audit_log::address,
            audit_log::changes,
        ))
        .load(conn)?;
    let deed = |(id, at, event, object_id, organization_id, api_key_id, address, changes): Row| Deed {
        id,
        at,
        event,
        object_id,
        organization_id,
        api_key_id,
        address,
        changes: organization_id.is_none().then_some(changes.0),
    };
    Ok(rows.into_iter().map(deed).collect())
}

/// An entry of the audit log about an account that its owner did not cause: neither by whom, nor from where.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// When.
    pub at: At,
    /// What happened.
    pub event: String,
    /// In which organisation.
    pub organization_id: Option<OrganizationId>,
    /// The fields that changed, before and after.
    pub changes: Value,
}

/// The latest `limit` entries about a person's account and memberships that somebody else caused, or nobody who was signed
/// in, the newest first.
///
/// # Errors
/// The database's failure.
pub fn entries_about(conn: &mut Conn, user: UserId, limit: i64) -> Result<Vec<Entry>, DbError> {
    type Row = (At, String, Option<OrganizationId>, Json<Value>);
    let others = audit_log::actor_id.is_null().or(audit_log::actor_id.ne(user).assume_not_null());
    let rows: Vec<Row> = audit_log::table
        .filter(audit_log::object_id.eq(ObjectId(user.0)))
        .filter(others)
        .order(audit_log::id.desc())
        .limit(limit)
        .select((audit_log::at, audit_log::event, audit_log::organization_id, audit_log::changes))
        .load(conn)?;
    let entry = |(at, event, organization_id, changes): Row| Entry { at, event, organization_id, changes: changes.0 };
    Ok(rows.into_iter().map(entry).collect())
}
