//! Discarding a draft that nobody but its organisation has ever seen, with all that hangs on it.

use super::model::{Content, Found, Happening, Item};
use super::step;
use crate::catalogue::lifecycle::{State, Status, Step};
use crate::catalogue::{labels, revisions};
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::files;
use crate::http::{Answer, Authenticated, Call, Operation, Path, Reply};
use crate::kernel::access::Actor;
use crate::kernel::code::Code;

pub(super) fn operation<I: Item>() -> Operation {
    let (path, id) = I::NAMES.discard;
    Operation::delete(path, id, handle::<I>)
        .about(
            I::TAG,
            "Discard a draft",
            "Removes a draft for good, with its files, its revisions and its confidential part, if it has one. Possible while it \
             has never been submitted; later it can be withdrawn. Editors and owners of the organisation may do it. The \
             audit log keeps that it was there.",
        )
        .if_match()
        .answers_nothing("It is gone.")
        .problems(&[Code::RoleTooLow, I::WRONG_STATE])
}

async fn handle<I: Item>(call: Call<Authenticated>, Path((id,)): Path<(I::Id,)>) -> Answer {
    let version = call.expected_version();
    call.write(move |tx, actor| discard::<I>(tx, actor, id, version)).await
}

fn discard<I: Item>(tx: &mut Tx<'_>, actor: &Actor, id: I::Id, version: i64) -> Result<Reply, Failure> {
    let Found { item, .. } = step::find_at::<I>(tx.conn, actor, id, version, Step::Change)?;
    let state = item.state();
    if !is_discardable(state) {
        return Err(step::wrong_state::<I>(state, &[Status::Draft]).into());
    }
    files::remove_all::<I>(tx, id)?;
    labels::replace(tx.conn, id.into(), &[])?;
    revisions::forget(tx.conn, id.into())?;
    I::delete(tx.conn, id)?;
    let change = Change::new(I::event(Happening::Discarded), id.into(), version + 1).of(item.organization_id());
    tx.record(&change.field("title", item.content().head().0, ()))?;
    Ok(Reply::no_content())
}

/// What was submitted once is part of a history that officers have a share in.
fn is_discardable(state: State) -> bool {
    state.status == Status::Draft && state.submitted_at.is_none()
}
