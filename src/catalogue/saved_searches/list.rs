//! Listing one's own saved searches.

use deserr::Deserr;
use utoipa::IntoParams;

use super::store;
use super::view::SavedSearchView;
use crate::http::{Answer, Call, Cursor, Limit, Operation, Page, Query, SignedIn, page};
use crate::kernel::code::Code;
use crate::kernel::id::SavedSearchId;
use crate::kernel::validate::FieldErrors;

/// Which page.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SavedSearchesQuery {
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
    Operation::get("/v1/saved-searches", "saved_searches_list", list)
        .about("Search", "List your saved searches", "The searches you keep, the oldest first. Nobody else sees them.")
        .answers::<Page<SavedSearchView>>(200, "Your saved searches.")
        .problems(&[Code::MalformedCursor])
}

const SORT: &str = "id";

async fn list(call: Call<SignedIn>, Query { params, url }: Query<SavedSearchesQuery>) -> Answer {
    call.read(move |conn, actor| {
        let from = params.cursor.as_ref().map(|cursor| cursor.key_for::<SavedSearchId>(SORT)).transpose()?;
        let rows = store::list(conn, actor.user_id, from, params.limit.probe())?;
        let rows: Vec<SavedSearchView> = rows.into_iter().map(SavedSearchView::from).collect();
        let cursor = |row: &SavedSearchView| Cursor { sort: SORT.into(), key: row.id.to_string(), id: row.id.0 };
        Ok(page(rows, params.limit, &url, cursor)?)
    })
    .await
}
