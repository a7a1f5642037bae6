//! The public list of orders in the database.

use diesel::prelude::*;

use super::super::store::{public, veiled};
use super::super::view::OrderSummary;
use super::{OrderSort, OrdersQuery};
use crate::accounts::Verification;
use crate::catalogue::labels::{Facet, labelled, texts};
use crate::catalogue::reference::with_descendants;
use crate::db::schema::{orders, organizations};
use crate::db::sql::after;
use crate::db::{Conn, Failure, MultiBackend};
use crate::kernel::clock::{At, Day};
use crate::kernel::id::OrderId;
use crate::kernel::text::Line;

/// A page of the list, and one more if there is more. Filters by codes find what lies below them in their lists today.
pub fn list_public(conn: &mut Conn, query: &OrdersQuery, today: Day) -> Result<Vec<OrderSummary>, Failure> {
    let mut rows = orders::table
        .inner_join(organizations::table)
        .filter(public())
        .select(OrderSummary::as_select())
        .into_boxed::<MultiBackend>();
    if let Some(organization) = query.organization_id {
        rows = rows.filter(orders::organization_id.eq(organization));
    }
    if let Some(language) = query.language {
        rows = rows.filter(orders::language.eq(language));
    }
    if !query.research_field.0.is_empty() {
        let fields = texts(&query.research_field.0, Line::as_str);
        // A single one is looked up in the order of its index.
        rows = match with_descendants(conn, "research_field", &fields, today)?.as_slice() {
            [field] => rows.filter(orders::research_field.eq(field.clone())),
            fields => rows.filter(orders::research_field.eq_any(fields.to_vec())),
        };
    }
    for (facet, mut values) in query.labels() {
        if matches!(facet, Facet::Ipc | Facet::Vsic | Facet::Nace) {
            values = with_descendants(conn, facet.as_str(), &values, today)?;
        }
        rows = rows.filter(orders::id.eq_any(labelled(facet, values)));
    }
    if query.asks_for_owner() {
        rows = rows.filter(orders::anonymous.eq(false));
    }
    if !query.province.0.is_empty() {
        let provinces = with_descendants(conn, "province", &texts(&query.province.0, Line::as_str), today)?;
        rows = rows.filter(organizations::province.eq_any(provinces));
    }
    if !query.organization_kind.0.is_empty() {
        rows = rows.filter(organizations::kind.eq_any(query.organization_kind.0.clone()));
    }
    if query.verified.is_some_and(|only| only.0) {
        rows = rows.filter(organizations::verification.eq(Verification::Verified));
    }
    if let Some(bound) = query.confirmed_after {
        rows = rows.filter(orders::last_confirmed_at.gt(bound.0));
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
    Ok(veiled(rows.load(conn)?))
}
