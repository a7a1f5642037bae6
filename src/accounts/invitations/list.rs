//! Listing the invitations of an organisation.

use deserr::Deserr;
use utoipa::IntoParams;

use super::super::paging::start;
use super::invitation::InvitationStatus;
use super::store;
use super::view::InvitationView;
use crate::http::{Answer, Call, Cursor, Limit, Operation, Page, Path, Query, SignedIn, page};
use crate::kernel::access::Role;
use crate::kernel::code::Code;
use crate::kernel::id::OrganizationId;
use crate::kernel::validate::FieldErrors;

pub(super) fn operation() -> Operation {
    Operation::get("/v1/organizations/{id}/invitations", "invitations_list", list)
        .about(
            "Organisations",
            "List the invitations of an organisation",
            "For its owners, the latest first: open ones, and for 90 days those that were answered, withdrawn or expired.",
        )
        .answers::<Page<InvitationView>>(200, "The invitations.")
        .problems(&[Code::RoleTooLow, Code::MalformedCursor])
}

const SORT: &str = "-created_at";

#[derive(Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
struct Params {
    /// Only those in this state.
    #[deserr(default)]
    #[param(inline)]
    status: Option<InvitationStatus>,
    /// How many items a page holds, from 1 to 100.
    #[deserr(default)]
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next_cursor` of the page before.
    #[deserr(default)]
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

async fn list(call: Call<SignedIn>, Path((id,)): Path<(OrganizationId,)>, query: Query<Params>) -> Answer {
    let Query { params: Params { status, limit, cursor }, url } = query;
    let from = start(cursor, SORT)?;
    let views: Vec<_> = call
        .read(move |conn, actor| {
            actor.require(Role::Owner, id)?;
            let rows = store::list(conn, id, status, from, limit.probe())?;
            Ok(rows.into_iter().map(InvitationView::from).collect())
        })
        .await?;
    page(views, limit, &url, |view: &InvitationView| Cursor {
        sort: SORT.into(),
        key: view.created_at.to_string(),
        id: view.id.0,
    })
}
