//! What is told of listings that look alike.

use serde::Serialize;
use utoipa::ToSchema;

use crate::catalogue::listings::ListingSummary;
use crate::http::Sample;

/// A published listing that looks alike.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SimilarListing {
    /// How much title and summary look alike, in percent.
    #[schema(minimum = 0, maximum = 100, example = 76)]
    pub likeness: u8,
    /// The listing.
    pub listing: ListingSummary,
}

impl Sample for SimilarListing {
    fn sample() -> Self {
        Self { likeness: 76, listing: ListingSummary::sample() }
    }
}

/// Published listings that look alike.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimilarListings {
    /// At most five, most alike first.
    pub items: Vec<SimilarListing>,
    /// Whether the search index does not answer at the moment, so that nothing could be compared: ask again later.
    #[schema(example = false)]
    pub degraded: bool,
}

impl Sample for SimilarListings {
    fn sample() -> Self {
        Self { items: vec![SimilarListing::sample()], degraded: false }
    }
}
