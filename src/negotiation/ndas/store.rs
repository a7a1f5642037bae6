//! The tables `ndas` and `nda_templates`. What is read for somebody names the organisations they belong to.

use diesel::prelude::*;

use super::super::rooms::Negotiation;
use super::life::NdaStatus;
use super::nda::Nda;
use super::template::NdaTemplate;
use crate::db::schema::{nda_templates, ndas, negotiations};
use crate::db::{Conn, DbError};
use crate::kernel::clock::{At, Day};
use crate::kernel::id::{NdaId, NegotiationId, OrganizationId, UserId};

/// The agreement with its negotiation, whoever may see it.
pub fn find(conn: &mut Conn, id: NdaId) -> Result<Option<(Nda, Negotiation)>, DbError> {
    Ok(ndas::table
        .inner_join(negotiations::table)
        .filter(ndas::id.eq(id))
        .select((Nda::as_select(), Negotiation::as_select()))
        .first(conn)
        .optional()?)
}

/// The agreement with its negotiation, if one of these organisations is a side of that.
pub fn find_for(conn: &mut Conn, readers: &[OrganizationId], id: NdaId) -> Result<Option<(Nda, Negotiation)>, DbError> {
    let own = negotiations::transferor_id.eq_any(readers).or(negotiations::transferee_id.eq_any(readers));
    Ok(ndas::table
        .inner_join(negotiations::table)
        .filter(ndas::id.eq(id))
        .filter(own)
        .select((Nda::as_select(), Negotiation::as_select()))
        .first(conn)
        .optional()?)
}

/// The latest agreements of a negotiation, the latest first.
pub fn of_negotiation(conn: &mut Conn, id: NegotiationId) -> Result<Vec<Nda>, DbError> {
    let rows = ndas::table.filter(ndas::negotiation_id.eq(id)).order(ndas::id.desc()).limit(100);
    Ok(rows.select(Nda::as_select()).load(conn)?)
}

/// The agreement of a negotiation that stands in the way of another one.
pub fn live(conn: &mut Conn, id: NegotiationId) -> Result<Option<Nda>, DbError> {
    let rows = ndas::table.filter(ndas::negotiation_id.eq(id)).filter(ndas::status.eq_any(NdaStatus::LIVE));
    Ok(rows.select(Nda::as_select()).first(conn).optional()?)
}

/// Those in force whose time is over.
pub fn past(conn: &mut Conn, now: At, limit: i64) -> Result<Vec<(Nda, Negotiation)>, DbError> {
    Ok(ndas::table
        .inner_join(negotiations::table)
        .filter(ndas::status.eq(NdaStatus::InForce))
        .filter(ndas::expires_at.le(now))
        .order((ndas::expires_at, ndas::id))
        .limit(limit)
        .select((Nda::as_select(), Negotiation::as_select()))
        .load(conn)?)
}

/// What a person signed: identifier, and when.
pub fn signed_by(conn: &mut Conn, user: UserId) -> Result<Vec<(NdaId, Option<At>)>, DbError> {
    let first = ndas::table.filter(ndas::first_signatory.eq(user)).order(ndas::id);
    let mut signed: Vec<_> = first.select((ndas::id, ndas::first_signed_at)).load(conn)?;
    let second = ndas::table.filter(ndas::second_signatory.eq(user)).order(ndas::id);
    signed.extend(second.select((ndas::id, ndas::in_force_at)).load::<(NdaId, Option<At>)>(conn)?);
    Ok(signed)
}

/// Keeps a new agreement.
pub fn insert(conn: &mut Conn, nda: &Nda) -> Result<(), DbError> {
    diesel::insert_into(ndas::table).values(nda).execute(conn)?;
    Ok(())
}

/// Writes `next` over the row at the version before; `false` when the row has changed in the meantime.
pub fn save(conn: &mut Conn, next: &Nda) -> Result<bool, DbError> {
    let row = ndas::table.filter(ndas::id.eq(next.id)).filter(ndas::version.eq(next.version - 1));
    let written = diesel::update(row)
        .set((
            ndas::status.eq(next.status),
            ndas::first_side.eq(next.first_side),
            ndas::first_signatory.eq(next.first_signatory),
            ndas::first_signed_at.eq(next.first_signed_at),
            ndas::second_signatory.eq(next.second_signatory),
            ndas::in_force_at.eq(next.in_force_at),
            ndas::expires_at.eq(next.expires_at),
            ndas::ended_at.eq(next.ended_at),
            ndas::grant_id.eq(next.grant_id),
            ndas::version.eq(next.version),
            ndas::updated_at.eq(next.updated_at),
        ))
        .execute(conn)?;
    Ok(written == 1)
}

/// The version of each template that is in effect on a day, by name.
pub fn templates(conn: &mut Conn, today: Day) -> Result<Vec<NdaTemplate>, DbError> {
    let rows = nda_templates::table
        .filter(nda_templates::effective_from.le(today))
        .order((nda_templates::name, nda_templates::version.desc()))
        .select(NdaTemplate::as_select());
    let mut all: Vec<NdaTemplate> = rows.load(conn)?;
    all.dedup_by(|later, first| later.name == first.name);
    Ok(all)
}
