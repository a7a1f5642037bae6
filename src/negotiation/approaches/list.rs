//! Listing what an organisation sent or received.

use deserr::Deserr;
use utoipa::IntoParams;

use super::approach::ApproachKind;
use super::life::ApproachStatus;
use super::view::ApproachView;
use super::{TAG, store};
use crate::http::{Answer, Call, Cursor, Limit, Operation, Page, Path, Query, SignedIn, page};
use crate::kernel::access::Role;
use crate::kernel::code::Code;
use crate::kernel::id::OrganizationId;
use crate::kernel::text_enum;
use crate::kernel::validate::FieldErrors;

text_enum! {
    /// Which of an organisation's approaches.
    pub enum Direction {
        /// Those addressed to it.
        Received = "received",
        /// Those it sent.
        Sent = "sent",
    }
}

/// Which page of which approaches.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ApproachesQuery {
    /// Those received, or those sent.
    #[deserr(default = Direction::Received)]
    #[param(inline, required = false)]
    pub direction: Direction,
    /// Only those of this kind.
    #[deserr(default)]
    #[param(inline)]
    pub kind: Option<ApproachKind>,
    /// Only those in this status.
    #[deserr(default)]
    #[param(inline)]
    pub status: Option<ApproachStatus>,
    /// Items on a page, at most 100.
    #[deserr(default)]
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    pub limit: Limit,
    /// The `next_cursor` of the page before.
    #[deserr(default)]
    #[param(value_type = Option<String>)]
    pub cursor: Option<Cursor>,
}

impl ApproachesQuery {
    /// The one order: the latest first.
    pub const SORT: &str = "-created_at";
}

pub(super) fn operation() -> Operation {
    Operation::get("/v1/organizations/{id}/approaches", "approaches_list", list)
        .about(
            TAG,
            "List an organisation's approaches",
            "The expressions of interest and proposals an organisation received, or sent, the latest first. For its members.",
        )
        .answers::<Page<ApproachView>>(200, "A page.")
        .problems(&[Code::MalformedCursor])
}

async fn list(
    call: Call<SignedIn>,
    Path((organization,)): Path<(OrganizationId,)>,
    Query { params, url }: Query<ApproachesQuery>,
) -> Answer {
    call.read(move |conn, actor| {
        actor.require(Role::Viewer, organization)?;
        let rows = store::list(conn, organization, &params)?;
        let rows = ApproachView::all(conn, &actor.organizations(), rows)?;
        let sort = || ApproachesQuery::SORT.to_owned();
        Ok(page(rows, params.limit, &url, |row| Cursor {
            sort: sort(),
            key: row.created_at.to_string(),
            id: row.id.0,
        })?)
    })
    .await
}
