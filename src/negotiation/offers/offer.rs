//! An offer: the row, what is written in it, and what each step makes of it.

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::machine::Life;
use super::life::{OfferStatus, OfferStep};
use super::terms::Terms;
use crate::db::schema::offers;
use crate::db::types::Json;
use crate::http::Sample;
use crate::kernel::clock::At;
use crate::kernel::id::{NegotiationId, OfferId, OrganizationId, UserId};
use crate::kernel::problem::Problem;
use crate::kernel::text::Prose;
use crate::kernel::validate::{FieldCode, FieldError, FieldErrors};

/// The longest an offer may stand, in days.
const LONGEST_DAYS: i64 = 365;

/// What is offered, and until when.
#[derive(Clone, Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct NewOffer {
    /// The terms.
    pub terms: Terms,
    /// Until when it can be accepted, at most a year from now.
    pub valid_until: At,
}

impl NewOffer {
    /// Checks that the offer ends in the foreseeable future.
    ///
    /// # Errors
    /// `out_of_range` at `/valid_until`.
    pub fn check(&self, now: At) -> Result<(), Problem> {
        let latest = now.plus_days(LONGEST_DAYS);
        if self.valid_until > now && self.valid_until <= latest {
            return Ok(());
        }
        let args = vec![("min", now.to_string()), ("max", latest.to_string())];
        Err(FieldErrors(vec![FieldError { pointer: "/valid_until".into(), code: FieldCode::OutOfRange, args }]).into())
    }
}

/// Why an offer is refused.
#[derive(Clone, Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct OfferRejection {
    /// Why; the other side reads it.
    pub reason: Prose<3, 2000>,
}

/// An offer as it is kept. All but its status and what goes with that never changes.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = offers, check_for_backend(crate::db::MultiBackend), treat_none_as_default_value = false)]
pub struct Offer {
    /// The offer.
    pub id: OfferId,
    /// In which negotiation.
    pub negotiation_id: NegotiationId,
    /// The how manyth of the negotiation it is.
    pub number: i32,
    /// The side that makes it.
    pub offered_by: OrganizationId,
    /// The offer it answers.
    pub previous_id: Option<OfferId>,
    /// What it says.
    pub terms: Json<Terms>,
    /// SHA-256 over the canonical JSON (RFC 8785) of that, in hexadecimal.
    pub terms_sha256: String,
    /// Until when it can be accepted.
    pub valid_until: At,
    /// Where it is in its life.
    pub status: OfferStatus,
    /// Why it was refused.
    pub reason: Option<Prose<3, 2000>>,
    /// Who made it.
    pub made_by: UserId,
    /// Who answered it or took it back.
    pub answered_by: Option<UserId>,
    /// When it was answered, taken back, or lapsed.
    pub ended_at: Option<At>,
    /// Counts the changes.
    pub version: i64,
    /// When it was made.
    pub created_at: At,
    /// When it last changed.
    pub updated_at: At,
}

impl Offer {
    /// Where it is at `now`: its time may be over before anything has noted so.
    #[must_use]
    pub fn status_at(&self, now: At) -> OfferStatus {
        if self.status == OfferStatus::Proposed && self.valid_until <= now { OfferStatus::Lapsed } else { self.status }
    }

    /// The offer after a step at `now`.
    ///
    /// # Errors
    /// `offer_wrong_state`.
    pub fn after(&self, step: OfferStep, by: Option<UserId>, now: At) -> Result<Self, Problem> {
        let from = if step == OfferStep::Lapse { self.status } else { self.status_at(now) };
        let status = from.lead(step)?;
        Ok(Self {
            status,
            answered_by: by,
            ended_at: Some(now),
            version: self.version + 1,
            updated_at: now,
            ..self.clone()
        })
    }
}

impl Sample for NewOffer {
    fn sample() -> Self {
        Self { terms: Terms::sample(), valid_until: At::sample().plus_days(14) }
    }
}

impl Sample for OfferRejection {
    fn sample() -> Self {
        Self { reason: Prose::literal("Tỷ lệ phí kỳ vụ vượt quá khả năng của chúng tôi.") }
    }
}
