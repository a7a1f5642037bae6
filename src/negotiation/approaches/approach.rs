//! An approach: the row, what is written in it, and what each step makes of it.

use deserr::{Deserr, ValuePointerRef};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::machine::Life;
use super::life::{ApproachStatus, ApproachStep};
use crate::catalogue::TransferForm;
use crate::config::Negotiation;
use crate::db::schema::approaches;
use crate::db::types::Json;
use crate::http::Sample;
use crate::kernel::clock::At;
use crate::kernel::id::{ApproachId, ListingId, NegotiationId, ObjectId, OrganizationId, UserId};
use crate::kernel::list::List;
use crate::kernel::money::{Money, Price, PriceKind};
use crate::kernel::problem::Problem;
use crate::kernel::text::Prose;
use crate::kernel::text_enum;
use crate::kernel::validate::{FieldCode, FieldErrors};

text_enum! {
    /// What an approach is.
    pub enum ApproachKind {
        /// An expression of interest in a listing.
        Interest = "interest",
        /// A proposal on an order.
        Proposal = "proposal",
    }
}

text_enum! {
    /// Why an approach was declined. More may be added.
    pub enum DeclineReason {
        /// It does not fit what is needed or offered.
        NotAFit = "not_a_fit",
        /// Price or budget are too far apart.
        Price = "price",
        /// The time is not right.
        Timing = "timing",
        /// The technology is not ready enough.
        Readiness = "readiness",
        /// The rights are not clear, or already given to somebody.
        Rights = "rights",
        /// The organisation lacks people, equipment or means for it.
        Capacity = "capacity",
        /// Another approach was chosen.
        OtherChosen = "other_chosen",
        /// Something else, which the note says.
        Other = "other",
    }
}

/// What an expression of interest says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct InterestContent {
    /// What the technology is wanted for, and what one would like to know.
    pub message: Prose<1, 5000>,
    /// The forms of transfer one has in mind.
    pub transfer_forms: List<TransferForm, 7>,
}

/// What a proposal says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct ProposalContent {
    /// How the problem of the order is to be solved.
    pub solution: Prose<1, 10000>,
    /// Months from a contract to a working solution.
    #[schema(minimum = 1, maximum = 240)]
    pub duration_months: i16,
    /// What it costs.
    pub cost: Price,
    /// The published listing of the sender that is offered, if there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(required = false, nullable = false)]
    pub listing_id: Option<ListingId>,
}

/// An expression of interest as it is sent.
#[derive(Clone, Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct NewInterest {
    /// The organisation that is interested; the caller is an editor or owner of it.
    pub organization_id: OrganizationId,
    /// What the technology is wanted for, and what one would like to know.
    pub message: Prose<1, 5000>,
    /// The forms of transfer one has in mind.
    #[deserr(default)]
    pub transfer_forms: List<TransferForm, 7>,
}

/// A proposal as it is sent.
#[derive(Clone, Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields, validate = NewProposal::check -> FieldErrors)]
pub struct NewProposal {
    /// The organisation that proposes; the caller is an editor or owner of it.
    pub organization_id: OrganizationId,
    /// How the problem of the order is to be solved.
    pub solution: Prose<1, 10000>,
    /// Months from a contract to a working solution.
    #[schema(minimum = 1, maximum = 240)]
    pub duration_months: i16,
    /// What it costs.
    #[deserr(default = Price::NEGOTIABLE)]
    pub cost: Price,
    /// A published listing of the organisation that is offered.
    #[deserr(default)]
    pub listing_id: Option<ListingId>,
}

impl NewProposal {
    fn check(self, location: ValuePointerRef<'_>) -> Result<Self, FieldErrors> {
        if (1..=240).contains(&self.duration_months) {
            return Ok(self);
        }
        let range = [("min", "1".to_owned()), ("max", "240".to_owned())];
        Err(FieldErrors::one(location.push_key("duration_months"), FieldCode::OutOfRange, range))
    }
}

/// Why an approach is declined.
#[derive(Clone, Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields, validate = Refusal::check -> FieldErrors)]
pub struct Refusal {
    /// The reason.
    pub reason: DeclineReason,
    /// More about it; required where the reason is `other`.
    #[deserr(default)]
    pub note: Option<Prose<1, 2000>>,
}

impl Refusal {
    fn check(self, location: ValuePointerRef<'_>) -> Result<Self, FieldErrors> {
        if self.reason == DeclineReason::Other && self.note.is_none() {
            return Err(FieldErrors::one(location.push_key("note"), FieldCode::Required, []));
        }
        Ok(self)
    }
}

/// An approach as it is kept.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = approaches, check_for_backend(crate::db::MultiBackend), treat_none_as_default_value = false)]
pub struct Approach {
    /// The approach.
    pub id: ApproachId,
    /// What it is.
    pub kind: ApproachKind,
    /// The listing or the order it is about.
    pub subject_id: ObjectId,
    /// The title of that when the approach was sent.
    pub title: String,
    /// From whom.
    pub sender_id: OrganizationId,
    /// To whom.
    pub receiver_id: OrganizationId,
    /// Whether the sender learns who the receiver is only by its acceptance: the order was anonymous.
    pub veiled: bool,
    /// What an expression of interest says.
    pub interest: Option<Json<InterestContent>>,
    /// What a proposal says.
    pub proposal: Option<Json<ProposalContent>>,
    /// Where it is in its life.
    pub status: ApproachStatus,
    /// Why it was declined.
    pub reason: Option<DeclineReason>,
    /// More about that.
    pub note: Option<Prose<1, 2000>>,
    /// Until when an answer is waited for.
    pub answer_by: At,
    /// When the receiver was reminded.
    pub reminded_at: Option<At>,
    /// When it was accepted, declined, withdrawn, or ended in silence.
    pub ended_at: Option<At>,
    /// Who sent it.
    pub sent_by: UserId,
    /// Who answered it.
    pub answered_by: Option<UserId>,
    /// Counts the changes.
    pub version: i64,
    /// When it was sent.
    pub created_at: At,
    /// When it last changed.
    pub updated_at: At,
    /// The negotiation its acceptance led to.
    pub negotiation_id: Option<NegotiationId>,
}

impl Approach {
    /// The approach after a step at `now`, taken by `by` unless it is time's.
    ///
    /// # Errors
    /// `approach_wrong_state`.
    pub fn after(
        &self,
        step: ApproachStep,
        by: Option<UserId>,
        refusal: Option<&Refusal>,
        now: At,
    ) -> Result<Self, Problem> {
        let status = self.status.lead(step)?;
        let next = Self { status, version: self.version + 1, updated_at: now, ..self.clone() };
        let ended = Self { ended_at: Some(now), ..next.clone() };
        Ok(match step {
            ApproachStep::Acknowledge => Self { answered_by: by, ..next },
            ApproachStep::Accept => Self { answered_by: by, ..ended },
            ApproachStep::Decline => Self {
                answered_by: by,
                reason: refusal.map(|refusal| refusal.reason),
                note: refusal.and_then(|refusal| refusal.note.clone()),
                ..ended
            },
            ApproachStep::Withdraw | ApproachStep::Expire => ended,
            ApproachStep::Remind => Self { reminded_at: Some(now), ..next },
        })
    }

    /// The approach after its receiver was reminded. A reminder that comes late puts the end off, so that nothing ends in
    /// silence without the whole notice.
    ///
    /// # Errors
    /// `approach_wrong_state`.
    pub fn reminded(&self, rules: Negotiation, now: At) -> Result<Self, Problem> {
        let notice = now.plus_days(rules.reminder_days.into());
        let next = self.after(ApproachStep::Remind, None, None, now)?;
        Ok(Self { answer_by: self.answer_by.max(notice), ..next })
    }

    /// Whether the sender may know who the receiver is.
    #[must_use]
    pub fn is_open_about_receiver(&self) -> bool {
        !self.veiled || self.status == ApproachStatus::Accepted
    }
}

impl Sample for InterestContent {
    fn sample() -> Self {
        let NewInterest { message, transfer_forms, .. } = NewInterest::sample();
        Self { message, transfer_forms }
    }
}

impl Sample for NewInterest {
    fn sample() -> Self {
        Self {
            organization_id: OrganizationId(uuid::uuid!("0198c5a1-f2b0-7000-8000-00000000000c")),
            message: Prose::literal(
                "Chúng tôi muốn dùng cho cụm dệt nhuộm 2.000 m³/ngày và cần biết chi phí vận hành.",
            ),
            transfer_forms: [TransferForm::NonExclusiveLicence].into_iter().collect(),
        }
    }
}

impl Sample for NewProposal {
    fn sample() -> Self {
        Self {
            organization_id: OrganizationId(uuid::uuid!("0198c5a1-f2b0-7000-8000-00000000000a")),
            solution: Prose::literal(
                "Buồng sấy chân không 50 kg mỗi mẻ với tấm gia nhiệt điều khiển theo lõi vật liệu.",
            ),
            duration_months: 8,
            cost: Price { kind: PriceKind::Fixed, from: Some(Money::vnd(250_000_000)), to: None },
            listing_id: None,
        }
    }
}

impl Sample for Refusal {
    fn sample() -> Self {
        Self {
            reason: DeclineReason::Timing, note: Some(Prose::literal("Kế hoạch đầu tư đã lùi sang năm sau."))
        }
    }
}
