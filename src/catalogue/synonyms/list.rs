//! Listing synonyms.

use deserr::Deserr;
use utoipa::IntoParams;

use super::store;
use super::synonym::Synonym;
use crate::http::{Answer, Call, Cursor, Limit, Operation, Page, Public, Query, page};
use crate::kernel::code::Code;
use crate::kernel::id::SynonymId;
use crate::kernel::validate::FieldErrors;

/// Which page.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SynonymsQuery {
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
    Operation::get("/v1/search/synonyms", "synonyms_list", list)
        .about("Search", "List synonyms", "The groups of words that mean the same in a search, the oldest first.")
        .answers::<Page<Synonym>>(200, "A page of groups.")
        .problems(&[Code::MalformedCursor])
}

const SORT: &str = "id";

async fn list(call: Call<Public>, Query { params, url }: Query<SynonymsQuery>) -> Answer {
    call.read(move |conn, _| {
        let from = params.cursor.as_ref().map(|cursor| cursor.key_for::<SynonymId>(SORT)).transpose()?;
        let rows = store::list(conn, from, params.limit.probe())?;
        let cursor = |row: &Synonym| Cursor { sort: SORT.into(), key: row.id.to_string(), id: row.id.0 };
        Ok(page(rows, params.limit, &url, cursor)?.cacheable())
    })
    .await
}
