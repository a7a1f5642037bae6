//! The table `offers`. What is read for somebody names the organisations they belong to.

use diesel::prelude::*;

use super::super::rooms::Negotiation;
use super::life::OfferStatus;
use super::offer::Offer;
use crate::db::schema::{negotiations, offers};
use crate::db::{Conn, DbError};
use crate::kernel::clock::At;
use crate::kernel::id::{NegotiationId, OfferId, OrganizationId, UserId};

/// The offer with its negotiation, whoever may see it.
pub fn find(conn: &mut Conn, id: OfferId) -> Result<Option<(Offer, Negotiation)>, DbError> {
    Ok(offers::table
        .inner_join(negotiations::table)
        .filter(offers::id.eq(id))
        .select((Offer::as_select(), Negotiation::as_select()))
        .first(conn)
        .optional()?)
}

/// The offer with its negotiation, if one of these organisations is a side of that.
pub fn find_for(
    conn: &mut Conn,
    readers: &[OrganizationId],
    id: OfferId,
) -> Result<Option<(Offer, Negotiation)>, DbError> {
    let own = negotiations::transferor_id.eq_any(readers).or(negotiations::transferee_id.eq_any(readers));
    Ok(offers::table
        .inner_join(negotiations::table)
        .filter(offers::id.eq(id))
        .filter(own)
        .select((Offer::as_select(), Negotiation::as_select()))
        .first(conn)
        .optional()?)
}

/// The latest offers of a negotiation, the latest first.
pub fn of_negotiation(conn: &mut Conn, id: NegotiationId) -> Result<Vec<Offer>, DbError> {
    let rows = offers::table.filter(offers::negotiation_id.eq(id)).order(offers::number.desc()).limit(100);
    Ok(rows.select(Offer::as_select()).load(conn)?)
}

/// The last offer of a negotiation.
pub fn last(conn: &mut Conn, id: NegotiationId) -> Result<Option<Offer>, DbError> {
    let rows = offers::table.filter(offers::negotiation_id.eq(id)).order(offers::number.desc());
    Ok(rows.select(Offer::as_select()).first(conn).optional()?)
}

/// Offers on the table whose time is over.
pub fn past(conn: &mut Conn, now: At, limit: i64) -> Result<Vec<(Offer, NegotiationId)>, DbError> {
    Ok(offers::table
        .filter(offers::status.eq(OfferStatus::Proposed))
        .filter(offers::valid_until.le(now))
        .order((offers::valid_until, offers::id))
        .limit(limit)
        .select((Offer::as_select(), offers::negotiation_id))
        .load(conn)?)
}

/// What a person made or answered: identifier, when it was made, and whether it was made.
pub fn of_person(conn: &mut Conn, user: UserId) -> Result<Vec<(OfferId, At, bool)>, DbError> {
    let rows: Vec<(OfferId, At, UserId)> = offers::table
        .filter(offers::made_by.eq(user).or(offers::answered_by.eq(user).assume_not_null()))
        .order(offers::id)
        .select((offers::id, offers::created_at, offers::made_by))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, at, made_by)| (id, at, made_by == user)).collect())
}

/// Keeps a new offer.
pub fn insert(conn: &mut Conn, offer: &Offer) -> Result<(), DbError> {
    diesel::insert_into(offers::table).values(offer).execute(conn)?;
    Ok(())
}

/// Writes status and answer of `next` over the row at the version before; `false` when the row has changed in the meantime.
pub fn save(conn: &mut Conn, next: &Offer) -> Result<bool, DbError> {
    let row = offers::table.filter(offers::id.eq(next.id)).filter(offers::version.eq(next.version - 1));
    let written = diesel::update(row)
        .set((
            offers::status.eq(next.status),
            offers::reason.eq(&next.reason),
            offers::answered_by.eq(next.answered_by),
            offers::ended_at.eq(next.ended_at),
            offers::version.eq(next.version),
            offers::updated_at.eq(next.updated_at),
        ))
        .execute(conn)?;
    Ok(written == 1)
}
