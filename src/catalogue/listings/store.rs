//! The table `listings`. What a reader may see is part of every query.

use diesel::prelude::*;

use super::listing::{Listing, ListingContent};
use super::view::ListingSummary;
use crate::accounts::OrganizationBrief;
use crate::catalogue::Status;
use crate::catalogue::completeness;
use crate::catalogue::feed::Visibility;
use crate::catalogue::item::{Content, Found, Origin, OwnQuery, QueueQuery};
use crate::catalogue::labels;
use crate::db::schema::{listings, organizations};
use crate::db::sql::{after, any_of};
use crate::db::types::Json;
use crate::db::{Conn, DbError, Failure, MultiBackend};
use crate::kernel::access::Reader;
use crate::kernel::clock::At;
use crate::kernel::id::{ListingId, OrganizationId};

/// What everybody may see: what is published, unless its organisation was taken out of the public.
#[diesel::dsl::auto_type]
pub(super) fn public() -> _ {
    let published: Status = Status::Published;
    listings::status.eq(published).and(organizations::deactivated_at.is_null())
}

/// Writes a new listing with its labels.
pub fn insert(conn: &mut Conn, listing: &Listing, origin: Option<&Origin>) -> Result<(), DbError> {
    let public = listing.content.public();
    let (price_from, price_to) = public.price.bounds_vnd();
    let state = (
        listings::id.eq(listing.id),
        listings::organization_id.eq(listing.organization_id),
        listings::status.eq(listing.status),
        listings::whole.eq(whole_of(listing)),
        listings::version.eq(listing.version),
        listings::created_at.eq(listing.created_at),
        listings::updated_at.eq(listing.updated_at),
        listings::submitted_at.eq(listing.submitted_at),
        listings::published_at.eq(listing.published_at),
        listings::expires_at.eq(listing.expires_at),
        listings::warned_at.eq(listing.warned_at),
        listings::last_confirmed_at.eq(listing.last_confirmed_at),
        listings::open_for_interest.eq(listing.open_for_interest),
        listings::price_from.eq(price_from),
        listings::price_to.eq(price_to),
        listings::badges.eq(&listing.badges),
        listings::completeness.eq(completeness(&listing.content)),
    );
    let origin = (
        listings::source.eq(origin.map(|origin| &origin.source)),
        listings::external_id.eq(origin.map(|origin| &origin.external_id)),
    );
    diesel::insert_into(listings::table).values((state, &*public, origin)).execute(conn)?;
    labels::add(conn, listing.id.0, &listing.content.classified().labels())
}

/// All a listing says, if not everybody may read it.
fn whole_of(listing: &Listing) -> Option<Json<ListingContent>> {
    (!listing.content.registered_only.is_empty()).then(|| Json(listing.content.clone()))
}

fn completeness(content: &ListingContent) -> i16 {
    completeness::of(&content.parts()).completeness.into()
}

/// The listing, if the reader may see it: everybody what is published, members what is their organisation's, officers
/// what has been submitted. Visitors get it without what its owner keeps for registered readers.
pub fn find_for(conn: &mut Conn, reader: &Reader, id: ListingId) -> Result<Option<Found<Listing>>, DbError> {
    let published = public();
    let query = listings::table
        .inner_join(organizations::table)
        .filter(listings::id.eq(id))
        .select((Listing::as_select(), OrganizationBrief::as_select()));
    let row: Option<(Listing, OrganizationBrief)> = match &reader.0 {
        None => query.filter(published).first(conn).optional()?,
        Some(actor) => {
            let own = any_of(listings::organization_id, &actor.organizations());
            if actor.is_officer() {
                query.filter(published.or(own).or(listings::submitted_at.is_not_null())).first(conn).optional()?
            } else {
                query.filter(published.or(own)).first(conn).optional()?
            }
        }
    };
    let registered = reader.0.is_some();
    Ok(row.map(|(item, organization)| Found {
        item: if registered { item.in_full() } else { item.for_visitors() },
        organization,
    }))
}

/// The listing that was taken over from there.
pub fn find_by_origin(conn: &mut Conn, origin: &Origin) -> Result<Option<Listing>, DbError> {
    let row: Option<Listing> = listings::table
        .filter(listings::source.eq(&origin.source))
        .filter(listings::external_id.eq(&origin.external_id))
        .select(Listing::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(Listing::in_full))
}

/// Writes content and state if the listing is still at the version before.
pub fn save(conn: &mut Conn, listing: &Listing) -> Result<bool, DbError> {
    let public = listing.content.public();
    let (price_from, price_to) = public.price.bounds_vnd();
    let changed = diesel::update(listings::table.find(listing.id).filter(listings::version.eq(listing.version - 1)))
        .set((
            &*public,
            listings::whole.eq(whole_of(listing)),
            listings::price_from.eq(price_from),
            listings::price_to.eq(price_to),
            listings::badges.eq(&listing.badges),
            listings::completeness.eq(completeness(&listing.content)),
            listings::status.eq(listing.status),
            listings::version.eq(listing.version),
            listings::updated_at.eq(listing.updated_at),
            listings::submitted_at.eq(listing.submitted_at),
            listings::published_at.eq(listing.published_at),
            listings::expires_at.eq(listing.expires_at),
            listings::warned_at.eq(listing.warned_at),
            listings::last_confirmed_at.eq(listing.last_confirmed_at),
            listings::open_for_interest.eq(listing.open_for_interest),
        ))
        .execute(conn)?;
    labels::replace(conn, listing.id.0, &listing.content.classified().labels())?;
    Ok(changed == 1)
}

/// Removes one.
pub fn delete(conn: &mut Conn, id: ListingId) -> Result<(), DbError> {
    diesel::delete(listings::table.find(id)).execute(conn)?;
    Ok(())
}

/// A page of an organisation's own listings, and one more if there is more.
pub fn list_own(
    conn: &mut Conn,
    organization: OrganizationId,
    query: &OwnQuery,
) -> Result<Vec<ListingSummary>, Failure> {
    let mut rows = listings::table
        .inner_join(organizations::table)
        .filter(listings::organization_id.eq(organization))
        .select(ListingSummary::as_select())
        .into_boxed::<MultiBackend>();
    if let Some(status) = query.status {
        rows = rows.filter(listings::status.eq(status));
    }
    if let Some(c) = &query.cursor {
        rows = rows.filter(after(
            listings::updated_at,
            listings::id,
            c.key_for::<At>(OwnQuery::SORT)?,
            ListingId(c.id),
            true,
        ));
    }
    Ok(rows.order((listings::updated_at.desc(), listings::id.desc())).limit(query.limit.probe()).load(conn)?)
}

/// A page of what waits for a decision, and one more if there is more.
pub fn list_submitted(conn: &mut Conn, query: &QueueQuery) -> Result<Vec<ListingSummary>, Failure> {
    let mut rows = listings::table
        .inner_join(organizations::table)
        .filter(listings::status.eq(Status::Submitted))
        .select(ListingSummary::as_select())
        .into_boxed::<MultiBackend>();
    if let Some(c) = &query.cursor {
        let submitted_at = listings::submitted_at.assume_not_null();
        rows =
            rows.filter(after(submitted_at, listings::id, c.key_for::<At>(QueueQuery::SORT)?, ListingId(c.id), false));
    }
    Ok(rows.order((listings::submitted_at.asc(), listings::id.asc())).limit(query.limit.probe()).load(conn)?)
}

/// The published ones among these.
pub fn summaries(conn: &mut Conn, ids: &[ListingId]) -> Result<Vec<ListingSummary>, DbError> {
    Ok(listings::table
        .inner_join(organizations::table)
        .filter(any_of(listings::id, ids))
        .filter(public())
        .select(ListingSummary::as_select())
        .load(conn)?)
}

/// Title and summary of the published ones among these.
pub fn heads(conn: &mut Conn, ids: &[ListingId]) -> Result<Vec<(ListingId, String, Option<String>)>, DbError> {
    Ok(listings::table
        .inner_join(organizations::table)
        .filter(any_of(listings::id, ids))
        .filter(public())
        .select((listings::id, listings::title, listings::summary))
        .load(conn)?)
}

/// The published ones among these, whole; for the search index.
pub fn published(conn: &mut Conn, ids: &[ListingId]) -> Result<Vec<(Listing, OrganizationBrief)>, DbError> {
    Ok(listings::table
        .inner_join(organizations::table)
        .filter(any_of(listings::id, ids))
        .filter(public())
        .select((Listing::as_select(), OrganizationBrief::as_select()))
        .load(conn)?)
}

/// The next published ones after an id, in the order of ids; for rebuilding the search index.
pub fn published_after(
    conn: &mut Conn,
    after: ListingId,
    limit: i64,
) -> Result<Vec<(Listing, OrganizationBrief)>, DbError> {
    Ok(listings::table
        .inner_join(organizations::table)
        .filter(listings::id.gt(after))
        .filter(public())
        .order(listings::id)
        .limit(limit)
        .select((Listing::as_select(), OrganizationBrief::as_select()))
        .load(conn)?)
}

/// How many everybody may see.
pub fn count_published(conn: &mut Conn) -> Result<i64, DbError> {
    Ok(listings::table.inner_join(organizations::table).filter(public()).count().get_result(conn)?)
}

/// Those published last, whole, newest first; for searching without the index.
pub fn newest(conn: &mut Conn, limit: i64) -> Result<Vec<(Listing, OrganizationBrief)>, DbError> {
    Ok(listings::table
        .inner_join(organizations::table)
        .filter(public())
        .order((listings::published_at.desc(), listings::id.desc()))
        .limit(limit)
        .select((Listing::as_select(), OrganizationBrief::as_select()))
        .load(conn)?)
}

/// The identifiers of an organisation's published listings, also while the organisation is out of the public.
pub fn published_of(conn: &mut Conn, organization: OrganizationId) -> Result<Vec<ListingId>, DbError> {
    Ok(listings::table
        .filter(listings::organization_id.eq(organization))
        .filter(listings::status.eq(Status::Published))
        .select(listings::id)
        .load(conn)?)
}

/// How these stand to the public now.
pub fn visibility(conn: &mut Conn, ids: &[ListingId]) -> Result<Vec<Visibility>, DbError> {
    let rows: Vec<(ListingId, Status, Option<At>)> = listings::table
        .inner_join(organizations::table)
        .filter(any_of(listings::id, ids))
        .select((listings::id, listings::status, organizations::deactivated_at))
        .load(conn)?;
    let visibility = |(id, status, deactivated): (ListingId, Status, Option<At>)| Visibility {
        id: id.0,
        status,
        hidden: deactivated.is_some(),
    };
    Ok(rows.into_iter().map(visibility).collect())
}

/// How many of an organisation's listings everybody may see.
pub fn count_public(conn: &mut Conn, organization: OrganizationId) -> Result<i64, DbError> {
    Ok(listings::table
        .inner_join(organizations::table)
        .filter(listings::organization_id.eq(organization))
        .filter(public())
        .count()
        .get_result(conn)?)
}

/// Sets when published listings without an expiry run out; at most `limit`, and tells how many.
pub fn begin_terms(conn: &mut Conn, until: At, limit: i64) -> Result<usize, DbError> {
    let ids: Vec<ListingId> = listings::table
        .filter(listings::status.eq(Status::Published))
        .filter(listings::expires_at.is_null())
        .select(listings::id)
        .limit(limit)
        .load(conn)?;
    let these = listings::table.filter(any_of(listings::id, &ids));
    Ok(diesel::update(these).set(listings::expires_at.eq(until)).execute(conn)?)
}

/// Published listings that run out by `until`, of which a warning was or was not sent, the most urgent first.
pub fn running_out(conn: &mut Conn, until: At, warned: bool, limit: i64) -> Result<Vec<Listing>, DbError> {
    let rows = listings::table
        .filter(listings::status.eq(Status::Published))
        .filter(listings::expires_at.le(until))
        .order((listings::expires_at, listings::id))
        .limit(limit)
        .into_boxed::<MultiBackend>();
    let rows = match warned {
        true => rows.filter(listings::warned_at.is_not_null()),
        false => rows.filter(listings::warned_at.is_null()),
    };
    Ok(rows.select(Listing::as_select()).load(conn)?.into_iter().map(Listing::in_full).collect())
}
