//! The table `saved_searches`. Every query names the owner.

use diesel::prelude::*;

use super::saved_search::{Alert, Finding, SavedSearch};
use crate::db::schema::saved_searches;
use crate::db::types::Json;
use crate::db::{Conn, DbError};
use crate::kernel::clock::At;
use crate::kernel::id::{SavedSearchId, UserId};

/// A page of a person's saved searches, the oldest first, and one more if there is more.
pub(super) fn list(
    conn: &mut Conn,
    owner: UserId,
    after: Option<SavedSearchId>,
    limit: i64,
) -> Result<Vec<SavedSearch>, DbError> {
    let mut rows = saved_searches::table
        .filter(saved_searches::user_id.eq(owner))
        .order(saved_searches::id)
        .limit(limit)
        .select(SavedSearch::as_select())
        .into_boxed();
    if let Some(after) = after {
        rows = rows.filter(saved_searches::id.gt(after));
    }
    Ok(rows.load(conn)?)
}

pub(super) fn find(conn: &mut Conn, owner: UserId, id: SavedSearchId) -> Result<Option<SavedSearch>, DbError> {
    let row = saved_searches::table.find(id).filter(saved_searches::user_id.eq(owner));
    Ok(row.select(SavedSearch::as_select()).first(conn).optional()?)
}

/// One of anybody, for telling its owner.
pub(super) fn find_any(conn: &mut Conn, id: SavedSearchId) -> Result<Option<SavedSearch>, DbError> {
    Ok(saved_searches::table.find(id).select(SavedSearch::as_select()).first(conn).optional()?)
}

/// Those whose owners are to be told of news again, the longest waiting first.
pub(super) fn due(conn: &mut Conn, now: At, limit: i64) -> Result<Vec<SavedSearch>, DbError> {
    let mut due = Vec::new();
    for (alert, period) in Alert::ALL.iter().filter_map(|alert| Some((*alert, alert.period()?))) {
        let rows = saved_searches::table
            .filter(saved_searches::alert.eq(alert))
            .filter(saved_searches::alerted_at.le(now.plus_seconds(-period)))
            .order(saved_searches::alerted_at)
            .limit(limit);
        due.extend(rows.select(SavedSearch::as_select()).load::<SavedSearch>(conn)?);
    }
    Ok(due)
}

/// Notes that the owner is told of these now; `false` when the alert was changed or told meanwhile. Where there is nothing
/// new, what was told last is kept.
pub(super) fn told(conn: &mut Conn, search: &SavedSearch, found: &[Finding], now: At) -> Result<bool, DbError> {
    let row = saved_searches::table
        .find(search.id)
        .filter(saved_searches::alerted_at.eq(search.alerted_at))
        .filter(saved_searches::alert.eq(search.alert));
    let found = if found.is_empty() { search.found.clone() } else { Json(found.to_vec()) };
    let written =
        diesel::update(row).set((saved_searches::alerted_at.eq(now), saved_searches::found.eq(found))).execute(conn)?;
    Ok(written == 1)
}

/// How many a person has.
pub(super) fn count(conn: &mut Conn, owner: UserId) -> Result<i64, DbError> {
    Ok(saved_searches::table.filter(saved_searches::user_id.eq(owner)).count().get_result(conn)?)
}

pub(super) fn insert(conn: &mut Conn, row: &SavedSearch) -> Result<(), DbError> {
    diesel::insert_into(saved_searches::table).values(row).execute(conn)?;
    Ok(())
}

/// Writes `next` over the row at the version before; `false` when the row has changed in the meantime.
pub(super) fn save(conn: &mut Conn, next: &SavedSearch) -> Result<bool, DbError> {
    let row = saved_searches::table.find(next.id).filter(saved_searches::version.eq(next.version - 1));
    let written = diesel::update(row)
        .set((
            saved_searches::name.eq(&next.name),
            saved_searches::query.eq(&next.query),
            saved_searches::alert.eq(next.alert),
            saved_searches::alerted_at.eq(next.alerted_at),
            saved_searches::version.eq(next.version),
            saved_searches::updated_at.eq(next.updated_at),
        ))
        .execute(conn)?;
    Ok(written == 1)
}

pub(super) fn delete(conn: &mut Conn, id: SavedSearchId) -> Result<(), DbError> {
    diesel::delete(saved_searches::table.find(id)).execute(conn)?;
    Ok(())
}

/// Deletes all of a person's.
pub(super) fn forget(conn: &mut Conn, owner: UserId) -> Result<(), DbError> {
    diesel::delete(saved_searches::table.filter(saved_searches::user_id.eq(owner))).execute(conn)?;
    Ok(())
}
