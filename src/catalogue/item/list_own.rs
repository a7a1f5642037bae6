//! An organisation's own items, whatever their status.

use super::model::{Item, Summary};
use super::pages::OwnQuery;
use crate::http::{Answer, Authenticated, Call, Cursor, Operation, Page, Path, Query, page};
use crate::kernel::access::Role;
use crate::kernel::code::Code;
use crate::kernel::id::OrganizationId;

pub(super) fn operation<I: Item>() -> Operation {
    let (path, id) = I::NAMES.list_own;
    Operation::get(path, id, handle::<I>)
        .about(
            I::TAG,
            "List an organisation's own",
            "Everything of an organisation, drafts too, last changed first. For its members.",
        )
        .answers::<Page<I::Summary>>(200, "A page.")
        .problems(&[Code::MalformedCursor])
}

async fn handle<I: Item>(
    call: Call<Authenticated>,
    Path((organization,)): Path<(OrganizationId,)>,
    query: Query<OwnQuery>,
) -> Answer {
    let Query { params, url } = query;
    call.read(move |conn, actor| {
        actor.require(Role::Viewer, organization)?;
        let rows = I::list_own(conn, organization, &params)?;
        let cursor =
            |row: &I::Summary| Cursor { sort: OwnQuery::SORT.into(), key: row.updated_at().to_string(), id: row.id() };
        Ok(page(rows, params.limit, &url, cursor)?)
    })
    .await
}
