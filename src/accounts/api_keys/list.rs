//! Listing the API keys of an organisation.

use super::super::paging::{Paging, start};
use super::store;
use super::view::ApiKeyView;
use crate::http::{Answer, Call, Cursor, Operation, Page, Path, Query, SignedIn, page};
use crate::kernel::access::Role;
use crate::kernel::code::Code;
use crate::kernel::id::OrganizationId;

pub(super) fn operation() -> Operation {
    Operation::get("/v1/organizations/{id}/api-keys", "api_keys_list", list)
        .about(
            "API keys",
            "List the API keys of an organisation",
            "For its owners, the newest first; expired ones too, revoked ones not.",
        )
        .answers::<Page<ApiKeyView>>(200, "The keys.")
        .problems(&[Code::MalformedCursor, Code::RoleTooLow])
}

const SORT: &str = "-created_at";

async fn list(call: Call<SignedIn>, Path((id,)): Path<(OrganizationId,)>, query: Query<Paging>) -> Answer {
    let Query { params: Paging { limit, cursor }, url } = query;
    let from = start(cursor, SORT)?;
    let views: Vec<ApiKeyView> = call
        .read(move |conn, actor| {
            actor.require(Role::Owner, id)?;
            Ok(store::list(conn, id, from, limit.probe())?.into_iter().map(ApiKeyView::from).collect())
        })
        .await?;
    page(views, limit, &url, |view: &ApiKeyView| Cursor {
        sort: SORT.into(),
        key: view.created_at.to_string(),
        id: view.id.0,
    })
}
