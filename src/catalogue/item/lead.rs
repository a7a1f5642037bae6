//! The steps of the owning organisation: handing in, taking back, confirming, opening and closing, making a draft again.

use super::model::Item;
use super::step::{answer, take};
use crate::catalogue::lifecycle::{Step, Term};
use crate::http::{Answer, Authenticated, Call, Operation, Path};
use crate::kernel::code::Code;

/// The organisation's operations on one kind of item.
pub fn operations<I: Item>() -> Vec<Operation> {
    let names = I::NAMES;
    let step = |operation: Operation, summary: &'static str, description: &'static str| {
        let operation = operation.about(I::TAG, summary, description).if_match();
        operation.answers::<I::View>(200, "The item after the step.").problems(&[I::WRONG_STATE, Code::RoleTooLow])
    };
    vec![
        step(
            Operation::post(names.submission.0, names.submission.1, submit::<I>),
            "Submit for moderation",
            "Hands a draft, something taken back, or something sent back for changes to the officers. The organisation has to be \
             verified and the content complete: a 422 `incomplete` names each field that is missing. Editors and owners of the \
             organisation may do it.",
        )
        .problems(&[Code::Incomplete, Code::OrganizationNotVerified, Code::OrganizationDeactivated]),
        step(
            Operation::post(names.withdrawal.0, names.withdrawal.1, withdraw::<I>),
            "Withdraw",
            "Takes back what was submitted or published: it leaves the public lists and the search. It can be changed and \
             submitted again. Editors and owners of the organisation may do it.",
        ),
        step(
            Operation::post(names.confirmation.0, names.confirmation.1, confirm::<I>),
            "Confirm that it still holds",
            "Says that what is published is still so, which readers see in `last_confirmed_at`, and begins a new term: \
             `expires_at` is a year from now. Owners are asked for it by mail two weeks before the expiry; what nobody \
             confirms is archived. Editors and owners of the organisation may do it.",
        ),
        step(
            Operation::post(names.opening.0, names.opening.1, open::<I>),
            "Open for interest",
            "Lets something published take expressions of interest: `open_for_interest` becomes `true`, as it is after each \
             publication. Editors and owners of the organisation may do it.",
        ),
        step(
            Operation::post(names.closing.0, names.closing.1, close::<I>),
            "Close for interest",
            "Lets something published take no more expressions of interest, without taking it from the public: \
             `open_for_interest` becomes `false`. Editors and owners of the organisation may do it.",
        ),
        step(
            Operation::post(names.restoration.0, names.restoration.1, restore::<I>),
            "Make a draft of what was archived",
            "Makes something archived a draft again, which can be changed and submitted. Editors and owners of the organisation \
             may do it.",
        ),
    ]
}

async fn submit<I: Item>(call: Call<Authenticated>, path: Path<(I::Id,)>) -> Answer {
    lead::<I>(call, path, Step::Submit).await
}

async fn withdraw<I: Item>(call: Call<Authenticated>, path: Path<(I::Id,)>) -> Answer {
    lead::<I>(call, path, Step::Withdraw).await
}

async fn confirm<I: Item>(call: Call<Authenticated>, path: Path<(I::Id,)>) -> Answer {
    lead::<I>(call, path, Step::Confirm).await
}

async fn open<I: Item>(call: Call<Authenticated>, path: Path<(I::Id,)>) -> Answer {
    lead::<I>(call, path, Step::Open).await
}

async fn close<I: Item>(call: Call<Authenticated>, path: Path<(I::Id,)>) -> Answer {
    lead::<I>(call, path, Step::Close).await
}

async fn restore<I: Item>(call: Call<Authenticated>, path: Path<(I::Id,)>) -> Answer {
    lead::<I>(call, path, Step::Restore).await
}

async fn lead<I: Item>(call: Call<Authenticated>, Path((id,)): Path<(I::Id,)>, step: Step) -> Answer {
    let (version, term) = (call.expected_version(), Term::from(&call.app().config.catalogue));
    call.write(move |tx, actor| {
        let found = take::<I>(tx, actor, id, version, step, term)?;
        answer(tx, found)
    })
    .await
}
