//! Reading the view log.

use super::super::TAG;
use super::super::access::require_own;
use super::store;
use super::view::ViewRecord;
use crate::catalogue::paging::{Paging, start};
use crate::http::{Answer, Call, Cursor, Operation, Page, Path, Query, SignedIn, page};
use crate::kernel::access::Role;
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::id::ListingId;

pub(in crate::catalogue::confidential) fn operation() -> Operation {
    Operation::get("/v1/listings/{id}/confidential/views", "confidential_views_list", list)
        .about(
            TAG,
            "Read the view log",
            "Every reading of the confidential part by somebody from outside the owning organisation, officers too, the latest \
             first. For members of the listing's organisation.",
        )
        .answers::<Page<ViewRecord>>(200, "A page.")
        .problems(&[Code::MalformedCursor])
}

const SORT: &str = "-created_at";

async fn list(call: Call<SignedIn>, Path((id,)): Path<(ListingId,)>, query: Query<Paging>) -> Answer {
    let Query { params: Paging { limit, cursor }, url } = query;
    let from = start::<At, _>(cursor, SORT)?;
    call.read(move |conn, actor| {
        require_own(conn, actor, id, Role::Viewer)?;
        let rows = store::list(conn, id, from, limit.probe())?;
        let key = |row: &ViewRecord| row.created_at.to_string();
        Ok(page(rows, limit, &url, |row| Cursor { sort: SORT.into(), key: key(row), id: row.id.0 })?)
    })
    .await
}
