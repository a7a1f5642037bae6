//! The public list of listings in the database.

use diesel::prelude::*;

use super::super::store::public;
use super::super::view::ListingSummary;
use super::{ListingSort, ListingsQuery};
use crate::accounts::Verification;
use crate::catalogue::labels::{Facet, labelled, texts};
use crate::catalogue::reference::with_descendants;
use crate::db::schema::{listings, organizations};
use crate::db::sql::after;
use crate::db::{Conn, Failure, MultiBackend};
use crate::kernel::clock::{At, Day};
use crate::kernel::id::ListingId;
use crate::kernel::text::Line;

/// A page of the list, and one more if there is more. Filters by codes find what lies below them in their lists today.
pub fn list_public(conn: &mut Conn, query: &ListingsQuery, today: Day) -> Result<Vec<ListingSummary>, Failure> {
    let mut rows = listings::table
        .inner_join(organizations::table)
        .filter(public())
        .select(ListingSummary::as_select())
        .into_boxed::<MultiBackend>();
    if let Some(organization) = query.organization_id {
        rows = rows.filter(listings::organization_id.eq(organization));
    }
    if let Some(language) = query.language {
        rows = rows.filter(listings::language.eq(language));
    }
    if !query.research_field.0.is_empty() {
        let fields = texts(&query.research_field.0, Line::as_str);
        // A single one is looked up in the order of its index.
        rows = match with_descendants(conn, "research_field", &fields, today)?.as_slice() {
            [field] => rows.filter(listings::research_field.eq(field.clone())),
            fields => rows.filter(listings::research_field.eq_any(fields.to_vec())),
        };
    }
    for (facet, mut values) in query.labels() {
        if matches!(facet, Facet::Ipc | Facet::Vsic | Facet::Nace) {
            values = with_descendants(conn, facet.as_str(), &values, today)?;
        }
        rows = rows.filter(listings::id.eq_any(labelled(facet, values)));
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
        rows = rows.filter(listings::last_confirmed_at.gt(bound.0));
    }
    if !query.development_stage.0.is_empty() {
        rows = rows.filter(listings::development_stage.eq_any(query.development_stage.0.clone()));
    }
    if let Some(level) = query.trl_min {
        rows = rows.filter(listings::trl.ge(level.0));
    }
    if let Some(level) = query.trl_max {
        rows = rows.filter(listings::trl.le(level.0));
    }
    if let Some(amount) = query.price_min {
        rows = rows.filter(listings::price_to.ge(amount.0));
    }
    if let Some(amount) = query.price_max {
        rows = rows.filter(listings::price_from.le(amount.0));
    }
    let rows = rows.limit(query.limit.probe());
    let (cursor, sort) = (query.cursor.as_ref(), query.sort);
    let published_at = listings::published_at.assume_not_null();
    let rows = match sort {
        ListingSort::Newest | ListingSort::Oldest => {
            let newest = sort == ListingSort::Newest;
            let rows = match cursor {
                Some(c) => rows.filter(after(
                    published_at,
                    listings::id,
                    c.key_for::<At>(sort.as_str())?,
                    ListingId(c.id),
                    newest,
                )),
                None => rows,
            };
            if newest {
                rows.order((listings::published_at.desc(), listings::id.desc()))
            } else {
                rows.order((listings::published_at.asc(), listings::id.asc()))
            }
        }
        ListingSort::Price => match cursor {
            Some(c) => rows.filter(after(
                listings::price_rank,
                listings::id,
                c.key_for::<i64>(sort.as_str())?,
                ListingId(c.id),
                false,
            )),
            None => rows,
        }
        .order((listings::price_rank.asc(), listings::id.asc())),
        ListingSort::Trl => match cursor {
            Some(c) => rows.filter(after(
                listings::trl_rank,
                listings::id,
                c.key_for::<i16>(sort.as_str())?,
                ListingId(c.id),
                true,
            )),
            None => rows,
        }
        .order((listings::trl_rank.desc(), listings::id.desc())),
    };
    Ok(rows.load(conn)?)
}
