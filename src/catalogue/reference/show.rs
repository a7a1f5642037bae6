//! Reading one entry of a reference list.

use deserr::Deserr;
use utoipa::IntoParams;

use super::item::ReferenceItem;
use super::store;
use crate::http::{Answer, Call, Operation, Path, Public, Query, Reply};
use crate::kernel::clock::Day;
use crate::kernel::code::Code;
use crate::kernel::validate::FieldErrors;

/// On which day.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EntryQuery {
    /// As the entry is on this day; today by default.
    #[deserr(default)]
    #[param(value_type = Option<String>, format = Date)]
    pub on: Option<Day>,
}

pub(super) fn operation() -> Operation {
    Operation::get("/v1/reference/{list}/{code}", "reference_show", handle)
        .about(
            "Reference",
            "Read one entry of a list",
            "What a code stands for today, or on the day asked for. A code that is not valid on that day is not found.",
        )
        .answers::<ReferenceItem>(200, "The entry.")
}

async fn handle(
    call: Call<Public>,
    Path((list, code)): Path<(String, String)>,
    Query { params, .. }: Query<EntryQuery>,
) -> Answer {
    let on = params.on.unwrap_or_else(|| Day::in_vietnam(call.app().clock.now()));
    let item = call.read(move |conn, _| Ok(store::find(conn, &list, &code, on)?.ok_or(Code::NotFound)?)).await?;
    Ok(Reply::ok(&item)?.content_tagged().cacheable())
}
