//! Reading a reference list.

use deserr::Deserr;
use utoipa::IntoParams;
use uuid::Uuid;

use super::item::{Place, ReferenceItem};
use super::store::{self, Filter};
use crate::http::{Answer, Call, Cursor, Limit, Operation, Page, Path, Public, Query, page};
use crate::kernel::clock::Day;
use crate::kernel::code::Code;
use crate::kernel::text::Line;
use crate::kernel::validate::FieldErrors;

/// Which entries of a list.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReferenceQuery {
    /// As the list is on this day; today by default.
    #[deserr(default)]
    #[param(value_type = Option<String>, format = Date)]
    pub on: Option<Day>,
    /// Only what stands directly below this code; empty for what stands at the top.
    #[deserr(default)]
    #[param(value_type = Option<String>, max_length = 50)]
    pub parent: Option<Line<0, 50>>,
    /// Only entries with this in their code or one of their names, whatever the letter case and the diacritics.
    #[deserr(default)]
    #[param(value_type = Option<String>, max_length = 100)]
    pub q: Option<Line<1, 100>>,
    /// Entries on a page, at most 100.
    #[deserr(default = Limit(100))]
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 100)]
    pub limit: Limit,
    /// The `next_cursor` of the page before.
    #[deserr(default)]
    #[param(value_type = Option<String>)]
    pub cursor: Option<Cursor>,
}

/// The one order of lists: their own.
const SORT: &str = "position";

pub(super) fn operation() -> Operation {
    Operation::get("/v1/reference/{list}", "reference_list", handle)
        .about(
            "Reference",
            "Read a reference list",
            "The entries valid today, or on the day asked for, in the list's own order. `GET /v1/reference` tells which lists \
             there are. Lists that are trees are read level by level with `parent`, or whole without it.",
        )
        .answers::<Page<ReferenceItem>>(200, "A page.")
        .problems(&[Code::MalformedCursor])
}

async fn handle(
    call: Call<Public>,
    Path((list,)): Path<(String,)>,
    Query { params, url }: Query<ReferenceQuery>,
) -> Answer {
    let on = params.on.unwrap_or_else(|| Day::in_vietnam(call.app().clock.now()));
    let after = params.cursor.as_ref().map(|cursor| cursor.key_for::<Place>(SORT)).transpose()?;
    let limit = params.limit;
    let rows = call.read(move |conn, _| {
        let filter = Filter { on, parent: params.parent, q: params.q, after, limit: limit.probe() };
        let rows = store::list(conn, &list, &filter)?;
        if rows.is_empty() && store::versions(conn, Some(&list))?.is_empty() {
            return Err(Code::NotFound.into());
        }
        Ok(rows)
    });
    let cursor =
        |item: &ReferenceItem| Cursor { sort: SORT.into(), key: Place::from(item).to_string(), id: Uuid::nil() };
    Ok(page(rows.await?, limit, &url, cursor)?.cacheable())
}
