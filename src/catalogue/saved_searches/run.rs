//! Running a saved search.

use deserr::Deserr;
use utoipa::IntoParams;

use super::store;
use crate::catalogue::search::{SearchResult, found};
use crate::http::{Answer, Call, Cursor, Limit, Operation, Path, Query, Rate, SignedIn};
use crate::kernel::code::Code;
use crate::kernel::id::SavedSearchId;
use crate::kernel::validate::FieldErrors;

/// Which page.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ResultsQuery {
    /// Items on a page, at most 100.
    #[deserr(default)]
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    limit: Limit,
    /// The `next_cursor` of the page before.
    #[deserr(default)]
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

pub(super) fn operation() -> Operation {
    Operation::get("/v1/saved-searches/{id}/results", "saved_searches_run", run)
        .about(
            "Search",
            "Run a saved search",
            "What it finds now: the same answer as that of `GET /v1/search` with its parameters.",
        )
        .rate(Rate::Search)
        .answers::<SearchResult>(200, "What was found.")
        .problems(&[Code::MalformedCursor])
}

async fn run(
    call: Call<SignedIn>,
    Path((id,)): Path<(SavedSearchId,)>,
    Query { params, url }: Query<ResultsQuery>,
) -> Answer {
    let mut query = call
        .read(move |conn, actor| {
            let row = store::find(conn, actor.user_id, id)?.ok_or(Code::NotFound)?;
            Ok(row.query.0.parse().map_err(crate::kernel::problem::Problem::from)?)
        })
        .await?;
    (query.limit, query.cursor) = (params.limit, params.cursor);
    found(&call, query, url).await
}
