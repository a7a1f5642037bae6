//! A non-disclosure agreement: the row, what is offered, and what each step makes of it.

use deserr::{Deserr, ValuePointerRef};
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::machine::Life;
use super::life::{NdaStatus, NdaStep};
use crate::db::schema::ndas;
use crate::http::Sample;
use crate::kernel::clock::At;
use crate::kernel::id::{ConfidentialGrantId, NdaId, NegotiationId, OrganizationId, UserId};
use crate::kernel::problem::Problem;
use crate::kernel::text::{Line, Prose};
use crate::kernel::validate::{FieldCode, FieldErrors};

/// The longest an agreement may run, in days: five years, as long as a grant of a confidential part.
const LONGEST_DAYS: i32 = 5 * 365;

/// What is offered: the text of a template, or a text of one's own.
#[derive(Clone, Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields, validate = NewNda::check -> FieldErrors)]
pub struct NewNda {
    /// The name of a template; its version in effect today is taken.
    #[deserr(default)]
    pub template: Option<Line<1, 60>>,
    /// A text of one's own instead.
    #[deserr(default)]
    pub text: Option<Prose<100, 50000>>,
    /// Days it runs from the second signature on.
    #[schema(minimum = 1, maximum = 1825)]
    pub valid_days: i32,
}

impl NewNda {
    fn check(self, location: ValuePointerRef<'_>) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        match (&self.template, &self.text) {
            (None, None) => errors.0.extend(FieldErrors::one(location.push_key("template"), FieldCode::Required, []).0),
            (Some(_), Some(_)) => {
                errors.0.extend(FieldErrors::one(location.push_key("text"), FieldCode::NotAllowedHere, []).0);
            }
            _ => {}
        }
        if !(1..=LONGEST_DAYS).contains(&self.valid_days) {
            let range = [("min", "1".to_owned()), ("max", LONGEST_DAYS.to_string())];
            errors.0.extend(FieldErrors::one(location.push_key("valid_days"), FieldCode::OutOfRange, range).0);
        }
        if errors.0.is_empty() { Ok(self) } else { Err(errors) }
    }
}

/// A non-disclosure agreement as it is kept.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = ndas, check_for_backend(crate::db::MultiBackend), treat_none_as_default_value = false)]
pub struct Nda {
    /// The agreement.
    pub id: NdaId,
    /// In which negotiation.
    pub negotiation_id: NegotiationId,
    /// The side that offers it.
    pub offered_by: OrganizationId,
    /// Where it is in its life.
    pub status: NdaStatus,
    /// The template its text was taken from.
    pub template: Option<String>,
    /// The version of that.
    pub template_version: Option<i32>,
    /// What it says.
    pub text: String,
    /// SHA-256 of that, in hexadecimal: what is signed.
    pub text_sha256: String,
    /// Days it runs from the second signature on.
    pub valid_days: i32,
    /// The side that signed first.
    pub first_side: Option<OrganizationId>,
    /// Who signed for it.
    pub first_signatory: Option<UserId>,
    /// When.
    pub first_signed_at: Option<At>,
    /// Who signed for the other side, which put it in force.
    pub second_signatory: Option<UserId>,
    /// When that was.
    pub in_force_at: Option<At>,
    /// When its time is over.
    pub expires_at: Option<At>,
    /// When it was taken back, ended or over.
    pub ended_at: Option<At>,
    /// The grant of the confidential part it opened.
    pub grant_id: Option<ConfidentialGrantId>,
    /// Counts the changes.
    pub version: i64,
    /// When it was offered.
    pub created_at: At,
    /// When it last changed.
    pub updated_at: At,
}

impl Nda {
    /// The agreement after a step at `now`; signatures are by `by`, for the side `side`.
    ///
    /// # Errors
    /// `nda_wrong_state`.
    pub fn after(&self, step: NdaStep, by: Option<(UserId, OrganizationId)>, now: At) -> Result<Self, Problem> {
        let status = self.status.lead(step)?;
        let next = Self { status, version: self.version + 1, updated_at: now, ..self.clone() };
        let (signatory, side) = (by.map(|(user, _)| user), by.map(|(_, side)| side));
        Ok(match step {
            NdaStep::Sign => Self { first_side: side, first_signatory: signatory, first_signed_at: Some(now), ..next },
            NdaStep::Countersign => Self {
                second_signatory: signatory,
                in_force_at: Some(now),
                expires_at: Some(now.plus_days(self.valid_days.into())),
                ..next
            },
            NdaStep::Withdraw | NdaStep::Terminate | NdaStep::Expire => Self { ended_at: Some(now), ..next },
        })
    }
}

impl Sample for NewNda {
    fn sample() -> Self {
        Self { template: Some(Line::literal("mutual_vi")), text: None, valid_days: 730 }
    }
}
