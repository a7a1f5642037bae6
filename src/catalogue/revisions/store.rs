//! The table `revisions`. The callers have checked that the reader may see them.

use diesel::prelude::*;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::revision::{Revision, Said};
use crate::catalogue::lifecycle::State;
use crate::db::schema::revisions;
use crate::db::types::Json;
use crate::db::{Conn, DbError, MultiBackend};
use crate::events::{Change, Tx};
use crate::kernel::id::ObjectId;

/// Keeps what an item says from `version` on; `fields` names what differs from before.
pub fn keep(
    tx: &mut Tx<'_>,
    item: Uuid,
    version: i64,
    content: &impl Serialize,
    fields: Vec<String>,
) -> Result<(), DbError> {
    let content = serde_json::to_value(content).map_err(|error| DbError::Broken(error.to_string()))?;
    diesel::insert_into(revisions::table)
        .values((
            revisions::item_id.eq(ObjectId(item)),
            revisions::version.eq(version),
            revisions::content.eq(Json(content)),
            revisions::fields.eq(Json(fields)),
            revisions::actor_id.eq(tx.actor()),
            revisions::created_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Keeps what an item said before it first changes, where there is no revision: it was drafted before there were any.
pub fn begin(tx: &mut Tx<'_>, item: Uuid, content: &impl Serialize, state: State) -> Result<(), DbError> {
    if !list(tx.conn, item, None, 1)?.is_empty() {
        return Ok(());
    }
    let content = serde_json::to_value(content).map_err(|error| DbError::Broken(error.to_string()))?;
    let all = Change::new("", item, state.version).between(None, &content).fields();
    diesel::insert_into(revisions::table)
        .values((
            revisions::item_id.eq(ObjectId(item)),
            revisions::version.eq(state.version),
            revisions::content.eq(Json(content)),
            revisions::fields.eq(Json(all)),
            revisions::created_at.eq(state.updated_at),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Forgets what an item that is removed has said.
pub fn forget(conn: &mut Conn, item: Uuid) -> Result<(), DbError> {
    diesel::delete(revisions::table.filter(revisions::item_id.eq(ObjectId(item)))).execute(conn)?;
    Ok(())
}

/// A page of an item's revisions, the latest first, and one more if there is more.
pub fn list(conn: &mut Conn, item: Uuid, before: Option<i64>, limit: i64) -> Result<Vec<Revision>, DbError> {
    let mut rows = revisions::table.filter(revisions::item_id.eq(ObjectId(item))).into_boxed::<MultiBackend>();
    if let Some(version) = before {
        rows = rows.filter(revisions::version.lt(version));
    }
    Ok(rows.order(revisions::version.desc()).limit(limit).select(Revision::as_select()).load(conn)?)
}

/// One revision with its content.
pub fn find(conn: &mut Conn, item: Uuid, version: i64) -> Result<Option<(Revision, Said)>, DbError> {
    let row: Option<(Revision, Json<Value>)> = revisions::table
        .find((ObjectId(item), version))
        .select((Revision::as_select(), revisions::content))
        .first(conn)
        .optional()?;
    Ok(row.map(|(revision, content)| (revision, content.0.as_object().cloned().unwrap_or_default())))
}

/// The version of the revision before this one.
pub fn before(conn: &mut Conn, item: Uuid, version: i64) -> Result<Option<i64>, DbError> {
    Ok(list(conn, item, Some(version), 1)?.first().map(|revision| revision.version))
}
