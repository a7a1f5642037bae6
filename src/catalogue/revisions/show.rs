//! Reading a revision back.

use super::list::require_insider;
use super::store;
use super::view::RevisionView;
use crate::catalogue::item::Item;
use crate::http::{Answer, Authenticated, Call, Operation, Path, Reply};
use crate::kernel::code::Code;

pub(super) fn operation<I: Item>() -> Operation {
    let (path, id) = I::NAMES.revision;
    Operation::get(path, id, show::<I>)
        .about(
            I::TAG,
            "Read a revision",
            "What the item said from this version on, until the next revision. The list of revisions tells which versions there \
             are. For members of the owning organisation and officers.",
        )
        .answers::<RevisionView>(200, "The revision.")
}

async fn show<I: Item>(call: Call<Authenticated>, Path((id, version)): Path<(I::Id, i64)>) -> Answer {
    call.read(move |conn, actor| {
        require_insider::<I>(conn, actor, id)?;
        let (revision, content) = store::find(conn, id.into(), version)?.ok_or(Code::NotFound)?;
        Ok(Reply::ok(&RevisionView { revision: revision.into(), content })?.version(version))
    })
    .await
}
