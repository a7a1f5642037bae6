//! Sending an expression of interest or a proposal.

use uuid::Uuid;

use super::approach::{Approach, ApproachKind, InterestContent, NewInterest, NewProposal, ProposalContent};
use super::life::ApproachStatus;
use super::view::ApproachView;
use super::{TAG, store};
use crate::accounts::{self, OrganizationBrief, Verification};
use crate::catalogue::{Item, Listing, Order, Status};
use crate::config::Negotiation;
use crate::db::types::Json;
use crate::db::{Conn, Failure};
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Path, Reply, SignedIn};
use crate::kernel::access::{Actor, OrganizationKind, Reader, Role};
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::id::{ListingId, ObjectId, OrderId, OrganizationId};
use crate::kernel::problem::Problem;
use crate::kernel::validate::FieldCode;

const PROBLEMS: [Code; 5] = [
    Code::RoleTooLow,
    Code::NotOpenForInterest,
    Code::TooManyApproaches,
    Code::OrganizationNotVerified,
    Code::OrganizationDeactivated,
];

const DAY: i64 = 86_400;

pub(super) fn operations() -> [Operation; 2] {
    [
        Operation::post("/v1/listings/{id}/interests", "approaches_express_interest", express)
            .about(
                TAG,
                "Express interest in a listing",
                "For a verified organisation, by its editors and owners, while the listing is published and \
                 `open_for_interest`. An organisation has one open approach to a listing at a time and may send so many a \
                 day. The listing's organisation is told by mail and has until `answer_by`.",
            )
            .answers::<ApproachView>(201, "The expression of interest, sent.")
            .problems(&PROBLEMS),
        Operation::post("/v1/orders/{id}/proposals", "approaches_propose", propose)
            .about(
                TAG,
                "Propose something on an order",
                "For a verified organisation, by its editors and owners, while the order is published and \
                 `open_for_interest`. An organisation has one open approach to an order at a time and may send so many a day. \
                 The order's organisation is told by mail and has until `answer_by`. Whose an anonymous order is, the \
                 proposer learns when the proposal is accepted.",
            )
            .answers::<ApproachView>(201, "The proposal, sent.")
            .problems(&PROBLEMS),
    ]
}

/// What an approach says.
#[derive(Clone)]
enum Content {
    Interest(InterestContent),
    Proposal(ProposalContent),
}

async fn express(call: Call<SignedIn>, Path((id,)): Path<(ListingId,)>, Body(new): Body<NewInterest>) -> Answer {
    let rules = call.app().config.negotiation;
    let NewInterest { organization_id, message, transfer_forms } = new;
    let content = Content::Interest(InterestContent { message, transfer_forms });
    call.write(move |tx, actor| {
        let subject = subject::<Listing>(tx.conn, actor, id)?;
        send(tx, actor, subject, organization_id, content.clone(), rules)
    })
    .await
}

async fn propose(call: Call<SignedIn>, Path((id,)): Path<(OrderId,)>, Body(new): Body<NewProposal>) -> Answer {
    let rules = call.app().config.negotiation;
    let NewProposal { organization_id, solution, duration_months, cost, listing_id } = new;
    let content = Content::Proposal(ProposalContent { solution, duration_months, cost, listing_id });
    call.write(move |tx, actor| {
        let subject = subject::<Order>(tx.conn, actor, id)?;
        if let Some(offered) = listing_id {
            offers_own(tx.conn, organization_id, offered)?;
        }
        send(tx, actor, subject, organization_id, content.clone(), rules)
    })
    .await
}

/// What an approach is about.
struct Subject {
    id: Uuid,
    title: String,
    owner: OrganizationId,
    /// Why it takes no approaches, if it takes none.
    closed: bool,
    /// Whether the public does not know whose it is.
    veiled: bool,
}

fn subject<I: Item>(conn: &mut Conn, actor: &Actor, id: I::Id) -> Result<Subject, Failure> {
    let found = I::find_for(conn, &Reader::from(actor), id)?.ok_or(Code::NotFound)?;
    let state = found.item.state();
    let open = state.status == Status::Published && state.open_for_interest;
    // As everybody sees it: whose an anonymous one is, some know by other ways, and their colleagues do not.
    let public = I::find_for(conn, &Reader::default(), id)?;
    let owner_known = public.as_ref().is_some_and(|public| {
        let owner: Option<OrganizationBrief> = public.organization.clone().into();
        owner.is_some()
    });
    Ok(Subject {
        id: id.into(),
        title: found.item.title().to_owned(),
        owner: found.item.organization_id(),
        closed: !open || public.is_none(),
        veiled: !owner_known,
    })
}

fn send(
    tx: &mut Tx<'_>,
    actor: &Actor,
    subject: Subject,
    sender: OrganizationId,
    content: Content,
    rules: Negotiation,
) -> Result<Reply, Failure> {
    may_send(tx.conn, actor, sender)?;
    if subject.owner == sender {
        return Err(Problem::field("/organization_id", FieldCode::NotAllowedHere).into());
    }
    if subject.closed {
        return Err(Code::NotOpenForInterest.into());
    }
    within_limit(tx.conn, sender, rules, tx.now)?;
    let (kind, interest, proposal) = match content {
        Content::Interest(content) => (ApproachKind::Interest, Some(Json(content)), None),
        Content::Proposal(content) => (ApproachKind::Proposal, None, Some(Json(content))),
    };
    let approach = Approach {
        id: tx.id(),
        kind,
        subject_id: ObjectId(subject.id),
        title: subject.title,
        sender_id: sender,
        receiver_id: subject.owner,
        veiled: subject.veiled,
        interest,
        proposal,
        status: ApproachStatus::Sent,
        reason: None,
        note: None,
        answer_by: tx.now.plus_days(rules.answer_days.into()),
        reminded_at: None,
        ended_at: None,
        sent_by: actor.user_id,
        answered_by: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        negotiation_id: None,
    };
    store::insert(tx.conn, &approach)?;
    let id = approach.id;
    let change = Change::new("approach.sent", id.0, 1).of(sender);
    tx.record(&change.field("kind", (), kind).field("subject_id", (), approach.subject_id))?;
    let view = ApproachView::one(tx.conn, &actor.organizations(), approach)?;
    Ok(Reply::created(format!("/v1/approaches/{id}"), &view)?.version(1))
}

/// Checks that the actor may send in the name of this organisation.
fn may_send(conn: &mut Conn, actor: &Actor, sender: OrganizationId) -> Result<(), Failure> {
    let refused = |code| Problem::field("/organization_id", code);
    if actor.role_in(sender).is_none() {
        return Err(refused(FieldCode::NoSuchOrganization).into());
    }
    actor.require(Role::Editor, sender)?;
    let brief = accounts::organization_brief(conn, sender)?.ok_or(Code::NotFound)?;
    if brief.kind == OrganizationKind::Authority {
        return Err(refused(FieldCode::NotAllowedHere).into());
    }
    if brief.deactivated_at.is_some() {
        return Err(Code::OrganizationDeactivated.into());
    }
    if brief.verification != Verification::Verified {
        return Err(Code::OrganizationNotVerified.into());
    }
    Ok(())
}

/// Checks that the organisation has not sent all it may within a day.
fn within_limit(conn: &mut Conn, sender: OrganizationId, rules: Negotiation, now: At) -> Result<(), Failure> {
    let free_at = store::nth_latest(conn, sender, rules.approaches_per_day.max(1))?.map(|at| at.plus_seconds(DAY));
    match free_at {
        Some(free_at) if free_at > now => {
            let seconds = (free_at.seconds() - now.seconds()).max(1);
            Err(Problem::retry_later(Code::TooManyApproaches, seconds.unsigned_abs()).into())
        }
        _ => Ok(()),
    }
}

/// Checks that the listing a proposal offers is a published one of the organisation that proposes.
fn offers_own(conn: &mut Conn, sender: OrganizationId, listing: ListingId) -> Result<(), Failure> {
    let found = Listing::find_for(conn, &Reader::default(), listing)?;
    if found.is_some_and(|found| found.item.organization_id == sender) {
        return Ok(());
    }
    Err(Problem::field("/listing_id", FieldCode::NoSuchListing).into())
}
