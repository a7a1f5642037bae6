//! Listing an organisation's negotiations.

use deserr::Deserr;
use utoipa::IntoParams;

use super::negotiation::NegotiationStatus;
use super::view::NegotiationView;
use super::{TAG, store};
use crate::http::{Answer, Call, Cursor, Limit, Operation, Page, Path, Query, SignedIn, page};
use crate::kernel::access::Role;
use crate::kernel::code::Code;
use crate::kernel::id::OrganizationId;
use crate::kernel::validate::FieldErrors;

/// Which page of which negotiations.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NegotiationsQuery {
    /// Only those in this status.
    #[deserr(default)]
    #[param(inline)]
    pub status: Option<NegotiationStatus>,
    /// Items on a page, at most 100.
    #[deserr(default)]
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    pub limit: Limit,
    /// The `next_cursor` of the page before.
    #[deserr(default)]
    #[param(value_type = Option<String>)]
    pub cursor: Option<Cursor>,
}

impl NegotiationsQuery {
    /// The one order: where something happened last first.
    pub const SORT: &str = "-updated_at";
}

pub(super) fn operation() -> Operation {
    Operation::get("/v1/organizations/{id}/negotiations", "negotiations_list", list)
        .about(
            TAG,
            "List an organisation's negotiations",
            "Those in which something happened last first, each with what you have not read. For the organisation's members.",
        )
        .answers::<Page<NegotiationView>>(200, "A page.")
        .problems(&[Code::MalformedCursor])
}

async fn list(
    call: Call<SignedIn>,
    Path((organization,)): Path<(OrganizationId,)>,
    Query { params, url }: Query<NegotiationsQuery>,
) -> Answer {
    call.read(move |conn, actor| {
        actor.require(Role::Viewer, organization)?;
        let rows = store::list(conn, organization, &params)?;
        let rows = NegotiationView::all(conn, actor, &rows)?;
        let sort = || NegotiationsQuery::SORT.to_owned();
        Ok(page(rows, params.limit, &url, |row| Cursor {
            sort: sort(),
            key: row.updated_at.to_string(),
            id: row.id.0,
        })?)
    })
    .await
}
