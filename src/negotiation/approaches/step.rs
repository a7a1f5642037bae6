//! Answering an approach, and taking one back.

use super::super::machine::{By, Life};
use super::super::rooms;
use super::approach::{Approach, Refusal};
use super::life::{ApproachStatus, ApproachStep};
use super::view::ApproachView;
use super::{TAG, store};
use crate::db::{Conn, Failure};
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Path, Reply, SignedIn};
use crate::kernel::access::{Actor, Role};
use crate::kernel::code::Code;
use crate::kernel::id::ApproachId;
use crate::kernel::problem::Problem;

pub(super) fn operations() -> [Operation; 4] {
    let step = |operation: Operation, summary: &'static str, description: &str| {
        let description = format!("{description} Editors and owners may do it.\n\n{}", ApproachStatus::table());
        let operation = operation.about(TAG, summary, description).if_match();
        let problems = [Code::ApproachWrongState, Code::RoleTooLow, Code::OtherSideOnly, Code::OrganizationDeactivated];
        operation.answers::<ApproachView>(200, "The approach after the step.").problems(&problems)
    };
    [
        step(
            Operation::post("/v1/approaches/{id}/acknowledgement", "approaches_acknowledge", acknowledge),
            "Acknowledge an approach",
            "The organisation it is addressed to says that it was read and will be answered; the time for an answer runs on.",
        ),
        step(
            Operation::post("/v1/approaches/{id}/acceptance", "approaches_accept", accept),
            "Accept an approach",
            "The organisation it is addressed to agrees to negotiate, which opens the negotiation named in the answer. The sender of a proposal on an anonymous order learns now \
             whose it is.",
        ),
        step(
            Operation::post("/v1/approaches/{id}/refusal", "approaches_decline", decline),
            "Decline an approach",
            "The organisation it is addressed to refuses, with a reason that the sender reads.",
        ),
        step(
            Operation::post("/v1/approaches/{id}/withdrawal", "approaches_withdraw", withdraw),
            "Withdraw an approach",
            "The organisation it comes from takes it back, as long as it is not answered for good.",
        ),
    ]
}

async fn acknowledge(call: Call<SignedIn>, Path((id,)): Path<(ApproachId,)>) -> Answer {
    step(call, id, ApproachStep::Acknowledge, None).await
}

async fn accept(call: Call<SignedIn>, Path((id,)): Path<(ApproachId,)>) -> Answer {
    step(call, id, ApproachStep::Accept, None).await
}

async fn decline(call: Call<SignedIn>, Path((id,)): Path<(ApproachId,)>, Body(refusal): Body<Refusal>) -> Answer {
    step(call, id, ApproachStep::Decline, Some(refusal)).await
}

async fn withdraw(call: Call<SignedIn>, Path((id,)): Path<(ApproachId,)>) -> Answer {
    step(call, id, ApproachStep::Withdraw, None).await
}

async fn step(call: Call<SignedIn>, id: ApproachId, step: ApproachStep, refusal: Option<Refusal>) -> Answer {
    let version = call.expected_version();
    call.write(move |tx, actor| {
        let readers = actor.organizations();
        let before = store::find_for(tx.conn, &readers, id)?.ok_or(Code::NotFound)?;
        permit(tx.conn, actor, &before, step)?;
        if before.version != version {
            return Err(Code::StaleVersion.into());
        }
        let mut after = before.after(step, Some(actor.user_id), refusal.as_ref(), tx.now)?;
        if step == ApproachStep::Accept {
            after.negotiation_id = Some(rooms::open(tx, &after)?);
        }
        advance(tx, &before, &after, step)?;
        let version = after.version;
        let view = ApproachView::one(tx.conn, &readers, after)?;
        Ok(Reply::ok(&view)?.version(version))
    })
    .await
}

/// Checks that the actor, who sees the approach, may take the step.
fn permit(conn: &mut Conn, actor: &Actor, approach: &Approach, step: ApproachStep) -> Result<(), Failure> {
    let side = match ApproachStatus::rule(step)?.by {
        By::Author => approach.sender_id,
        By::Other => approach.receiver_id,
        By::Either | By::Time => return Err(Code::NotFound.into()),
    };
    match actor.role_in(side) {
        None => Err(Code::OtherSideOnly.into()),
        Some(role) if role < Role::Editor => Err(Problem::new(Code::RoleTooLow).with("role", Role::Editor).into()),
        Some(_) => rooms::require_active(conn, side),
    }
}

/// Writes down that a step was taken.
///
/// # Errors
/// `stale_version` when the approach has changed in the meantime.
pub(super) fn advance(tx: &mut Tx<'_>, before: &Approach, after: &Approach, step: ApproachStep) -> Result<(), Failure> {
    if !store::save(tx.conn, after)? {
        return Err(Code::StaleVersion.into());
    }
    let rule = ApproachStatus::rule(step)?;
    // The organisation that acts, or that let the time pass: never one that the other side may not know of.
    let whose = if rule.by == By::Author { before.sender_id } else { before.receiver_id };
    let change = Change::new(rule.event, before.id.0, after.version).of(whose);
    let change = change.field("status", before.status, after.status);
    Ok(tx.record(&match after.reason {
        Some(reason) => change.field("reason", (), reason),
        None => change,
    })?)
}
