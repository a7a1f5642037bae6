//! The outbox table: rows wait here until their consumer has dealt with them.

use diesel::prelude::*;

use crate::db::schema::outbox;
use crate::db::{Conn, Database, DbError, Failure, Isolation, each};
use crate::kernel::clock::At;
use crate::kernel::id::{DeliveryId, EventId, ObjectId};

#[derive(Insertable)]
#[diesel(table_name = outbox, treat_none_as_default_value = false)]
pub(super) struct NewDelivery {
    pub id: DeliveryId,
    pub consumer: &'static str,
    pub event_id: EventId,
    pub event: &'static str,
    pub object_id: ObjectId,
    pub attempts: i32,
    pub available_at: At,
    pub created_at: At,
}

/// An event on its way to one consumer.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = outbox, check_for_backend(crate::db::MultiBackend))]
pub struct Delivery {
    /// This delivery.
    pub id: DeliveryId,
    /// The event, the same for all its deliveries.
    pub event_id: EventId,
    /// The event's name.
    pub event: String,
    /// The object the event happened to.
    pub object_id: ObjectId,
    /// How often delivering has failed.
    pub attempts: i32,
}

pub(super) fn add(conn: &mut Conn, deliveries: &[NewDelivery]) -> Result<(), DbError> {
    if !deliveries.is_empty() {
        each!(conn, conn => diesel::insert_into(outbox::table).values(deliveries).execute(conn))?;
    }
    Ok(())
}

#[diesel::dsl::auto_type]
fn waiting<'a>(consumer: &'a str, now: At, limit: i64) -> _ {
    let ids: diesel::dsl::Select<outbox::table, outbox::id> = outbox::table.select(outbox::id);
    ids.filter(outbox::dead_at.is_null())
        .filter(outbox::consumer.eq(consumer))
        .filter(outbox::available_at.le(now))
        .order((outbox::available_at, outbox::id))
        .limit(limit)
}

/// Takes up to `limit` deliveries for `consumer`. On PostgreSQL, where several servers share the queue, they are hidden
/// from the others for `lease_seconds`; SQLite has one server.
pub(super) fn claim(
    database: &Database,
    consumer: &'static str,
    now: At,
    lease_seconds: i64,
    limit: i64,
) -> Result<Vec<Delivery>, Failure> {
    let load = |conn: &mut Conn, ids: Vec<DeliveryId>| -> Result<Vec<Delivery>, Failure> {
        Ok(outbox::table.filter(outbox::id.eq_any(ids)).order(outbox::id).select(Delivery::as_select()).load(conn)?)
    };
    if database.engine() == crate::db::Engine::Sqlite {
        return database.read(|conn| {
            let ids: Vec<DeliveryId> = waiting(consumer, now, limit).load(conn)?;
            load(conn, ids)
        });
    }
    database.write(Isolation::ReadCommitted, move |conn| {
        let ids: Vec<DeliveryId> = match conn {
            Conn::Pg(pg) => waiting(consumer, now, limit).for_update().skip_locked().load(pg)?,
            Conn::Sqlite(sqlite) => waiting(consumer, now, limit).load(sqlite)?,
        };
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        diesel::update(outbox::table.filter(outbox::id.eq_any(&ids)))
            .set(outbox::available_at.eq(now.plus_seconds(lease_seconds)))
            .execute(conn)?;
        load(conn, ids)
    })
}

/// What became of a delivery that failed.
#[derive(Clone, Debug)]
pub(super) struct Setback {
    pub id: DeliveryId,
    pub error: String,
    /// When to try again; never, if `None`.
    pub retry_at: Option<At>,
}

/// Removes what is delivered and puts back what failed.
pub(super) fn settle(
    database: &Database,
    now: At,
    delivered: Vec<DeliveryId>,
    setbacks: Vec<Setback>,
) -> Result<(), Failure> {
    database.write(Isolation::ReadCommitted, move |conn| {
        for ids in delivered.chunks(500) {
            diesel::delete(outbox::table.filter(outbox::id.eq_any(ids))).execute(conn)?;
        }
        for setback in &setbacks {
            diesel::update(outbox::table.find(setback.id))
                .set((
                    outbox::attempts.eq(outbox::attempts + 1),
                    outbox::last_error.eq(&setback.error),
                    outbox::available_at.eq(setback.retry_at.unwrap_or(now)),
                    outbox::dead_at.eq(setback.retry_at.is_none().then_some(now)),
                ))
                .execute(conn)?;
        }
        Ok(())
    })
}

/// Whether an event of this name waits for any consumer.
///
/// # Errors
/// The database's failure.
pub fn is_waiting(conn: &mut Conn, event: &str) -> Result<bool, DbError> {
    let waiting =
        outbox::table.filter(outbox::event.eq(event)).filter(outbox::dead_at.is_null()).select(outbox::attempts);
    Ok(waiting.first::<i32>(conn).optional()?.is_some())
}

/// Deliveries waiting and deliveries given up, by consumer; for the metrics.
///
/// # Errors
/// The database's failure.
pub fn backlog(conn: &mut Conn) -> Result<Vec<(String, i64, i64)>, DbError> {
    use diesel::dsl::count_star;
    let count = |conn: &mut Conn, dead: bool| -> Result<Vec<(String, i64)>, DbError> {
        let rows = outbox::table.group_by(outbox::consumer).select((outbox::consumer, count_star()));
        Ok(if dead {
            rows.filter(outbox::dead_at.is_not_null()).load(conn)?
        } else {
            rows.filter(outbox::dead_at.is_null()).load(conn)?
        })
    };
    let dead = count(conn, true)?;
    let mut all: Vec<_> = count(conn, false)?.into_iter().map(|(consumer, waiting)| (consumer, waiting, 0)).collect();
    for (consumer, given_up) in dead {
        match all.iter_mut().find(|row| row.0 == consumer) {
            Some(row) => row.2 = given_up,
            None => all.push((consumer, 0, given_up)),
        }
    }
    Ok(all)
}

/// Since when the oldest delivery to a consumer waits, if it was queued before an instant, and why it failed last.
///
/// # Errors
/// The database's failure.
pub fn overdue(conn: &mut Conn, consumer: &str, before: At) -> Result<Option<(At, Option<String>)>, DbError> {
    let waiting = outbox::table.filter(outbox::consumer.eq(consumer)).filter(outbox::dead_at.is_null());
    let oldest = waiting.filter(outbox::created_at.lt(before)).order(outbox::created_at);
    Ok(oldest.select((outbox::created_at, outbox::last_error)).first(conn).optional()?)
}

/// Why the newest delivery to a consumer that was given up failed.
///
/// # Errors
/// The database's failure.
pub fn last_given_up(conn: &mut Conn, consumer: &str) -> Result<Option<String>, DbError> {
    let dead = outbox::table.filter(outbox::consumer.eq(consumer)).filter(outbox::dead_at.is_not_null());
    let error: Option<Option<String>> =
        dead.order(outbox::id.desc()).select(outbox::last_error).first(conn).optional()?;
    Ok(error.flatten())
}
