//! Granting because the two organisations have agreed on confidentiality, and ending that.

use super::grant::Grant;
use super::store;
use crate::db::{DbError, Failure};
use crate::events::{Change, Tx};
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::id::{ConfidentialGrantId, ListingId, OrganizationId, UserId};
use crate::kernel::text::Prose;

/// What an agreement opens, to whom and until when.
pub struct Opening<'a> {
    /// The listing.
    pub listing: ListingId,
    /// Whose it is.
    pub owner: OrganizationId,
    /// Whose members may read its confidential part.
    pub reader: OrganizationId,
    /// What for: the agreement.
    pub purpose: &'a str,
    /// The person whose signature completed the agreement.
    pub granted_by: UserId,
    /// Until when.
    pub until: At,
}

/// Grants the confidential part of a listing. The caller has made sure that the owner has agreed.
///
/// # Errors
/// The database's failure.
pub fn open_confidential(tx: &mut Tx<'_>, opening: &Opening<'_>) -> Result<ConfidentialGrantId, Failure> {
    let Opening { listing, owner, reader, purpose, granted_by, until } = *opening;
    let purpose = Prose::new(purpose).map_err(|_| Code::InternalError)?;
    let row = Grant {
        id: tx.id(),
        listing_id: listing,
        organization_id: reader,
        purpose,
        granted_by,
        created_at: tx.now,
        expires_at: until,
        revoked_at: None,
    };
    store::insert(tx.conn, &row)?;
    let change = Change::new("confidential_grant.created", row.id.0, 1).of(owner);
    let change = change.field("listing_id", (), listing).field("organization_id", (), reader);
    tx.record(&change.field("purpose", (), &row.purpose).field("expires_at", (), until))?;
    Ok(row.id)
}

/// Ends a grant because the agreement has ended. One that its owner has revoked before stays as it is.
///
/// # Errors
/// The database's failure.
pub fn close_confidential(tx: &mut Tx<'_>, grant: ConfidentialGrantId, owner: OrganizationId) -> Result<(), DbError> {
    if !store::revoke(tx.conn, grant, tx.now)? {
        return Ok(());
    }
    let change = Change::new("confidential_grant.revoked", grant.0, 2).of(owner);
    tx.record(&change.field("revoked_at", (), tx.now))
}
