//! The officers' decisions: each is a step, and a review that explains it.

use super::model::Item;
use super::step::{answer, take};
use crate::catalogue::lifecycle::Term;
use crate::catalogue::reviews::{self, Decision, ItemSuspension, ReviewReasons};
use crate::db::Failure;
use crate::events::Tx;
use crate::http::{Answer, Body, Call, Officer, Operation, Path, Reply};
use crate::kernel::access::Actor;
use crate::kernel::code::Code;

const TAG: &str = "Moderation";

/// The officers' operations on one kind of item.
pub fn operations<I: Item>() -> Vec<Operation> {
    let names = I::NAMES;
    let decision = |operation: Operation, summary: &'static str, description: &'static str| {
        let operation = operation.about(TAG, summary, description).if_match();
        operation
            .answers::<I::View>(200, "The item after the step.")
            .problems(&[I::WRONG_STATE, Code::ConflictOfInterest])
    };
    vec![
        decision(
            Operation::post(names.publication.0, names.publication.1, publish::<I>),
            "Publish",
            "Makes a submitted item public, for a year unless it is confirmed. It is found by searching within a second.",
        ),
        decision(
            Operation::post(names.change_request.0, names.change_request.1, request_changes::<I>),
            "Ask for changes",
            "Sends a submitted item back with at least one reason. The organisation reads the reasons under `reviews`.",
        ),
        decision(
            Operation::post(names.rejection.0, names.rejection.1, reject::<I>),
            "Reject",
            "Refuses a submitted item for good, with at least one reason.",
        ),
        decision(
            Operation::post(names.suspension.0, names.suspension.1, suspend::<I>),
            "Suspend",
            "Takes a published item from the public at once, out of lists and search, for a reason that its organisation reads \
             under `reviews`. Only an officer can put it back.",
        ),
        decision(
            Operation::post(names.reinstatement.0, names.reinstatement.1, reinstate::<I>),
            "End a suspension",
            "Makes a suspended item public again, as it was. The suspension did not stop the time it has until it runs out.",
        ),
    ]
}

async fn publish<I: Item>(call: Call<Officer>, path: Path<(I::Id,)>) -> Answer {
    decide::<I>(call, path, Decision::Publish, ReviewReasons::default()).await
}

async fn request_changes<I: Item>(call: Call<Officer>, path: Path<(I::Id,)>, reasons: Body<ReviewReasons>) -> Answer {
    decide::<I>(call, path, Decision::RequestChanges, reasons.0).await
}

async fn reject<I: Item>(call: Call<Officer>, path: Path<(I::Id,)>, reasons: Body<ReviewReasons>) -> Answer {
    decide::<I>(call, path, Decision::Reject, reasons.0).await
}

async fn suspend<I: Item>(call: Call<Officer>, path: Path<(I::Id,)>, reason: Body<ItemSuspension>) -> Answer {
    decide::<I>(call, path, Decision::Suspend, reason.0.into()).await
}

async fn reinstate<I: Item>(call: Call<Officer>, path: Path<(I::Id,)>) -> Answer {
    decide::<I>(call, path, Decision::Reinstate, ReviewReasons::default()).await
}

async fn decide<I: Item>(
    call: Call<Officer>,
    Path((id,)): Path<(I::Id,)>,
    decision: Decision,
    reasons: ReviewReasons,
) -> Answer {
    let (version, term) = (call.expected_version(), Term::from(&call.app().config.catalogue));
    call.write(move |tx, officer| record::<I>(tx, &officer.0, id, version, decision, &reasons, term)).await
}

fn record<I: Item>(
    tx: &mut Tx<'_>,
    officer: &Actor,
    id: I::Id,
    version: i64,
    decision: Decision,
    reasons: &ReviewReasons,
    term: Term,
) -> Result<Reply, Failure> {
    let found = take::<I>(tx, officer, id, version, decision.step(), term)?;
    reviews::record(tx, I::SUBJECT, id.into(), decision, reasons, officer.user_id)?;
    answer(tx, found)
}
