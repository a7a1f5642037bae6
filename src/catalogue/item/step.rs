//! Taking a step: who may, from where, what it needs, what it writes.

use super::model::{Content, Found, Happening, Item, State};
use crate::accounts::Verification;
use crate::catalogue::lifecycle::{By, Step, listed};
use crate::catalogue::reviews::{self, Decision, ReviewReasons};
use crate::db::{Conn, Failure};
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Officer, Operation, Path, Reply, SignedIn};
use crate::kernel::access::{Actor, Reader};
use crate::kernel::code::Code;
use crate::kernel::problem::Problem;
use crate::kernel::validate::{FieldCode, FieldError};

/// The moderation operations of one kind of item.
pub fn operations<I: Item>() -> Vec<Operation> {
    let names = I::NAMES;
    let common = |operation: Operation| {
        operation.if_match().answers::<I::View>(200, "The item after the step.").problems(&[I::WRONG_STATE])
    };
    let by_owner = [Code::RoleTooLow];
    vec![
        common(Operation::post(names.submission.0, names.submission.1, submit::<I>).about(
            I::TAG,
            "Submit for moderation",
            "Hands a draft, something taken back, or something sent back for changes to the officers. The organisation has to be \
             verified and the content complete: a 422 `incomplete` names each field that is missing. Editors and owners of the \
             organisation may do it.",
        ))
        .problems(&by_owner)
        .problems(&[Code::Incomplete, Code::OrganizationNotVerified]),
        common(Operation::post(names.withdrawal.0, names.withdrawal.1, withdraw::<I>).about(
            I::TAG,
            "Withdraw",
            "Takes back what was submitted or published: it leaves the public lists and the search. It can be changed and \
             submitted again. Editors and owners of the organisation may do it.",
        ))
        .problems(&by_owner),
        common(Operation::post(names.publication.0, names.publication.1, publish::<I>).about(
            "Moderation",
            "Publish",
            "Makes a submitted item public. It is found by searching within a second.",
        )),
        common(Operation::post(names.change_request.0, names.change_request.1, request_changes::<I>).about(
            "Moderation",
            "Ask for changes",
            "Sends a submitted item back with at least one reason. The organisation reads the reasons under `reviews`.",
        )),
        common(Operation::post(names.rejection.0, names.rejection.1, reject::<I>).about(
            "Moderation",
            "Reject",
            "Refuses a submitted item for good, with at least one reason.",
        )),
    ]
}

async fn submit<I: Item>(call: Call<SignedIn>, Path((id,)): Path<(I::Id,)>) -> Answer {
    let version = call.expected_version();
    call.write(move |tx, actor| answer::<I>(take(tx, actor, id, version, Step::Submit)?)).await
}

async fn withdraw<I: Item>(call: Call<SignedIn>, Path((id,)): Path<(I::Id,)>) -> Answer {
    let version = call.expected_version();
    call.write(move |tx, actor| answer::<I>(take(tx, actor, id, version, Step::Withdraw)?)).await
}

async fn publish<I: Item>(call: Call<Officer>, Path((id,)): Path<(I::Id,)>) -> Answer {
    let version = call.expected_version();
    call.write(move |tx, officer| {
        decide::<I>(tx, &officer.0, id, version, Decision::Publish, &ReviewReasons::default())
    })
    .await
}

async fn request_changes<I: Item>(
    call: Call<Officer>,
    Path((id,)): Path<(I::Id,)>,
    Body(reasons): Body<ReviewReasons>,
) -> Answer {
    let version = call.expected_version();
    call.write(move |tx, officer| decide::<I>(tx, &officer.0, id, version, Decision::RequestChanges, &reasons)).await
}

async fn reject<I: Item>(
    call: Call<Officer>,
    Path((id,)): Path<(I::Id,)>,
    Body(reasons): Body<ReviewReasons>,
) -> Answer {
    let version = call.expected_version();
    call.write(move |tx, officer| decide::<I>(tx, &officer.0, id, version, Decision::Reject, &reasons)).await
}

/// An officer's decision: the step and the review that explains it.
fn decide<I: Item>(
    tx: &mut Tx<'_>,
    officer: &Actor,
    id: I::Id,
    version: i64,
    decision: Decision,
    reasons: &ReviewReasons,
) -> Result<Reply, Failure> {
    let step = match decision {
        Decision::Publish => Step::Publish,
        Decision::RequestChanges => Step::RequestChanges,
        Decision::Reject => Step::Reject,
    };
    let found = take::<I>(tx, officer, id, version, step)?;
    reviews::record(tx, I::SUBJECT, id.into(), decision, reasons, officer.user_id)?;
    answer(found)
}

/// The item as the actor sees it, if the actor may take the step and the item is at `version`.
///
/// # Errors
/// `not_found`, `role_too_low`, `officer_required`, `stale_version`, the kind's wrong-state code.
pub(super) fn find_at<I: Item>(
    conn: &mut Conn,
    actor: &Actor,
    id: I::Id,
    version: i64,
    step: Step,
) -> Result<Found<I>, Failure> {
    let found = I::find_for(conn, &Reader::from(actor), id)?.ok_or(Code::NotFound)?;
    permit(actor, &found, step)?;
    let state = found.item.state();
    if state.version != version {
        return Err(Code::StaleVersion.into());
    }
    let wrong = |allowed| Problem::new(I::WRONG_STATE).with("status", state.status).with("allowed", listed(allowed));
    step.lead(state.status).map_err(wrong)?;
    Ok(found)
}

/// Takes a step on an item the actor sees at `version`.
///
/// # Errors
/// As [`find_at`]; for a submission also `organization_not_verified` and `incomplete`.
fn take<I: Item>(tx: &mut Tx<'_>, actor: &Actor, id: I::Id, version: i64, step: Step) -> Result<Found<I>, Failure> {
    let mut found: Found<I> = find_at(tx.conn, actor, id, version, step)?;
    if step == Step::Submit {
        ready_to_submit(&found)?;
    }
    let (before, now) = (found.item.state(), tx.now);
    let Ok(status) = step.lead(before.status) else { return Err(I::WRONG_STATE.into()) };
    found.item.set_state(State {
        status,
        version: version + 1,
        updated_at: now,
        submitted_at: if step == Step::Submit { Some(now) } else { before.submitted_at },
        published_at: if step == Step::Publish { Some(now) } else { before.published_at },
    });
    if !found.item.save(tx.conn)? {
        return Err(Code::StaleVersion.into());
    }
    let change = Change::new(I::event(Happening::Step(step)), id.into(), version + 1).of(found.item.organization_id());
    tx.record(&change.field("status", before.status, status))?;
    Ok(found)
}

/// Checks that the actor, who sees the item, may take the step.
fn permit<I: Item>(actor: &Actor, found: &Found<I>, step: Step) -> Result<(), Problem> {
    match step.by() {
        By::Officer if actor.is_officer() => Ok(()),
        By::Officer => Err(Code::OfficerRequired.into()),
        By::Owner(role) if actor.role_in(found.item.organization_id()) >= Some(role) => Ok(()),
        By::Owner(role) => Err(Problem::new(Code::RoleTooLow).with("role", role)),
    }
}

fn ready_to_submit<I: Item>(found: &Found<I>) -> Result<(), Problem> {
    if found.organization.verification != Verification::Verified {
        return Err(Code::OrganizationNotVerified.into());
    }
    let missing = found.item.content().missing();
    if missing.is_empty() {
        return Ok(());
    }
    let errors = missing.into_iter().map(|pointer| FieldError::new(pointer, FieldCode::Required)).collect();
    Err(Problem { errors, ..Problem::new(Code::Incomplete) })
}

pub(super) fn answer<I: Item>(found: Found<I>) -> Result<Reply, Failure> {
    let version = found.item.state().version;
    Ok(Reply::ok(&I::View::from(found))?.version(version))
}
