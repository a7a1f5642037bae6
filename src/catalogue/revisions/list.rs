//! Listing the revisions of an item, and who may see them.

use super::store;
use super::view::RevisionSummary;
use crate::catalogue::item::Item;
use crate::catalogue::paging::Paging;
use crate::db::{Conn, Failure};
use crate::http::{Answer, Authenticated, Call, Cursor, Operation, Page, Path, Query, page};
use crate::kernel::access::{Actor, Reader};
use crate::kernel::code::Code;

pub(super) fn operation<I: Item>() -> Operation {
    let (path, id) = I::NAMES.revisions;
    Operation::get(path, id, list::<I>)
        .about(
            I::TAG,
            "List the revisions",
            "What the item said after each change of its content, the latest first: when, by whom, and which fields differ \
             from the revision before. Members of the owning organisation and officers may read it; for everybody else the \
             item has no revisions: 404.",
        )
        .answers::<Page<RevisionSummary>>(200, "A page.")
        .problems(&[Code::MalformedCursor])
}

const SORT: &str = "-version";

async fn list<I: Item>(call: Call<Authenticated>, Path((id,)): Path<(I::Id,)>, query: Query<Paging>) -> Answer {
    let Query { params: Paging { limit, cursor }, url } = query;
    let before = cursor.map(|cursor| cursor.key_for::<i64>(SORT)).transpose()?;
    call.read(move |conn, actor| {
        require_insider::<I>(conn, actor, id)?;
        let rows = store::list(conn, id.into(), before, limit.probe())?;
        let rows = rows.into_iter().map(RevisionSummary::from).collect();
        let cursor = |row: &RevisionSummary| Cursor { sort: SORT.into(), key: row.version.to_string(), id: id.into() };
        Ok(page(rows, limit, &url, cursor)?)
    })
    .await
}

/// Checks that the item is the actor's organisation's, or the actor an officer who sees it.
///
/// # Errors
/// `not_found`.
pub(super) fn require_insider<I: Item>(conn: &mut Conn, actor: &Actor, id: I::Id) -> Result<(), Failure> {
    let found = I::find_for(conn, &Reader::from(actor), id)?.ok_or(Code::NotFound)?;
    if actor.is_officer() || actor.role_in(found.item.organization_id()).is_some() {
        return Ok(());
    }
    Err(Code::NotFound.into())
}
