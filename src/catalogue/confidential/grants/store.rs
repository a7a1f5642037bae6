//! The table `confidential_grants`.

use diesel::prelude::*;

use super::grant::Grant;
use crate::accounts::{OrganizationBrief, Verification};
use crate::db::schema::{confidential_grants as grants, organizations};
use crate::db::sql::{after, any_of};
use crate::db::{Conn, DbError, MultiBackend};
use crate::kernel::clock::At;
use crate::kernel::id::{ConfidentialGrantId, ListingId, OrganizationId};

/// The grant by which one of these organisations may read the confidential part now: a grant to one that has been
/// deactivated, or is not verified any more, sleeps.
pub fn in_force(
    conn: &mut Conn,
    listing: ListingId,
    readers: &[OrganizationId],
    now: At,
) -> Result<Option<(ConfidentialGrantId, OrganizationId)>, DbError> {
    Ok(grants::table
        .inner_join(organizations::table)
        .filter(organizations::deactivated_at.is_null())
        .filter(organizations::verification.eq(Verification::Verified))
        .filter(grants::listing_id.eq(listing))
        .filter(any_of(grants::organization_id, readers))
        .filter(grants::revoked_at.is_null())
        .filter(grants::expires_at.gt(now))
        .order(grants::id)
        .select((grants::id, grants::organization_id))
        .first(conn)
        .optional()?)
}

/// Keeps a new grant.
pub fn insert(conn: &mut Conn, grant: &Grant) -> Result<(), DbError> {
    diesel::insert_into(grants::table).values(grant).execute(conn)?;
    Ok(())
}

/// A page of a listing's grants, the latest first, and one more if there is more.
pub fn list(
    conn: &mut Conn,
    listing: ListingId,
    from: Option<(At, ConfidentialGrantId)>,
    limit: i64,
) -> Result<Vec<(Grant, OrganizationBrief)>, DbError> {
    let mut rows = grants::table
        .inner_join(organizations::table)
        .filter(grants::listing_id.eq(listing))
        .order((grants::created_at.desc(), grants::id.desc()))
        .limit(limit)
        .select((Grant::as_select(), OrganizationBrief::as_select()))
        .into_boxed::<MultiBackend>();
    if let Some((created_at, id)) = from {
        rows = rows.filter(after(grants::created_at, grants::id, created_at, id, true));
    }
    Ok(rows.load(conn)?)
}

/// One grant of a listing.
pub fn find(
    conn: &mut Conn,
    listing: ListingId,
    id: ConfidentialGrantId,
) -> Result<Option<(Grant, OrganizationBrief)>, DbError> {
    Ok(grants::table
        .inner_join(organizations::table)
        .filter(grants::listing_id.eq(listing))
        .filter(grants::id.eq(id))
        .select((Grant::as_select(), OrganizationBrief::as_select()))
        .first(conn)
        .optional()?)
}

/// Ends a grant; `false` where it had been ended before.
pub fn revoke(conn: &mut Conn, id: ConfidentialGrantId, now: At) -> Result<bool, DbError> {
    let grant = grants::table.filter(grants::id.eq(id)).filter(grants::revoked_at.is_null());
    Ok(diesel::update(grant).set(grants::revoked_at.eq(now)).execute(conn)? == 1)
}
