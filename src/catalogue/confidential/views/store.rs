//! The table `confidential_views`.

use diesel::prelude::*;

use super::view::ViewRecord;
use crate::db::schema::{confidential_views as views, organizations, users};
use crate::db::sql::after;
use crate::db::{Conn, DbError, MultiBackend};
use crate::events::{Change, Tx};
use crate::files::Attachment;
use crate::kernel::clock::At;
use crate::kernel::id::{ConfidentialGrantId, ConfidentialViewId, ListingId, OrganizationId, UserId};

/// A reading of a confidential part from outside.
pub struct Viewing<'a> {
    /// The listing.
    pub listing: ListingId,
    /// Whose it is.
    pub owner: OrganizationId,
    /// The version of the confidential part.
    pub version: i64,
    /// Who reads.
    pub viewer: UserId,
    /// For which organisation.
    pub organization: OrganizationId,
    /// By which grant; none for officers.
    pub grant: Option<ConfidentialGrantId>,
    /// Why an officer reads.
    pub reason: Option<&'a str>,
    /// The file that is handed out, where it is one.
    pub file: Option<&'a Attachment>,
}

/// Writes a reading down, for the owner and for the audit log.
pub fn record(tx: &mut Tx<'_>, viewing: &Viewing<'_>) -> Result<(), DbError> {
    let id: ConfidentialViewId = tx.id();
    diesel::insert_into(views::table)
        .values((
            views::id.eq(id),
            views::listing_id.eq(viewing.listing),
            views::organization_id.eq(viewing.organization),
            views::user_id.eq(viewing.viewer),
            views::grant_id.eq(viewing.grant),
            views::reason.eq(viewing.reason),
            views::created_at.eq(tx.now),
            views::file_id.eq(viewing.file.map(|file| file.id)),
            views::file_name.eq(viewing.file.map(|file| &file.name)),
        ))
        .execute(tx.conn)?;
    let change = Change::new("confidential.viewed", viewing.listing.0, viewing.version).of(viewing.owner);
    let change = change.field("viewed_for", (), viewing.organization);
    let change = match viewing.reason {
        Some(reason) => change.field("reason", (), reason),
        None => change,
    };
    tx.record(&match viewing.file {
        Some(file) => change.field("file_id", (), file.id),
        None => change,
    })
}

/// A page of the view log of a listing, the latest first, and one more if there is more.
pub fn list(
    conn: &mut Conn,
    listing: ListingId,
    from: Option<(At, ConfidentialViewId)>,
    limit: i64,
) -> Result<Vec<ViewRecord>, DbError> {
    let mut rows = views::table
        .inner_join(organizations::table)
        .inner_join(users::table)
        .filter(views::listing_id.eq(listing))
        .order((views::created_at.desc(), views::id.desc()))
        .limit(limit)
        .select(ViewRecord::as_select())
        .into_boxed::<MultiBackend>();
    if let Some((created_at, id)) = from {
        rows = rows.filter(after(views::created_at, views::id, created_at, id, true));
    }
    Ok(rows.load(conn)?)
}
