//! Listing the decisions on an organisation.

use super::super::memberships::require_insider;
use super::super::paging::{Paging, start};
use super::store;
use super::view::VerificationView;
use crate::http::{Answer, Call, Cursor, Operation, Page, Path, Query, SignedIn, page};
use crate::kernel::code::Code;
use crate::kernel::id::OrganizationId;

pub(super) fn operation() -> Operation {
    Operation::get("/v1/organizations/{id}/verifications", "verifications_list", list)
        .about(
            "Organisations",
            "List the decisions on an organisation",
            "For members of the organisation and officers: how it was checked and what was found, the latest first.",
        )
        .answers::<Page<VerificationView>>(200, "The decisions.")
        .problems(&[Code::MalformedCursor])
}

const SORT: &str = "-created_at";

async fn list(call: Call<SignedIn>, Path((id,)): Path<(OrganizationId,)>, query: Query<Paging>) -> Answer {
    let Query { params: Paging { limit, cursor }, url } = query;
    let from = start(cursor, SORT)?;
    let views: Vec<_> = call
        .read(move |conn, actor| {
            require_insider(conn, actor, id)?;
            let rows = store::verifications_of(conn, id, from, limit.probe())?;
            Ok(rows.into_iter().map(|row| VerificationView::new(row, actor.is_officer())).collect())
        })
        .await?;
    page(views, limit, &url, |view: &VerificationView| Cursor {
        sort: SORT.into(),
        key: view.created_at.to_string(),
        id: view.id.0,
    })
}
