//! Accepting, refusing and taking back an offer, and letting it lapse.

use serde_json::{Value, json};

use super::super::machine::{By, Life};
use super::super::rooms::{self, EventKind, Negotiation};
use super::life::{OfferStatus, OfferStep};
use super::offer::{Offer, OfferRejection};
use super::view::OfferView;
use super::{TAG, store};
use crate::db::Failure;
use crate::events::{Change, Job, Tx};
use crate::http::{Answer, Body, Call, Operation, Path, Reply, SignedIn, SteppedUp};
use crate::kernel::access::{Actor, Role};
use crate::kernel::code::Code;
use crate::kernel::id::{OfferId, OrganizationId};
use crate::kernel::problem::Problem;

pub(super) fn operations() -> [Operation; 3] {
    let step = |operation: Operation, summary: &'static str, about: &str, more: &[Code]| {
        let description = format!("{about}\n\n{}", OfferStatus::table());
        let operation = operation.about(TAG, summary, description).if_match().problems(more);
        let problems = [Code::OfferWrongState, Code::OtherSideOnly, Code::NegotiationWrongState];
        operation.answers::<OfferView>(200, "The offer after the step.").problems(&problems)
    };
    [
        step(
            Operation::post("/v1/offers/{id}/acceptance", "offers_accept", accept),
            "Accept an offer",
            "By somebody who may sign for the other side. The negotiation is `agreed`, on exactly the terms of `terms_sha256`.",
            &[Code::SignatoryRequired, Code::OrganizationDeactivated],
        ),
        step(
            Operation::post("/v1/offers/{id}/rejection", "offers_reject", reject),
            "Refuse an offer",
            "The other side refuses and says why. Editors and owners may do it.",
            &[Code::RoleTooLow],
        ),
        step(
            Operation::post("/v1/offers/{id}/withdrawal", "offers_withdraw", withdraw),
            "Take back an offer",
            "The side that made it takes it back while it is open. Editors and owners may do it.",
            &[Code::RoleTooLow],
        ),
    ]
}

async fn accept(call: Call<SteppedUp>, Path((id,)): Path<(OfferId,)>) -> Answer {
    let version = call.expected_version();
    call.write(move |tx, actor| {
        let (before, mut room) = find_at(tx, actor, id, version)?;
        let side = room.across(before.offered_by);
        if !actor.signs_for(side) {
            let code = if actor.role_in(side).is_none() { Code::OtherSideOnly } else { Code::SignatoryRequired };
            return Err(code.into());
        }
        rooms::require_active(tx.conn, side)?;
        room.require_open()?;
        let after = before.after(OfferStep::Accept, Some(actor.user_id), tx.now)?;
        let data = json!({"offer_id": id, "terms_sha256": before.terms_sha256});
        advance(tx, &mut room, (&before, &after), OfferStep::Accept, Told(EventKind::OfferAccepted, Some(side), data))?;
        rooms::agree(tx, &room, side)?;
        answer(tx, after)
    })
    .await
}

async fn reject(call: Call<SignedIn>, Path((id,)): Path<(OfferId,)>, Body(rejection): Body<OfferRejection>) -> Answer {
    let version = call.expected_version();
    call.write(move |tx, actor| {
        let (before, mut room) = find_at(tx, actor, id, version)?;
        let side = require_side(actor, &before, &room, OfferStep::Reject)?;
        room.require_open()?;
        let after = before.after(OfferStep::Reject, Some(actor.user_id), tx.now)?;
        let after = Offer { reason: Some(rejection.reason.clone()), ..after };
        let data = json!({"offer_id": id, "reason": rejection.reason});
        advance(tx, &mut room, (&before, &after), OfferStep::Reject, Told(EventKind::OfferRejected, Some(side), data))?;
        answer(tx, after)
    })
    .await
}

async fn withdraw(call: Call<SignedIn>, Path((id,)): Path<(OfferId,)>) -> Answer {
    let version = call.expected_version();
    call.write(move |tx, actor| {
        let (before, mut room) = find_at(tx, actor, id, version)?;
        let side = require_side(actor, &before, &room, OfferStep::Withdraw)?;
        room.require_open()?;
        let after = before.after(OfferStep::Withdraw, Some(actor.user_id), tx.now)?;
        let told = Told(EventKind::OfferWithdrawn, Some(side), json!({"offer_id": id}));
        advance(tx, &mut room, (&before, &after), OfferStep::Withdraw, told)?;
        answer(tx, after)
    })
    .await
}

/// Offers dealt with in one transaction; the same number twice, as the two sides of it count.
const CHUNK: usize = 100;
const LIMIT: i64 = 100;

/// The job, done hourly. An offer whose time is over cannot be accepted whether or not it has been noted.
pub fn job() -> Job {
    Job::new("offers_expiry", 3_600, |run| run.write_in_chunks(CHUNK, lapse))
}

fn lapse(tx: &mut Tx<'_>) -> Result<usize, Failure> {
    let due = store::past(tx.conn, tx.now, LIMIT)?;
    for (before, room) in &due {
        let mut room = rooms::find(tx.conn, *room)?.ok_or(Code::NotFound)?;
        let after = before.after(OfferStep::Lapse, None, tx.now)?;
        let told = Told(EventKind::OfferLapsed, None, json!({"offer_id": before.id}));
        advance(tx, &mut room, (before, &after), OfferStep::Lapse, told)?;
    }
    Ok(due.len())
}

/// The offer and its negotiation, as the actor sees them, at a version.
pub(super) fn find_at(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: OfferId,
    version: i64,
) -> Result<(Offer, Negotiation), Failure> {
    let (offer, room) = store::find_for(tx.conn, &actor.organizations(), id)?.ok_or(Code::NotFound)?;
    if offer.version != version {
        return Err(Code::StaleVersion.into());
    }
    Ok((offer, room))
}

/// The side whose step it is, if the actor writes for it.
pub(super) fn require_side(
    actor: &Actor,
    offer: &Offer,
    room: &Negotiation,
    step: OfferStep,
) -> Result<OrganizationId, Problem> {
    let side = match OfferStatus::rule(step)?.by {
        By::Author => offer.offered_by,
        By::Other | By::Either | By::Time => room.across(offer.offered_by),
    };
    match actor.role_in(side) {
        None => Err(Code::OtherSideOnly.into()),
        Some(role) if role < Role::Editor => Err(Problem::new(Code::RoleTooLow).with("role", Role::Editor)),
        Some(_) => Ok(side),
    }
}

/// What the timeline is told of a step.
pub(super) struct Told(pub EventKind, pub Option<OrganizationId>, pub Value);

/// Writes down that a step was taken.
pub(super) fn advance(
    tx: &mut Tx<'_>,
    room: &mut Negotiation,
    (before, after): (&Offer, &Offer),
    step: OfferStep,
    Told(kind, side, data): Told,
) -> Result<(), Failure> {
    if !store::save(tx.conn, after)? {
        return Err(Code::StaleVersion.into());
    }
    rooms::append(tx, room, kind, side, data)?;
    let change = Change::new(OfferStatus::rule(step)?.event, after.id.0, after.version);
    let change = change.of(side.unwrap_or(before.offered_by)).field("status", before.status, after.status);
    Ok(tx.record(&change)?)
}

fn answer(tx: &mut Tx<'_>, offer: Offer) -> Result<Reply, Failure> {
    let version = offer.version;
    Ok(Reply::ok(&OfferView::load(tx.conn, offer, tx.now)?)?.version(version))
}
