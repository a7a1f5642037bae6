//! The tables `negotiations`, `negotiation_events` and `negotiation_reads`. What is read for somebody names the organisations
//! they belong to; whoever reads events has shown first that they may.

use diesel::dsl::count_star;
use diesel::prelude::*;
use serde_json::Value;

use super::event::{Event, canonical};
use super::list::NegotiationsQuery;
use super::negotiation::Negotiation;
use crate::db::schema::{negotiation_events as events, negotiation_reads as reads, negotiations, users};
use crate::db::sql::after;
use crate::db::{Both, Conn, DbError, Failure, MultiBackend};
use crate::kernel::clock::At;
use crate::kernel::id::{NegotiationId, OrganizationId, UserId};

/// The negotiation, whoever may see it.
pub fn find(conn: &mut Conn, id: NegotiationId) -> Result<Option<Negotiation>, DbError> {
    Ok(negotiations::table.find(id).select(Negotiation::as_select()).first(conn).optional()?)
}

/// The negotiation, if one of these organisations is a side of it.
pub fn find_for(
    conn: &mut Conn,
    readers: &[OrganizationId],
    id: NegotiationId,
) -> Result<Option<Negotiation>, DbError> {
    let own = negotiations::transferor_id.eq_any(readers).or(negotiations::transferee_id.eq_any(readers));
    Ok(negotiations::table.find(id).filter(own).select(Negotiation::as_select()).first(conn).optional()?)
}

/// A page of an organisation's negotiations, those in which something happened last first, and one more if there is more.
pub fn list(
    conn: &mut Conn,
    organization: OrganizationId,
    query: &NegotiationsQuery,
) -> Result<Vec<Negotiation>, Failure> {
    let own = negotiations::transferor_id.eq(organization).or(negotiations::transferee_id.eq(organization));
    let mut rows = negotiations::table
        .filter(own)
        .order((negotiations::updated_at.desc(), negotiations::id.desc()))
        .limit(query.limit.probe())
        .select(Negotiation::as_select())
        .into_boxed::<MultiBackend>();
    if let Some(status) = query.status {
        rows = rows.filter(negotiations::status.eq(status));
    }
    if let Some(cursor) = &query.cursor {
        let at: At = cursor.key_for(NegotiationsQuery::SORT)?;
        rows = rows.filter(after(negotiations::updated_at, negotiations::id, at, NegotiationId(cursor.id), true));
    }
    Ok(rows.load(conn)?)
}

/// Keeps a new negotiation.
pub fn insert(conn: &mut Conn, negotiation: &Negotiation) -> Result<(), DbError> {
    diesel::insert_into(negotiations::table).values(negotiation).execute(conn)?;
    Ok(())
}

/// Writes another status over the row at the version before; `false` when the row has changed in the meantime.
pub fn save(conn: &mut Conn, next: &Negotiation) -> Result<bool, DbError> {
    let row =
        negotiations::table.filter(negotiations::id.eq(next.id)).filter(negotiations::version.eq(next.version - 1));
    let written = diesel::update(row)
        .set((negotiations::status.eq(next.status), negotiations::version.eq(next.version)))
        .execute(conn)?;
    Ok(written == 1)
}

/// Puts an event behind the one that was the last.
///
/// # Errors
/// A conflict when another one has been put there in the meantime.
pub fn append(conn: &mut Conn, event: &Event) -> Result<(), DbError> {
    let head = negotiations::table
        .filter(negotiations::id.eq(event.negotiation_id))
        .filter(negotiations::head_seq.eq(event.seq - 1));
    let moved = diesel::update(head)
        .set((
            negotiations::head_seq.eq(event.seq),
            negotiations::head_hash.eq(&event.hash),
            negotiations::updated_at.eq(event.at),
        ))
        .execute(conn)?;
    if moved != 1 {
        return Err(DbError::Conflict("another event came first".into()));
    }
    let data = canonical(&event.data).map_err(|error| DbError::Broken(error.to_string()))?;
    diesel::insert_into(events::table)
        .values((
            events::negotiation_id.eq(event.negotiation_id),
            events::seq.eq(event.seq),
            events::at.eq(event.at),
            events::kind.eq(&event.kind),
            events::user_id.eq(event.user_id),
            events::organization_id.eq(event.organization_id),
            events::data.eq(data),
            events::previous_hash.eq(&event.previous_hash),
            events::hash.eq(&event.hash),
        ))
        .execute(conn)?;
    Ok(())
}

/// An event as it is kept, with the name of who did it.
type Row =
    (NegotiationId, i64, At, String, Option<UserId>, Option<OrganizationId>, String, String, String, Option<String>);

/// Text that is not what was written down, byte for byte, is shown as text, so that its hash does not match.
fn event(row: Row) -> (Event, Option<String>) {
    let (negotiation_id, seq, at, kind, user_id, organization_id, text, previous_hash, hash, name) = row;
    let parsed = serde_json::from_str(&text).ok();
    let data = parsed.filter(|data| canonical(data).is_ok_and(|canonical| canonical == text));
    let data = data.unwrap_or(Value::String(text));
    (Event { negotiation_id, seq, at, kind, user_id, organization_id, data, previous_hash, hash }, name)
}

/// Up to `limit` events before the one with this number, the latest first.
pub fn events_before(
    conn: &mut Conn,
    id: NegotiationId,
    before: i64,
    limit: i64,
) -> Result<Vec<(Event, Option<String>)>, DbError> {
    let found: Vec<Row> = events::table
        .left_join(users::table)
        .filter(events::negotiation_id.eq(id))
        .filter(events::seq.lt(before))
        .order(events::seq.desc())
        .limit(limit)
        .select((
            events::negotiation_id,
            events::seq,
            events::at,
            events::kind,
            events::user_id,
            events::organization_id,
            events::data,
            events::previous_hash,
            events::hash,
            users::full_name.nullable(),
        ))
        .load(conn)?;
    Ok(found.into_iter().map(event).collect())
}

/// All events, in their order.
pub fn all_events(conn: &mut Conn, id: NegotiationId) -> Result<Vec<Event>, DbError> {
    let mut all = events_before(conn, id, i64::MAX, i64::MAX)?;
    all.reverse();
    Ok(all.into_iter().map(|(event, _)| event).collect())
}

/// How many events of each of these negotiations a person has not read, without what the person did; none named is none.
pub fn unread(conn: &mut Conn, user: UserId, ids: &[NegotiationId]) -> Result<Vec<(NegotiationId, i64)>, DbError> {
    let own = reads::negotiation_id.eq(events::negotiation_id).and(reads::user_id.eq(user));
    let read = reads::seq.nullable();
    Ok(events::table
        .left_join(reads::table.on(own))
        .filter(events::negotiation_id.eq_any(ids))
        .filter(read.is_null().or(read.lt(events::seq.nullable())))
        .filter(events::user_id.is_null().or(events::user_id.ne(user).assume_not_null()))
        .group_by(events::negotiation_id)
        .select((events::negotiation_id, count_star()))
        .load(conn)?)
}

/// Every mark of a person.
pub fn marks_of(conn: &mut Conn, user: UserId) -> Result<Vec<(NegotiationId, i64)>, DbError> {
    let marks = reads::table.filter(reads::user_id.eq(user)).order(reads::negotiation_id);
    Ok(marks.select((reads::negotiation_id, reads::seq)).load(conn)?)
}

/// Notes up to which event a person has read.
pub fn mark(conn: &mut Conn, user: UserId, id: NegotiationId, seq: i64) -> Result<(), DbError> {
    let values = (reads::negotiation_id.eq(id), reads::user_id.eq(user), reads::seq.eq(seq));
    let insert = diesel::insert_into(reads::table).values(values);
    Both(insert.on_conflict((reads::negotiation_id, reads::user_id)).do_update().set(reads::seq.eq(seq)))
        .execute(conn)?;
    Ok(())
}

/// Forgets what a person has read.
pub fn forget_marks(conn: &mut Conn, user: UserId) -> Result<(), DbError> {
    diesel::delete(reads::table.filter(reads::user_id.eq(user))).execute(conn)?;
    Ok(())
}
