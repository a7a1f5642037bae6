//! A negotiation: the row, its life, and who its sides are.

use diesel::prelude::*;

use super::super::machine::{By, Life, Rule, Tells};
use super::event::NOTHING_BEFORE;
use crate::db::schema::negotiations;
use crate::kernel::access::{Actor, Role};
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::id::{ApproachId, ListingId, NegotiationId, OrderId, OrganizationId};
use crate::kernel::problem::Problem;
use crate::kernel::text_enum;

text_enum! {
    /// Where a negotiation is. More may be added.
    pub enum NegotiationStatus {
        /// The two sides negotiate.
        Open = "open",
        /// The two sides have agreed: an offer was accepted.
        Agreed = "agreed",
        /// One side has ended it without an agreement.
        Ended = "ended",
    }
}

text_enum! {
    /// What can be done with a negotiation as a whole.
    pub enum NegotiationStep {
        /// Agree, by accepting an offer.
        Agree = "agree",
        /// End it without an agreement.
        End = "end",
    }
}

impl Life for NegotiationStatus {
    type Step = NegotiationStep;
    const WRONG_STATE: Code = Code::NegotiationWrongState;
    const BEGINNING: (&'static str, Tells) = ("negotiation.opened", Tells::Nobody);
    const RULES: &'static [Rule<Self, NegotiationStep>] = &[
        Rule {
            step: NegotiationStep::Agree,
            from: &[Self::Open],
            to: Some(Self::Agreed),
            by: By::Either,
            event: "negotiation.agreed",
            tells: Tells::Nobody,
        },
        Rule {
            step: NegotiationStep::End,
            from: &[Self::Open],
            to: Some(Self::Ended),
            by: By::Either,
            event: "negotiation.ended",
            tells: Tells::Both,
        },
    ];
}

/// A negotiation between two organisations.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = negotiations, check_for_backend(crate::db::MultiBackend), treat_none_as_default_value = false)]
pub struct Negotiation {
    /// The negotiation.
    pub id: NegotiationId,
    /// The approach it began with.
    pub approach_id: ApproachId,
    /// The listing that is negotiated about, if there is one.
    pub listing_id: Option<ListingId>,
    /// The order it is about, if it began with a proposal.
    pub order_id: Option<OrderId>,
    /// What it is about, in one line.
    pub title: String,
    /// Who gives the technology.
    pub transferor_id: OrganizationId,
    /// Who takes it.
    pub transferee_id: OrganizationId,
    /// Where it is.
    pub status: NegotiationStatus,
    /// The number of its last event.
    pub head_seq: i64,
    /// The hash of that.
    pub head_hash: String,
    /// Counts the changes of its status.
    pub version: i64,
    /// When it began.
    pub created_at: At,
    /// When something last happened.
    pub updated_at: At,
}

impl Negotiation {
    /// A negotiation in which nothing has happened yet.
    #[must_use]
    pub fn new(
        id: NegotiationId,
        approach: (ApproachId, String),
        now: At,
        sides: (OrganizationId, OrganizationId),
    ) -> Self {
        let (approach_id, title) = approach;
        let (transferor_id, transferee_id) = sides;
        Self {
            id,
            approach_id,
            listing_id: None,
            order_id: None,
            title,
            transferor_id,
            transferee_id,
            status: NegotiationStatus::Open,
            head_seq: 0,
            head_hash: NOTHING_BEFORE.to_owned(),
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    /// The two sides.
    #[must_use]
    pub fn sides(&self) -> [OrganizationId; 2] {
        [self.transferor_id, self.transferee_id]
    }

    /// The side across from this one.
    #[must_use]
    pub fn across(&self, side: OrganizationId) -> OrganizationId {
        if side == self.transferor_id { self.transferee_id } else { self.transferor_id }
    }

    /// The side the actor acts for, with at least this role.
    ///
    /// # Errors
    /// `not_found` for those who belong to neither, `role_too_low`.
    pub fn side_of(&self, actor: &Actor, role: Role) -> Result<OrganizationId, Problem> {
        let own = self.sides().into_iter().filter_map(|side| Some((actor.role_in(side)?, side)));
        match own.max() {
            None => Err(Code::NotFound.into()),
            Some((held, _)) if held < role => Err(Problem::new(Code::RoleTooLow).with("role", role)),
            Some((_, side)) => Ok(side),
        }
    }

    /// Checks that it goes on.
    ///
    /// # Errors
    /// `negotiation_wrong_state`.
    pub fn require_open(&self) -> Result<(), Problem> {
        self.status.lead(NegotiationStep::End).map(|_| ())
    }
}
