//! What those who may read a confidential part get.

use serde::Serialize;
use utoipa::ToSchema;

use super::part::{ConfidentialContent, ConfidentialPart};
use crate::catalogue::Listing;
use crate::db::{Conn, DbError};
use crate::files::{self, AttachmentView, Disclosure, Holder};
use crate::http::Sample;
use crate::kernel::clock::At;
use crate::kernel::id::ListingId;

/// The confidential part of a listing.
#[derive(Serialize, ToSchema)]
pub struct ConfidentialView {
    /// The listing.
    pub listing_id: ListingId,
    /// What it says.
    #[serde(flatten)]
    pub content: ConfidentialContent,
    /// Its confidential files.
    pub attachments: Vec<AttachmentView>,
    /// When it last changed; absent while nothing was ever written.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub updated_at: Option<At>,
}

impl ConfidentialView {
    /// The part, or what is shown where nothing was ever written.
    ///
    /// # Errors
    /// The database's failure.
    pub fn of(conn: &mut Conn, listing_id: ListingId, part: Option<ConfidentialPart>) -> Result<Self, DbError> {
        let files = files::of_holder(conn, Listing::HOLDER, listing_id.0, &[Disclosure::Confidential])?;
        let updated_at = part.as_ref().map(|part| part.updated_at);
        let content = ConfidentialContent { sections: part.map(|part| part.sections).unwrap_or_default() };
        Ok(Self { listing_id, content, attachments: files.into_iter().map(AttachmentView::from).collect(), updated_at })
    }
}

impl Sample for ConfidentialView {
    fn sample() -> Self {
        Self {
            listing_id: ListingId(uuid::uuid!("0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d4e")),
            content: ConfidentialContent::sample(),
            attachments: vec![AttachmentView { disclosure: Disclosure::Confidential, ..AttachmentView::sample() }],
            updated_at: Some(At::sample()),
        }
    }
}
