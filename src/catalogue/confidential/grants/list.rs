//! Listing the grants of a listing.

use super::super::TAG;
use super::super::access::require_own;
use super::store;
use super::view::GrantView;
use crate::catalogue::paging::{Paging, start};
use crate::http::{Answer, Call, Cursor, Operation, Page, Path, Query, SignedIn, page};
use crate::kernel::access::Role;
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::id::ListingId;

pub(super) fn operation() -> Operation {
    Operation::get("/v1/listings/{id}/confidential/grants", "confidential_grants_list", list)
        .about(
            TAG,
            "List the grants",
            "To whom the confidential part was granted, the latest first, those that ended too. For members of the listing's \
             organisation.",
        )
        .answers::<Page<GrantView>>(200, "A page.")
        .problems(&[Code::MalformedCursor])
}

const SORT: &str = "-created_at";

async fn list(call: Call<SignedIn>, Path((id,)): Path<(ListingId,)>, query: Query<Paging>) -> Answer {
    let Query { params: Paging { limit, cursor }, url } = query;
    let from = start::<At, _>(cursor, SORT)?;
    call.read(move |conn, actor| {
        require_own(conn, actor, id, Role::Viewer)?;
        let rows = store::list(conn, id, from, limit.probe())?.into_iter().map(GrantView::from).collect();
        let key = |row: &GrantView| row.created_at.to_string();
        Ok(page(rows, limit, &url, |row| Cursor { sort: SORT.into(), key: key(row), id: row.id.0 })?)
    })
    .await
}
