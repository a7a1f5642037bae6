//! What those who may read a confidential part get.

use serde::Serialize;
use utoipa::ToSchema;

use super::part::{ConfidentialContent, ConfidentialPart};
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
    /// When it last changed; absent while nothing was ever written.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub updated_at: Option<At>,
}

impl ConfidentialView {
    /// The part, or what is shown where nothing was ever written.
    pub fn of(listing_id: ListingId, part: Option<ConfidentialPart>) -> Self {
        let updated_at = part.as_ref().map(|part| part.updated_at);
        let sections = part.map(|part| part.sections).unwrap_or_default();
        Self { listing_id, content: ConfidentialContent { sections }, updated_at }
    }
}

impl Sample for ConfidentialView {
    fn sample() -> Self {
        Self {
            listing_id: ListingId(uuid::uuid!("0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d4e")),
            content: ConfidentialContent::sample(),
            updated_at: Some(At::sample()),
        }
    }
}
