//! What the two sides see of an offer.

use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::diff::{Difference, differences};
use super::life::OfferStatus;
use super::offer::Offer;
use super::store;
use super::terms::Terms;
use crate::db::{Conn, DbError};
use crate::http::Sample;
use crate::kernel::clock::At;
use crate::kernel::id::{NegotiationId, OfferId, OrganizationId};

/// An offer of one side of a negotiation to the other.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Offer)]
pub struct OfferView {
    /// The offer.
    pub id: OfferId,
    /// In which negotiation.
    pub negotiation_id: NegotiationId,
    /// The how manyth of the negotiation it is.
    #[schema(example = 2)]
    pub number: i32,
    /// The side that makes it.
    pub offered_by: OrganizationId,
    /// The offer it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub previous_id: Option<OfferId>,
    /// What it says.
    pub terms: Terms,
    /// SHA-256 over the canonical JSON (RFC 8785) of that, in hexadecimal.
    pub terms_sha256: String,
    /// In what it differs from the one it answers; empty where it answers none.
    pub changes: Vec<Difference>,
    /// Until when it can be accepted.
    pub valid_until: At,
    /// Where it is in its life.
    pub status: OfferStatus,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub reason: Option<String>,
    /// When it was answered, taken back, or lapsed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub ended_at: Option<At>,
    /// When it was made.
    pub created_at: At,
    /// When it last changed.
    pub updated_at: At,
}

/// The offers of a negotiation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Offers {
    /// The latest first; at most the latest hundred.
    pub items: Vec<OfferView>,
}

impl OfferView {
    /// The offer as it is at `now`, beside the one it answers.
    #[must_use]
    pub fn new(offer: Offer, previous: Option<&Offer>, now: At) -> Self {
        let said = |offer: &Offer| json!(offer.terms.0);
        let changes = previous.map(|previous| differences(&said(previous), &said(&offer))).unwrap_or_default();
        let status = offer.status_at(now);
        Self {
            id: offer.id,
            negotiation_id: offer.negotiation_id,
            number: offer.number,
            offered_by: offer.offered_by,
            previous_id: offer.previous_id,
            terms: offer.terms.0,
            terms_sha256: offer.terms_sha256,
            changes,
            valid_until: offer.valid_until,
            status,
            reason: offer.reason.map(Into::into),
            ended_at: offer.ended_at,
            created_at: offer.created_at,
            updated_at: offer.updated_at,
        }
    }

    /// The offer, with the one it answers looked up.
    ///
    /// # Errors
    /// The database's failure.
    pub fn load(conn: &mut Conn, offer: Offer, now: At) -> Result<Self, DbError> {
        let previous = match offer.previous_id {
            Some(id) => store::find(conn, id)?.map(|(previous, _)| previous),
            None => None,
        };
        Ok(Self::new(offer, previous.as_ref(), now))
    }
}

impl Sample for OfferView {
    fn sample() -> Self {
        let change = Difference { pointer: "/payments/1/rate_bp".into(), before: json!(500), after: json!(300) };
        Self {
            id: OfferId(uuid::uuid!("0198c5a1-f2b0-7e00-8d3e-5f0a1b2c3d71")),
            negotiation_id: NegotiationId(uuid::uuid!("0198c5a1-f2b0-7e00-8d3e-5f0a1b2c3d50")),
            number: 2,
            offered_by: OrganizationId(uuid::uuid!("0198c5a1-f2b0-7000-8000-00000000000c")),
            previous_id: Some(OfferId(uuid::uuid!("0198c5a1-f2b0-7e00-8d3e-5f0a1b2c3d70"))),
            terms: Terms::sample(),
            terms_sha256: "4f2c1e0d9b8a7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d".into(),
            changes: vec![change],
            valid_until: At::sample().plus_days(14),
            status: OfferStatus::Proposed,
            reason: None,
            ended_at: None,
            created_at: At::sample(),
            updated_at: At::sample(),
        }
    }
}

impl Sample for Offers {
    fn sample() -> Self {
        Self { items: vec![OfferView::sample()] }
    }
}
