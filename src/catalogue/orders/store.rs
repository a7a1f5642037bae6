//! The table `orders`. What a reader may see is part of every query.

use diesel::prelude::*;
use uuid::Uuid;

use super::order::{Order, OrderContent};
use super::view::OrderSummary;
use crate::accounts::OrganizationBrief;
use crate::catalogue::Status;
use crate::catalogue::completeness;
use crate::catalogue::feed::Visibility;
use crate::catalogue::item::{Content, Found, Origin, OwnQuery, QueueQuery};
use crate::catalogue::labels;
use crate::db::schema::{orders, organizations};
use crate::db::sql::{after, any_of};
use crate::db::types::Json;
use crate::db::{Conn, DbError, Failure, MultiBackend};
use crate::kernel::access::Reader;
use crate::kernel::clock::At;
use crate::kernel::id::{OrderId, OrganizationId};

/// What everybody may see: what is published, unless its organisation was taken out of the public.
#[diesel::dsl::auto_type]
pub(super) fn public() -> _ {
    let published: Status = Status::Published;
    orders::status.eq(published).and(organizations::deactivated_at.is_null())
}

/// Writes a new order with its labels.
pub fn insert(conn: &mut Conn, order: &Order, origin: Option<&Origin>) -> Result<(), DbError> {
    let public = order.content.public();
    let (budget_from, budget_to) = public.budget.bounds_vnd();
    let state = (
        orders::id.eq(order.id),
        orders::organization_id.eq(order.organization_id),
        orders::status.eq(order.status),
        orders::whole.eq(whole_of(order)),
        orders::version.eq(order.version),
        orders::created_at.eq(order.created_at),
        orders::updated_at.eq(order.updated_at),
        orders::submitted_at.eq(order.submitted_at),
        orders::published_at.eq(order.published_at),
        orders::expires_at.eq(order.expires_at),
        orders::warned_at.eq(order.warned_at),
        orders::last_confirmed_at.eq(order.last_confirmed_at),
        orders::open_for_interest.eq(order.open_for_interest),
        orders::budget_from.eq(budget_from),
        orders::budget_to.eq(budget_to),
        orders::completeness.eq(completeness(&order.content)),
    );
    let origin = (
        orders::source.eq(origin.map(|origin| &origin.source)),
        orders::external_id.eq(origin.map(|origin| &origin.external_id)),
    );
    diesel::insert_into(orders::table).values((state, &*public, origin)).execute(conn)?;
    labels::add(conn, order.id.0, &order.content.classified().labels())
}

/// All an order says, if not everybody may read it.
fn whole_of(order: &Order) -> Option<Json<OrderContent>> {
    (!order.content.registered_only.is_empty()).then(|| Json(order.content.clone()))
}

fn completeness(content: &OrderContent) -> i16 {
    completeness::of(&content.parts()).completeness.into()
}

/// An order with its organisation, which leaves this module only where the order does not hide it.
type Row = (Order, OrganizationBrief);

/// Whose an order is as everybody may know it.
fn shown((order, organization): Row) -> (Order, Option<OrganizationBrief>) {
    let organization = (!order.content.anonymous).then_some(organization);
    (order, organization)
}

/// Orders in a list as everybody may see them.
pub(super) fn veiled(rows: Vec<OrderSummary>) -> Vec<OrderSummary> {
    let veil = |row: OrderSummary| OrderSummary { organization: row.organization.filter(|_| !row.anonymous), ..row };
    rows.into_iter().map(veil).collect()
}

/// The order, if the reader may see it: everybody what is published, members what is their organisation's, officers
/// what has been submitted. Whose an anonymous one is comes along for its members and for officers only; visitors get no
/// order with what its owner keeps for registered readers.
pub fn find_for(conn: &mut Conn, reader: &Reader, id: OrderId) -> Result<Option<Found<Order>>, DbError> {
    let published = public();
    let query = orders::table
        .inner_join(organizations::table)
        .filter(orders::id.eq(id))
        .select((Order::as_select(), OrganizationBrief::as_select()));
    let row: Option<Row> = match &reader.0 {
        None => query.filter(published).first(conn).optional()?,
        Some(actor) => {
            let own = any_of(orders::organization_id, &actor.organizations());
            if actor.is_officer() {
                query.filter(published.or(own).or(orders::submitted_at.is_not_null())).first(conn).optional()?
            } else {
                query.filter(published.or(own)).first(conn).optional()?
            }
        }
    };
    let knows = |order: &Order| reader.is_officer() || reader.organizations().contains(&order.organization_id);
    let registered = reader.0.is_some();
    Ok(row.map(|row| {
        let (item, organization) = if knows(&row.0) { (row.0, Some(row.1)) } else { shown(row) };
        Found { item: if registered { item.in_full() } else { item.for_visitors() }, organization }
    }))
}

/// The order that was taken over from there.
pub fn find_by_origin(conn: &mut Conn, origin: &Origin) -> Result<Option<Order>, DbError> {
    let row: Option<Order> = orders::table
        .filter(orders::source.eq(&origin.source))
        .filter(orders::external_id.eq(&origin.external_id))
        .select(Order::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(Order::in_full))
}

/// Writes content and state if the order is still at the version before.
pub fn save(conn: &mut Conn, order: &Order) -> Result<bool, DbError> {
    let public = order.content.public();
    let (budget_from, budget_to) = public.budget.bounds_vnd();
    let changed = diesel::update(orders::table.find(order.id).filter(orders::version.eq(order.version - 1)))
        .set((
            &*public,
            orders::whole.eq(whole_of(order)),
            orders::budget_from.eq(budget_from),
            orders::budget_to.eq(budget_to),
            orders::completeness.eq(completeness(&order.content)),
            orders::status.eq(order.status),
            orders::version.eq(order.version),
            orders::updated_at.eq(order.updated_at),
            orders::submitted_at.eq(order.submitted_at),
            orders::published_at.eq(order.published_at),
            orders::expires_at.eq(order.expires_at),
            orders::warned_at.eq(order.warned_at),
            orders::last_confirmed_at.eq(order.last_confirmed_at),
            orders::open_for_interest.eq(order.open_for_interest),
        ))
        .execute(conn)?;
    labels::replace(conn, order.id.0, &order.content.classified().labels())?;
    Ok(changed == 1)
}

/// Removes one.
pub fn delete(conn: &mut Conn, id: OrderId) -> Result<(), DbError> {
    diesel::delete(orders::table.find(id)).execute(conn)?;
    Ok(())
}

/// A page of an organisation's own orders, and one more if there is more.
pub fn list_own(conn: &mut Conn, organization: OrganizationId, query: &OwnQuery) -> Result<Vec<OrderSummary>, Failure> {
    let mut rows = orders::table
        .inner_join(organizations::table)
        .filter(orders::organization_id.eq(organization))
        .select(OrderSummary::as_select())
        .into_boxed::<MultiBackend>();
    if let Some(status) = query.status {
        rows = rows.filter(orders::status.eq(status));
    }
    if let Some(c) = &query.cursor {
        rows =
            rows.filter(after(orders::updated_at, orders::id, c.key_for::<At>(OwnQuery::SORT)?, OrderId(c.id), true));
    }
    Ok(rows.order((orders::updated_at.desc(), orders::id.desc())).limit(query.limit.probe()).load(conn)?)
}

/// A page of what waits for a decision, and one more if there is more.
pub fn list_submitted(conn: &mut Conn, query: &QueueQuery) -> Result<Vec<OrderSummary>, Failure> {
    let mut rows = orders::table
        .inner_join(organizations::table)
        .filter(orders::status.eq(Status::Submitted))
        .select(OrderSummary::as_select())
        .into_boxed::<MultiBackend>();
    if let Some(c) = &query.cursor {
        let submitted_at = orders::submitted_at.assume_not_null();
        rows = rows.filter(after(submitted_at, orders::id, c.key_for::<At>(QueueQuery::SORT)?, OrderId(c.id), false));
    }
    Ok(rows.order((orders::submitted_at.asc(), orders::id.asc())).limit(query.limit.probe()).load(conn)?)
}

/// The published ones among these.
pub fn summaries(conn: &mut Conn, ids: &[OrderId]) -> Result<Vec<OrderSummary>, DbError> {
    let query = orders::table.inner_join(organizations::table).filter(any_of(orders::id, ids)).filter(public());
    Ok(veiled(query.select(OrderSummary::as_select()).load(conn)?))
}

/// The published ones among these, whole; for the search index.
pub fn published(conn: &mut Conn, ids: &[OrderId]) -> Result<Vec<(Order, Option<OrganizationBrief>)>, DbError> {
    let rows: Vec<Row> = orders::table
        .inner_join(organizations::table)
        .filter(any_of(orders::id, ids))
        .filter(public())
        .select((Order::as_select(), OrganizationBrief::as_select()))
        .load(conn)?;
    Ok(rows.into_iter().map(shown).collect())
}

/// The next published ones after an id, in the order of ids; for rebuilding the search index.
pub fn published_after(
    conn: &mut Conn,
    after: OrderId,
    limit: i64,
) -> Result<Vec<(Order, Option<OrganizationBrief>)>, DbError> {
    let rows: Vec<Row> = orders::table
        .inner_join(organizations::table)
        .filter(orders::id.gt(after))
        .filter(public())
        .order(orders::id)
        .limit(limit)
        .select((Order::as_select(), OrganizationBrief::as_select()))
        .load(conn)?;
    Ok(rows.into_iter().map(shown).collect())
}

/// How many everybody may see.
pub fn count_published(conn: &mut Conn) -> Result<i64, DbError> {
    Ok(orders::table.inner_join(organizations::table).filter(public()).count().get_result(conn)?)
}

/// Those published last, whole, newest first; for searching without the index.
pub fn newest(conn: &mut Conn, limit: i64) -> Result<Vec<(Order, Option<OrganizationBrief>)>, DbError> {
    let rows: Vec<Row> = orders::table
        .inner_join(organizations::table)
        .filter(public())
        .order((orders::published_at.desc(), orders::id.desc()))
        .limit(limit)
        .select((Order::as_select(), OrganizationBrief::as_select()))
        .load(conn)?;
    Ok(rows.into_iter().map(shown).collect())
}

/// The identifiers of an organisation's published orders, also while the organisation is out of the public.
pub fn published_of(conn: &mut Conn, organization: OrganizationId) -> Result<Vec<OrderId>, DbError> {
    Ok(orders::table
        .filter(orders::organization_id.eq(organization))
        .filter(orders::status.eq(Status::Published))
        .select(orders::id)
        .load(conn)?)
}

/// The same without the anonymous ones.
pub fn published_openly_by(conn: &mut Conn, organization: OrganizationId) -> Result<Vec<OrderId>, DbError> {
    Ok(orders::table
        .filter(orders::organization_id.eq(organization))
        .filter(orders::status.eq(Status::Published))
        .filter(orders::anonymous.eq(false))
        .select(orders::id)
        .load(conn)?)
}

/// The published anonymous ones that are not public because their organisations were deactivated.
pub fn hidden(conn: &mut Conn) -> Result<Vec<Uuid>, DbError> {
    let rows: Vec<OrderId> = orders::table
        .inner_join(organizations::table)
        .filter(orders::status.eq(Status::Published))
        .filter(orders::anonymous.eq(true))
        .filter(organizations::deactivated_at.is_not_null())
        .order(orders::id)
        .select(orders::id)
        .load(conn)?;
    Ok(rows.into_iter().map(|id| id.0).collect())
}

/// How these stand to the public now. That an anonymous one is gone because of its organisation would tell whose it was, so
/// it counts as withdrawn.
pub fn visibility(conn: &mut Conn, ids: &[OrderId]) -> Result<Vec<Visibility>, DbError> {
    let rows: Vec<(OrderId, Status, bool, Option<At>)> = orders::table
        .inner_join(organizations::table)
        .filter(any_of(orders::id, ids))
        .select((orders::id, orders::status, orders::anonymous, organizations::deactivated_at))
        .load(conn)?;
    let visibility = |(id, status, anonymous, deactivated): (OrderId, Status, bool, Option<At>)| {
        let hidden = deactivated.is_some();
        let status = if hidden && anonymous { Status::Withdrawn } else { status };
        Visibility { id: id.0, status, hidden }
    };
    Ok(rows.into_iter().map(visibility).collect())
}

/// How many of an organisation's orders everybody may see, and may know to be its.
pub fn count_public(conn: &mut Conn, organization: OrganizationId) -> Result<i64, DbError> {
    Ok(orders::table
        .inner_join(organizations::table)
        .filter(orders::organization_id.eq(organization))
        .filter(orders::anonymous.eq(false))
        .filter(public())
        .count()
        .get_result(conn)?)
}

/// Sets when published orders without an expiry run out; at most `limit`, and tells how many.
pub fn begin_terms(conn: &mut Conn, until: At, limit: i64) -> Result<usize, DbError> {
    let ids: Vec<OrderId> = orders::table
        .filter(orders::status.eq(Status::Published))
        .filter(orders::expires_at.is_null())
        .select(orders::id)
        .limit(limit)
        .load(conn)?;
    let these = orders::table.filter(any_of(orders::id, &ids));
    Ok(diesel::update(these).set(orders::expires_at.eq(until)).execute(conn)?)
}

/// Published orders that run out by `until`, of which a warning was or was not sent, the most urgent first.
pub fn running_out(conn: &mut Conn, until: At, warned: bool, limit: i64) -> Result<Vec<Order>, DbError> {
    let rows = orders::table
        .filter(orders::status.eq(Status::Published))
        .filter(orders::expires_at.le(until))
        .order((orders::expires_at, orders::id))
        .limit(limit)
        .into_boxed::<MultiBackend>();
    let rows = match warned {
        true => rows.filter(orders::warned_at.is_not_null()),
        false => rows.filter(orders::warned_at.is_null()),
    };
    Ok(rows.select(Order::as_select()).load(conn)?.into_iter().map(Order::in_full).collect())
}
