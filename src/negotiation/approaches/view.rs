//! What the two organisations see of an approach.

use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

use super::approach::{Approach, ApproachKind, DeclineReason, InterestContent, ProposalContent};
use super::life::ApproachStatus;
use crate::accounts::{self, OrganizationBrief};
use crate::db::{Conn, DbError, Failure};
use crate::http::Sample;
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::id::{ApproachId, ListingId, NegotiationId, OrderId, OrganizationId};

/// An expression of interest in a listing, or a proposal on an order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Approach)]
pub struct ApproachView {
    /// The approach.
    pub id: ApproachId,
    /// What it is.
    pub kind: ApproachKind,
    /// Where it is in its life.
    pub status: ApproachStatus,
    /// The listing, for an expression of interest.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub listing_id: Option<ListingId>,
    /// The order, for a proposal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub order_id: Option<OrderId>,
    /// The title of that when the approach was sent.
    #[schema(example = "Đĩa quay sinh học xử lý nước thải dệt nhuộm")]
    pub title: String,
    /// From whom; absent only where the organisation does not exist any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub sender: Option<OrganizationBrief>,
    /// To whom; absent for the sender while the order is anonymous and the proposal not accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub receiver: Option<OrganizationBrief>,
    /// What an expression of interest says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub interest: Option<InterestContent>,
    /// What a proposal says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub proposal: Option<ProposalContent>,
    /// Why it was declined.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub reason: Option<DeclineReason>,
    /// More about that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub note: Option<String>,
    /// Until when an answer is waited for; then silence is the outcome.
    pub answer_by: At,
    /// When it was accepted, declined, withdrawn, or ended in silence.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub ended_at: Option<At>,
    /// The negotiation its acceptance led to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub negotiation_id: Option<NegotiationId>,
    /// When it was sent.
    pub created_at: At,
    /// When it last changed.
    pub updated_at: At,
}

impl ApproachView {
    fn new(row: Approach, sender: Option<OrganizationBrief>, receiver: Option<OrganizationBrief>) -> Self {
        let Approach { id, kind, subject_id, title, status, interest, proposal, reason, note, answer_by, .. } = row;
        Self {
            id,
            kind,
            status,
            listing_id: (kind == ApproachKind::Interest).then_some(ListingId(subject_id.0)),
            order_id: (kind == ApproachKind::Proposal).then_some(OrderId(subject_id.0)),
            title,
            sender,
            receiver,
            interest: interest.map(|content| content.0),
            proposal: proposal.map(|content| content.0),
            reason,
            note: note.map(Into::into),
            answer_by,
            ended_at: row.ended_at,
            negotiation_id: row.negotiation_id,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }

    /// The approaches as somebody who belongs to these organisations sees them.
    ///
    /// # Errors
    /// The database's failure.
    pub fn all(conn: &mut Conn, readers: &[OrganizationId], rows: Vec<Approach>) -> Result<Vec<Self>, DbError> {
        let ids: Vec<_> = rows.iter().flat_map(|row| [row.sender_id, row.receiver_id]).collect();
        let briefs: HashMap<_, _> =
            accounts::organization_briefs(conn, &ids)?.into_iter().map(|brief| (brief.id, brief)).collect();
        let shown = |row: Approach| {
            let known = row.is_open_about_receiver() || readers.contains(&row.receiver_id);
            let receiver = briefs.get(&row.receiver_id).filter(|_| known).cloned();
            let sender = briefs.get(&row.sender_id).cloned();
            Self::new(row, sender, receiver)
        };
        Ok(rows.into_iter().map(shown).collect())
    }

    /// One of them.
    ///
    /// # Errors
    /// The database's failure.
    pub fn one(conn: &mut Conn, readers: &[OrganizationId], row: Approach) -> Result<Self, Failure> {
        Ok(Self::all(conn, readers, vec![row])?.pop().ok_or(Code::InternalError)?)
    }
}

impl Sample for ApproachView {
    fn sample() -> Self {
        let receiver = OrganizationBrief::sample();
        let id = OrganizationId(uuid::uuid!("0198c5a1-f2b0-7000-8000-00000000000c"));
        let sender =
            OrganizationBrief { id, name: "Công ty Dệt nhuộm (mẫu)".into(), ..OrganizationBrief::sample() };
        Self {
            id: ApproachId(uuid::uuid!("0198c5a1-f2b0-7e00-8d3e-5f0a1b2c3d4e")),
            kind: ApproachKind::Interest,
            status: ApproachStatus::Sent,
            listing_id: Some(ListingId(uuid::uuid!("0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d4e"))),
            order_id: None,
            title: "Đĩa quay sinh học xử lý nước thải dệt nhuộm".into(),
            sender: Some(sender),
            receiver: Some(receiver),
            interest: Some(InterestContent::sample()),
            proposal: None,
            reason: None,
            note: None,
            answer_by: At::sample().plus_days(30),
            ended_at: None,
            negotiation_id: None,
            created_at: At::sample(),
            updated_at: At::sample(),
        }
    }
}
