//! Removing a file.

use super::clear;
use super::holder::Holder;
use super::{TAG, store};
use crate::db::Failure;
use crate::events::Tx;
use crate::http::{Answer, Authenticated, Call, Operation, Path, Reply};
use crate::kernel::access::Actor;
use crate::kernel::code::Code;
use crate::kernel::id::AttachmentId;

pub(super) fn operation<H: Holder>() -> Operation {
    let (path, id) = H::OPERATIONS.remove;
    Operation::delete(path, id, handle::<H>)
        .about(
            TAG,
            "Remove a file",
            "Removes a file for good, with its bytes; links to it end at once. Whoever may add such a file may remove it, when \
             one may be added.",
        )
        .answers_nothing("It is removed.")
        .problems(&[Code::RoleTooLow, Code::PersonRequired])
        .problems(H::PROBLEMS)
}

async fn handle<H: Holder>(call: Call<Authenticated>, Path((id, file)): Path<(H::Id, AttachmentId)>) -> Answer {
    call.write(move |tx, actor| remove::<H>(tx, actor, id, file)).await
}

fn remove<H: Holder>(tx: &mut Tx<'_>, actor: &Actor, id: H::Id, file: AttachmentId) -> Result<Reply, Failure> {
    let told = H::told(tx.conn, &actor.into(), id)?;
    let found = store::find_of(tx.conn, H::HOLDER, id.into(), file)?;
    let found = found.filter(|found| told.contains(&found.disclosure)).ok_or(Code::NotFound)?;
    H::keep(tx.conn, actor, id, found.disclosure)?;
    clear::remove(tx, &found)?;
    clear::note::<H>(tx.conn, id, found.disclosure)?;
    Ok(Reply::no_content())
}
