//! SQL of the tables `public_changes` and `feed_head`.

use diesel::prelude::*;
use uuid::Uuid;

use super::entry::{Entry, Gone};
use crate::catalogue::item::Subject;
use crate::db::schema::{feed_head, public_changes};
use crate::db::sql::{after, any_of};
use crate::db::{Conn, DbError, each};
use crate::kernel::clock::At;
use crate::kernel::id::ObjectId;

/// Locks the head until the end of the transaction and gives a time later than any in the feed.
pub(super) fn advance(conn: &mut Conn, now: At) -> Result<At, DbError> {
    // The update comes first: it takes the lock.
    diesel::update(feed_head::table).set(feed_head::id.eq(1)).execute(conn)?;
    let last: At = feed_head::table.select(feed_head::changed_at).first(conn)?;
    let at = At::from_micros(now.micros().max(last.micros().saturating_add(1))).unwrap_or(now);
    diesel::update(feed_head::table).set(feed_head::changed_at.eq(at)).execute(conn)?;
    Ok(at)
}

#[derive(Insertable)]
#[diesel(table_name = public_changes)]
struct NewEntry {
    kind: Subject,
    item_id: ObjectId,
    changed_at: At,
}

/// Notes that these are public and became so, or changed, at a time.
pub(super) fn put(conn: &mut Conn, kind: Subject, ids: &[Uuid], at: At) -> Result<(), DbError> {
    let ids: Vec<_> = ids.iter().copied().map(ObjectId).collect();
    let of_kind = public_changes::table.filter(public_changes::kind.eq(kind));
    let known: Vec<ObjectId> =
        of_kind.filter(any_of(public_changes::item_id, &ids)).select(public_changes::item_id).load(conn)?;
    let rows =
        public_changes::table.filter(public_changes::kind.eq(kind)).filter(any_of(public_changes::item_id, &known));
    diesel::update(rows)
        .set((public_changes::changed_at.eq(at), public_changes::gone.eq(None::<Gone>)))
        .execute(conn)?;
    let fresh: Vec<_> = ids
        .into_iter()
        .filter(|id| !known.contains(id))
        .map(|item_id| NewEntry { kind, item_id, changed_at: at })
        .collect();
    if !fresh.is_empty() {
        each!(conn, conn => diesel::insert_into(public_changes::table).values(&fresh).execute(conn))?;
    }
    Ok(())
}

/// Notes why and when these ceased to be public, and tells how many did; what never was public, or ceased before, stays as it is.
pub(super) fn bury(conn: &mut Conn, kind: Subject, ids: &[Uuid], why: Gone, at: At) -> Result<usize, DbError> {
    if ids.is_empty() {
        return Ok(0);
    }
    let ids: Vec<_> = ids.iter().copied().map(ObjectId).collect();
    let rows = public_changes::table
        .filter(public_changes::kind.eq(kind))
        .filter(any_of(public_changes::item_id, &ids))
        .filter(public_changes::gone.is_null());
    Ok(diesel::update(rows).set((public_changes::changed_at.eq(at), public_changes::gone.eq(why))).execute(conn)?)
}

/// What of a kind is noted as withdrawn.
pub(super) fn withdrawn(conn: &mut Conn, kind: Subject) -> Result<Vec<Uuid>, DbError> {
    let rows: Vec<ObjectId> = public_changes::table
        .filter(public_changes::kind.eq(kind))
        .filter(public_changes::gone.eq(Gone::Withdrawn))
        .order(public_changes::item_id)
        .select(public_changes::item_id)
        .load(conn)?;
    Ok(rows.into_iter().map(|id| id.0).collect())
}

/// The entries of a kind after a time, and after a place among them, the oldest change first.
pub(super) fn entries(
    conn: &mut Conn,
    kind: Subject,
    since: At,
    from: Option<(At, ObjectId)>,
    limit: i64,
) -> Result<Vec<Entry>, DbError> {
    let mut query = public_changes::table
        .filter(public_changes::kind.eq(kind))
        .filter(public_changes::changed_at.gt(since))
        .order((public_changes::changed_at, public_changes::item_id))
        .limit(limit)
        .select(Entry::as_select())
        .into_boxed();
    if let Some((changed_at, id)) = from {
        query = query.filter(after(public_changes::changed_at, public_changes::item_id, changed_at, id, false));
    }
    Ok(query.load(conn)?)
}

/// Until when what is gone has been forgotten.
pub(super) fn forgotten_until(conn: &mut Conn) -> Result<At, DbError> {
    Ok(feed_head::table.select(feed_head::forgotten_until).first(conn)?)
}

/// Forgets what ceased to be public before a time, and tells how many items that were. Whoever has not asked since then has
/// to begin anew.
///
/// # Errors
/// The database's failure.
pub fn sweep(conn: &mut Conn, before: At) -> Result<usize, DbError> {
    let gone =
        public_changes::table.filter(public_changes::gone.is_not_null()).filter(public_changes::changed_at.lt(before));
    let forgotten = diesel::delete(gone).execute(conn)?;
    if forgotten > 0 {
        diesel::update(feed_head::table).set(feed_head::forgotten_until.eq(before)).execute(conn)?;
    }
    Ok(forgotten)
}

/// What is public of a kind after an identifier, in the order of identifiers, each with the time of its last change.
///
/// # Errors
/// The database's failure.
pub fn live_after(conn: &mut Conn, kind: Subject, after: Uuid, limit: i64) -> Result<Vec<(Uuid, At)>, DbError> {
    let rows: Vec<(ObjectId, At)> = public_changes::table
        .filter(public_changes::kind.eq(kind))
        .filter(public_changes::gone.is_null())
        .filter(public_changes::item_id.gt(ObjectId(after)))
        .order(public_changes::item_id)
        .limit(limit)
        .select((public_changes::item_id, public_changes::changed_at))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, at)| (id.0, at)).collect())
}

/// The identifier of the public item `count` places after an identifier, in the order of identifiers.
///
/// # Errors
/// The database's failure.
pub fn boundary(conn: &mut Conn, kind: Subject, after: Uuid, count: i64) -> Result<Option<Uuid>, DbError> {
    let id: Option<ObjectId> = public_changes::table
        .filter(public_changes::kind.eq(kind))
        .filter(public_changes::gone.is_null())
        .filter(public_changes::item_id.gt(ObjectId(after)))
        .order(public_changes::item_id)
        .offset(count - 1)
        .limit(1)
        .select(public_changes::item_id)
        .first(conn)
        .optional()?;
    Ok(id.map(|id| id.0))
}
