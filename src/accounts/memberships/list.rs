//! Listing the members of an organisation.

use super::super::organizations;
use super::super::paging::{Paging, start};
use super::store;
use super::view::MemberView;
use crate::db::{Conn, Failure};
use crate::http::{Answer, Call, Cursor, Operation, Page, Path, Query, SignedIn, page};
use crate::kernel::access::Actor;
use crate::kernel::code::Code;
use crate::kernel::id::OrganizationId;

pub(super) fn operation() -> Operation {
    Operation::get("/v1/organizations/{id}/members", "memberships_list", list)
        .about(
            "Organisations",
            "List the members of an organisation",
            "For its members and officers, the longest there first. E-mail addresses are shown to owners and officers.",
        )
        .answers::<Page<MemberView>>(200, "The members.")
        .problems(&[Code::MalformedCursor])
}

const SORT: &str = "created_at";

async fn list(call: Call<SignedIn>, Path((id,)): Path<(OrganizationId,)>, query: Query<Paging>) -> Answer {
    let Query { params: Paging { limit, cursor }, url } = query;
    let from = start(cursor, SORT)?;
    let views: Vec<_> = call
        .read(move |conn, actor| {
            require_insider(conn, actor, id)?;
            let rows = store::list(conn, id, from, limit.probe())?;
            Ok(rows.into_iter().map(|member| MemberView::new(member, actor)).collect())
        })
        .await?;
    page(views, limit, &url, |view: &MemberView| Cursor {
        sort: SORT.into(),
        key: view.created_at.to_string(),
        id: view.user_id.0,
    })
}

/// Lets members of the organisation and officers in; to others there is nothing here.
pub(in crate::accounts) fn require_insider(conn: &mut Conn, actor: &Actor, id: OrganizationId) -> Result<(), Failure> {
    let inside = actor.role_in(id).is_some() || (actor.is_officer() && organizations::find(conn, id)?.is_some());
    if inside { Ok(()) } else { Err(Code::NotFound.into()) }
}
