//! The table `orders`. What a reader may see is part of every query.

use diesel::prelude::*;

use super::list::{OrderSort, OrdersQuery};
use super::order::{Order, OrderContent};
use super::view::OrderSummary;
use crate::accounts::OrganizationBrief;
use crate::catalogue::Status;
use crate::catalogue::item::{Found, Origin, OwnQuery, QueueQuery};
use crate::catalogue::labels;
use crate::db::schema::{orders, organizations};
use crate::db::sql::after;
use crate::db::{Conn, DbError, Failure, MultiBackend};
use crate::kernel::access::Reader;
use crate::kernel::clock::At;
use crate::kernel::id::{OrderId, OrganizationId};

/// Writes a new order with its labels.
pub fn insert(conn: &mut Conn, order: &Order, origin: Option<&Origin>) -> Result<(), DbError> {
    let (budget_from, budget_to) = order.content.budget.bounds_vnd();
    let state = (
        orders::id.eq(order.id),
        orders::organization_id.eq(order.organization_id),
        orders::status.eq(order.status),
        orders::version.eq(order.version),
        orders::created_at.eq(order.created_at),
        orders::updated_at.eq(order.updated_at),
        orders::submitted_at.eq(order.submitted_at),
        orders::published_at.eq(order.published_at),
        orders::budget_from.eq(budget_from),
        orders::budget_to.eq(budget_to),
    );
    let origin = (
        orders::source.eq(origin.map(|origin| &origin.source)),
        orders::external_id.eq(origin.map(|origin| &origin.external_id)),
    );
    diesel::insert_into(orders::table).values((state, &order.content, origin)).execute(conn)?;
    labels::add(conn, order.id.0, &labels_of(&order.content))
}

fn labels_of(content: &OrderContent) -> Vec<(labels::Facet, String)> {
    labels::of(&content.cooperation_forms, &content.ipc)
}

/// The order, if the reader may see it: everybody what is published, members what is their organisation's, officers
/// what has been submitted.
pub fn find_for(conn: &mut Conn, reader: &Reader, id: OrderId) -> Result<Option<Found<Order>>, DbError> {
    let published = orders::status.eq(Status::Published);
    let query = orders::table
        .inner_join(organizations::table)
        .filter(orders::id.eq(id))
        .select((Order::as_select(), OrganizationBrief::as_select()));
    let row: Option<(Order, OrganizationBrief)> = match &reader.0 {
        None => query.filter(published).first(conn).optional()?,
        Some(actor) => {
            let own = orders::organization_id.eq_any(actor.organizations());
            if actor.is_officer() {
                query.filter(published.or(own).or(orders::submitted_at.is_not_null())).first(conn).optional()?
            } else {
                query.filter(published.or(own)).first(conn).optional()?
            }
        }
    };
    Ok(row.map(|(item, organization)| Found { item, organization }))
}

/// The order that was taken over from there.
pub fn find_by_origin(conn: &mut Conn, origin: &Origin) -> Result<Option<Order>, DbError> {
    Ok(orders::table
        .filter(orders::source.eq(&origin.source))
        .filter(orders::external_id.eq(&origin.external_id))
        .select(Order::as_select())
        .first(conn)
        .optional()?)
}

/// Writes content and state if the order is still at the version before.
pub fn save(conn: &mut Conn, order: &Order) -> Result<bool, DbError> {
    let (budget_from, budget_to) = order.content.budget.bounds_vnd();
    let changed = diesel::update(orders::table.find(order.id).filter(orders::version.eq(order.version - 1)))
        .set((
            &order.content,
            orders::budget_from.eq(budget_from),
            orders::budget_to.eq(budget_to),
            orders::status.eq(order.status),
            orders::version.eq(order.version),
            orders::updated_at.eq(order.updated_at),
            orders::submitted_at.eq(order.submitted_at),
            orders::published_at.eq(order.published_at),
        ))
        .execute(conn)?;
    labels::replace(conn, order.id.0, &labels_of(&order.content))?;
    Ok(changed == 1)
}

/// A page of the public list, and one more if there is more.
pub fn list_public(conn: &mut Conn, query: &OrdersQuery) -> Result<Vec<OrderSummary>, Failure> {
    let mut rows = orders::table
        .inner_join(organizations::table)
        .filter(orders::status.eq(Status::Published))
        .select(OrderSummary::as_select())
        .into_boxed::<MultiBackend>();
    if let Some(organization) = query.organization_id {
        rows = rows.filter(orders::organization_id.eq(organization));
    }
    if let Some(language) = query.language {
        rows = rows.filter(orders::language.eq(language));
    }
    match query.research_field.0.as_slice() {
        [] => {}
        [field] => rows = rows.filter(orders::research_field.eq(field.as_str())),
        fields => rows = rows.filter(orders::research_field.eq_any(fields.iter().map(|field| field.as_str()))),
    }
    if !query.cooperation_form.0.is_empty() {
        let forms = query.cooperation_form.0.iter().map(|form| form.to_string()).collect();
        rows = rows.filter(orders::id.eq_any(labels::labelled(labels::Facet::TransferForm, forms)));
    }
    if !query.ipc.0.is_empty() {
        let symbols = query.ipc.0.iter().map(|ipc| ipc.as_str().to_owned()).collect();
        rows = rows.filter(orders::id.eq_any(labels::labelled(labels::Facet::Ipc, symbols)));
    }
    if let Some(level) = query.trl_min {
        rows = rows.filter(orders::trl_wanted.ge(level.0));
    }
    if let Some(level) = query.trl_max {
        rows = rows.filter(orders::trl_wanted.le(level.0));
    }
    if let Some(amount) = query.budget_min {
        rows = rows.filter(orders::budget_to.ge(amount.0));
    }
    if let Some(amount) = query.budget_max {
        rows = rows.filter(orders::budget_from.le(amount.0));
    }
    let rows = rows.limit(query.limit.probe());
    let (cursor, sort) = (query.cursor.as_ref(), query.sort);
    let published_at = orders::published_at.assume_not_null();
    let rows = match sort {
        OrderSort::Newest | OrderSort::Oldest => {
            let newest = sort == OrderSort::Newest;
            let rows = match cursor {
                Some(c) => {
                    rows.filter(after(published_at, orders::id, c.key_for::<At>(sort.as_str())?, OrderId(c.id), newest))
                }
                None => rows,
            };
            if newest {
                rows.order((orders::published_at.desc(), orders::id.desc()))
            } else {
                rows.order((orders::published_at.asc(), orders::id.asc()))
            }
        }
        OrderSort::Budget => match cursor {
            Some(c) => rows.filter(after(
                orders::budget_rank,
                orders::id,
                c.key_for::<i64>(sort.as_str())?,
                OrderId(c.id),
                true,
            )),
            None => rows,
        }
        .order((orders::budget_rank.desc(), orders::id.desc())),
        OrderSort::Trl => match cursor {
            Some(c) => {
                rows.filter(after(orders::trl_rank, orders::id, c.key_for::<i16>(sort.as_str())?, OrderId(c.id), true))
            }
            None => rows,
        }
        .order((orders::trl_rank.desc(), orders::id.desc())),
    };
    Ok(rows.load(conn)?)
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
    Ok(orders::table
        .inner_join(organizations::table)
        .filter(orders::id.eq_any(ids))
        .filter(orders::status.eq(Status::Published))
        .select(OrderSummary::as_select())
        .load(conn)?)
}

/// The published ones among these, whole; for the search index.
pub fn published(conn: &mut Conn, ids: &[OrderId]) -> Result<Vec<(Order, OrganizationBrief)>, DbError> {
    Ok(orders::table
        .inner_join(organizations::table)
        .filter(orders::id.eq_any(ids))
        .filter(orders::status.eq(Status::Published))
        .select((Order::as_select(), OrganizationBrief::as_select()))
        .load(conn)?)
}

/// The next published ones after an id, in the order of ids; for rebuilding the search index.
pub fn published_after(
    conn: &mut Conn,
    after: OrderId,
    limit: i64,
) -> Result<Vec<(Order, OrganizationBrief)>, DbError> {
    Ok(orders::table
        .inner_join(organizations::table)
        .filter(orders::id.gt(after))
        .filter(orders::status.eq(Status::Published))
        .order(orders::id)
        .limit(limit)
        .select((Order::as_select(), OrganizationBrief::as_select()))
        .load(conn)?)
}

/// The identifiers of an organisation's published orders.
pub fn published_of(conn: &mut Conn, organization: OrganizationId) -> Result<Vec<OrderId>, DbError> {
    Ok(orders::table
        .filter(orders::organization_id.eq(organization))
        .filter(orders::status.eq(Status::Published))
        .select(orders::id)
        .load(conn)?)
}
