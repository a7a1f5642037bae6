//! What is shown of reviews. Which officer decided stays in the audit log.

use serde::Serialize;
use utoipa::ToSchema;

use super::review::{Decision, Reason, Review, ReviewReasons};
use crate::http::Sample;
use crate::kernel::clock::At;
use crate::kernel::id::ReviewId;
use crate::kernel::list::List;

/// A moderation decision.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewView {
    /// The decision.
    pub id: ReviewId,
    /// What was decided.
    pub decision: Decision,
    /// Why; empty where something was made public.
    pub reasons: List<Reason, 20>,
    /// When.
    pub created_at: At,
}

/// The decisions on one item.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reviews {
    /// Newest first; at most the latest hundred.
    pub items: Vec<ReviewView>,
}

impl From<Review> for ReviewView {
    fn from(review: Review) -> Self {
        let Review { id, decision, reasons, created_at } = review;
        Self { id, decision, reasons, created_at }
    }
}

impl Sample for Reviews {
    fn sample() -> Self {
        let id = ReviewId(uuid::uuid!("0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d4e"));
        let reasons = ReviewReasons::sample().reasons;
        let created_at = At::sample();
        Self { items: vec![ReviewView { id, decision: Decision::RequestChanges, reasons, created_at }] }
    }
}
