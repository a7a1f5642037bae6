//! Signing a non-disclosure agreement, taking it back, ending it, and letting its time run out.

use deserr::Deserr;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::super::machine::Life;
use super::super::rooms::{self, EventKind, Negotiation};
use super::life::{NdaStatus, NdaStep};
use super::nda::Nda;
use super::view::NdaView;
use super::{TAG, store};
use crate::catalogue;
use crate::db::Failure;
use crate::events::{Change, Job, Tx};
use crate::http::{Answer, Body, Call, Operation, Path, Reply, Sample, SignedIn, SteppedUp};
use crate::kernel::access::{Actor, Role};
use crate::kernel::code::Code;
use crate::kernel::id::{ConfidentialGrantId, NdaId, OrganizationId};
use crate::kernel::text::Prose;
use crate::kernel::validate::FieldErrors;

pub(super) fn operations() -> [Operation; 3] {
    let step = |operation: Operation, summary: &'static str, about: &str, more: &[Code]| {
        let description = format!("{about}\n\n{}", NdaStatus::table());
        let operation = operation.about(TAG, summary, description).if_match().problems(more);
        operation.answers::<NdaView>(200, "The agreement after the step.").problems(&[Code::NdaWrongState])
    };
    [
        step(
            Operation::post("/v1/ndas/{id}/signature", "ndas_sign", sign),
            "Sign a non-disclosure agreement",
            "By somebody who may sign for one of the two organisations. The second signature, which is the other side's, puts it in \
             force: while it is, members of the transferee read the confidential part of the listing, and each reading is in \
             the view log of that. The signature is of `text_sha256`.",
            &[Code::SignatoryRequired, Code::OtherSideOnly, Code::OrganizationDeactivated],
        ),
        step(
            Operation::post("/v1/ndas/{id}/withdrawal", "ndas_withdraw", withdraw),
            "Take back or refuse a non-disclosure agreement",
            "Before both have signed. Editors and owners of the two organisations may do it.",
            &[Code::RoleTooLow],
        ),
        step(
            Operation::post("/v1/ndas/{id}/termination", "ndas_terminate", terminate),
            "End a non-disclosure agreement",
            "By somebody who may sign for one of the two organisations, before its time is over. The confidential part closes at \
             once; what was learnt stays subject to what the agreement says of its end.",
            &[Code::SignatoryRequired],
        ),
    ]
}

/// Why a non-disclosure agreement is ended.
#[derive(Clone, Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
struct NdaTermination {
    /// Why; the other side reads it.
    reason: Prose<3, 2000>,
}

impl Sample for NdaTermination {
    fn sample() -> Self {
        Self { reason: Prose::literal("Đàm phán đã kết thúc.") }
    }
}

async fn sign(call: Call<SteppedUp>, Path((id,)): Path<(NdaId,)>) -> Answer {
    let version = call.expected_version();
    call.write(move |tx, actor| {
        let (before, mut room) = find_at(tx, actor, id, version)?;
        let step = before.status.signing();
        before.status.lead(step)?;
        let side = signing_side(actor, &room, before.first_side)?;
        rooms::require_active(tx.conn, side)?;
        let mut after = before.after(step, Some((actor.user_id, side)), tx.now)?;
        if step == NdaStep::Countersign {
            after.grant_id = open(tx, &room, &after, actor)?;
        }
        let kind = if step == NdaStep::Sign { EventKind::NdaSigned } else { EventKind::NdaInForce };
        let data = json!({"nda_id": id, "text_sha256": before.text_sha256, "expires_at": after.expires_at});
        advance(tx, &mut room, (&before, &after), step, Told(kind, Some(side), data))?;
        answer(after, &room)
    })
    .await
}

async fn withdraw(call: Call<SignedIn>, Path((id,)): Path<(NdaId,)>) -> Answer {
    let version = call.expected_version();
    call.write(move |tx, actor| {
        let (before, mut room) = find_at(tx, actor, id, version)?;
        let side = room.side_of(actor, Role::Editor)?;
        let after = before.after(NdaStep::Withdraw, None, tx.now)?;
        let told = Told(EventKind::NdaWithdrawn, Some(side), json!({"nda_id": id}));
        advance(tx, &mut room, (&before, &after), NdaStep::Withdraw, told)?;
        answer(after, &room)
    })
    .await
}

async fn terminate(
    call: Call<SteppedUp>,
    Path((id,)): Path<(NdaId,)>,
    Body(termination): Body<NdaTermination>,
) -> Answer {
    let version = call.expected_version();
    call.write(move |tx, actor| {
        let (before, mut room) = find_at(tx, actor, id, version)?;
        let after = before.after(NdaStep::Terminate, None, tx.now)?;
        let side = signing_side(actor, &room, None)?;
        let told = Told(EventKind::NdaTerminated, Some(side), json!({"nda_id": id, "reason": termination.reason}));
        advance(tx, &mut room, (&before, &after), NdaStep::Terminate, told)?;
        if let Some(grant) = after.grant_id {
            catalogue::close_confidential(tx, grant, room.transferor_id)?;
        }
        answer(after, &room)
    })
    .await
}

/// Agreements dealt with in one transaction; the same number twice, as the two sides of it count.
const CHUNK: usize = 100;
const LIMIT: i64 = 100;

/// The job, done hourly. The grants of the confidential parts end by themselves at the same instant.
pub fn job() -> Job {
    Job::new("ndas_expiry", 3_600, |run| run.write_in_chunks(CHUNK, expire))
}

fn expire(tx: &mut Tx<'_>) -> Result<usize, Failure> {
    let due = store::past(tx.conn, tx.now, LIMIT)?;
    let count = due.len();
    for (before, mut room) in due {
        // Another agreement of the same negotiation may have moved its head.
        if let Some(found) = rooms::find(tx.conn, room.id)? {
            room = found;
        }
        let after = before.after(NdaStep::Expire, None, tx.now)?;
        let told = Told(EventKind::NdaExpired, None, json!({"nda_id": before.id}));
        advance(tx, &mut room, (&before, &after), NdaStep::Expire, told)?;
    }
    Ok(count)
}

/// The agreement and its negotiation, as the actor sees them, at a version.
fn find_at(tx: &mut Tx<'_>, actor: &Actor, id: NdaId, version: i64) -> Result<(Nda, Negotiation), Failure> {
    let (nda, room) = store::find_for(tx.conn, &actor.organizations(), id)?.ok_or(Code::NotFound)?;
    if nda.version != version {
        return Err(Code::StaleVersion.into());
    }
    Ok((nda, room))
}

/// The side the actor may sign for, which is not the one that has signed.
fn signing_side(actor: &Actor, room: &Negotiation, signed: Option<OrganizationId>) -> Result<OrganizationId, Failure> {
    let signs: Vec<_> = room.sides().into_iter().filter(|side| actor.signs_for(*side)).collect();
    let free = signs.iter().find(|side| Some(**side) != signed);
    match (free, signs.is_empty()) {
        (Some(side), _) => Ok(*side),
        (None, true) => Err(Code::SignatoryRequired.into()),
        (None, false) => Err(Code::OtherSideOnly.into()),
    }
}

/// Opens the confidential part of the listing, if the negotiation is about one, to the transferee.
fn open(tx: &mut Tx<'_>, room: &Negotiation, nda: &Nda, actor: &Actor) -> Result<Option<ConfidentialGrantId>, Failure> {
    let (Some(listing), Some(until)) = (room.listing_id, nda.expires_at) else { return Ok(None) };
    let purpose = format!("Thỏa thuận bảo mật {}, SHA-256 {}.", nda.id, nda.text_sha256);
    let grant = catalogue::open_confidential(
        tx,
        &catalogue::Opening {
            listing,
            owner: room.transferor_id,
            reader: room.transferee_id,
            purpose: &purpose,
            granted_by: actor.user_id,
            until,
        },
    )?;
    Ok(Some(grant))
}

/// What the timeline is told of a step.
struct Told(EventKind, Option<OrganizationId>, Value);

/// Writes down that a step was taken.
fn advance(
    tx: &mut Tx<'_>,
    room: &mut Negotiation,
    (before, after): (&Nda, &Nda),
    step: NdaStep,
    Told(kind, side, data): Told,
) -> Result<(), Failure> {
    if !store::save(tx.conn, after)? {
        return Err(Code::StaleVersion.into());
    }
    rooms::append(tx, room, kind, side, data)?;
    let change = Change::new(NdaStatus::rule(step)?.event, after.id.0, after.version);
    let change = change.of(side.unwrap_or(before.offered_by)).field("status", before.status, after.status);
    Ok(tx.record(&change)?)
}

fn answer(nda: Nda, room: &Negotiation) -> Result<Reply, Failure> {
    let version = nda.version;
    Ok(Reply::ok(&NdaView::new(nda, room.sides()))?.version(version))
}
