//! The table `approaches`. What is read for somebody names the organisations they belong to.

use diesel::prelude::*;

use super::approach::{Approach, ApproachKind};
use super::life::ApproachStatus;
use super::list::{ApproachesQuery, Direction};
use crate::db::schema::approaches;
use crate::db::sql::after;
use crate::db::{Conn, DbError, Failure, MultiBackend};
use crate::kernel::clock::At;
use crate::kernel::id::{ApproachId, OrganizationId, UserId};

/// The approach, whoever may see it.
pub fn find(conn: &mut Conn, id: ApproachId) -> Result<Option<Approach>, DbError> {
    Ok(approaches::table.find(id).select(Approach::as_select()).first(conn).optional()?)
}

/// The approach, if it comes from or goes to one of these organisations.
pub fn find_for(conn: &mut Conn, readers: &[OrganizationId], id: ApproachId) -> Result<Option<Approach>, DbError> {
    let own = approaches::sender_id.eq_any(readers).or(approaches::receiver_id.eq_any(readers));
    Ok(approaches::table.find(id).filter(own).select(Approach::as_select()).first(conn).optional()?)
}

/// A page of what an organisation sent or received, the latest first, and one more if there is more.
pub fn list(conn: &mut Conn, organization: OrganizationId, query: &ApproachesQuery) -> Result<Vec<Approach>, Failure> {
    let mut rows = approaches::table
        .order((approaches::created_at.desc(), approaches::id.desc()))
        .limit(query.limit.probe())
        .select(Approach::as_select())
        .into_boxed::<MultiBackend>();
    rows = match query.direction {
        Direction::Sent => rows.filter(approaches::sender_id.eq(organization)),
        Direction::Received => rows.filter(approaches::receiver_id.eq(organization)),
    };
    if let Some(kind) = query.kind {
        rows = rows.filter(approaches::kind.eq(kind));
    }
    if let Some(status) = query.status {
        rows = rows.filter(approaches::status.eq(status));
    }
    if let Some(cursor) = &query.cursor {
        let at: At = cursor.key_for(ApproachesQuery::SORT)?;
        rows = rows.filter(after(approaches::created_at, approaches::id, at, ApproachId(cursor.id), true));
    }
    Ok(rows.load(conn)?)
}

/// When the organisation sent the `nth` latest of its approaches.
pub fn nth_latest(conn: &mut Conn, sender: OrganizationId, nth: u32) -> Result<Option<At>, DbError> {
    Ok(approaches::table
        .filter(approaches::sender_id.eq(sender))
        .order(approaches::created_at.desc())
        .offset(i64::from(nth) - 1)
        .limit(1)
        .select(approaches::created_at)
        .first(conn)
        .optional()?)
}

/// Those that wait for an answer until `until` at the latest, and whose receiver has or has not been reminded.
pub fn running_out(conn: &mut Conn, until: At, reminded: bool, limit: i64) -> Result<Vec<Approach>, DbError> {
    let rows = approaches::table
        .filter(approaches::status.eq_any([ApproachStatus::Sent, ApproachStatus::Acknowledged]))
        .filter(approaches::answer_by.le(until))
        .order((approaches::answer_by, approaches::id))
        .limit(limit)
        .select(Approach::as_select())
        .into_boxed::<MultiBackend>();
    Ok(if reminded {
        rows.filter(approaches::reminded_at.is_not_null()).load(conn)?
    } else {
        rows.filter(approaches::reminded_at.is_null()).load(conn)?
    })
}

/// What a person sent or answered: identifier, kind, time, and whether it was sent.
pub fn of_person(conn: &mut Conn, user: UserId) -> Result<Vec<(ApproachId, ApproachKind, At, bool)>, DbError> {
    type Row = (ApproachId, ApproachKind, At, UserId);
    let rows: Vec<Row> = approaches::table
        .filter(approaches::sent_by.eq(user).or(approaches::answered_by.eq(user).assume_not_null()))
        .order(approaches::id)
        .select((approaches::id, approaches::kind, approaches::created_at, approaches::sent_by))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, kind, at, sent_by)| (id, kind, at, sent_by == user)).collect())
}

/// Keeps a new approach.
pub fn insert(conn: &mut Conn, approach: &Approach) -> Result<(), DbError> {
    diesel::insert_into(approaches::table).values(approach).execute(conn)?;
    Ok(())
}

/// Writes `next` over the row at the version before; `false` when the row has changed in the meantime.
pub fn save(conn: &mut Conn, next: &Approach) -> Result<bool, DbError> {
    let row = approaches::table.filter(approaches::id.eq(next.id)).filter(approaches::version.eq(next.version - 1));
    let written = diesel::update(row)
        .set((
            approaches::status.eq(next.status),
            approaches::reason.eq(next.reason),
            approaches::note.eq(&next.note),
            approaches::answer_by.eq(next.answer_by),
            approaches::reminded_at.eq(next.reminded_at),
            approaches::ended_at.eq(next.ended_at),
            approaches::answered_by.eq(next.answered_by),
            approaches::version.eq(next.version),
            approaches::updated_at.eq(next.updated_at),
            approaches::negotiation_id.eq(next.negotiation_id),
        ))
        .execute(conn)?;
    Ok(written == 1)
}
