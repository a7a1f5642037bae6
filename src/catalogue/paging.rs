//! The parameters of lists that are only paged through.

use deserr::Deserr;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::http::{Cursor, Limit};
use crate::kernel::problem::Problem;
use crate::kernel::validate::FieldErrors;

/// Which page.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Paging {
    /// Items on a page, at most 100.
    #[deserr(default)]
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    pub limit: Limit,
    /// The `next_cursor` of the page before.
    #[deserr(default)]
    #[param(value_type = Option<String>)]
    pub cursor: Option<Cursor>,
}

/// Sort key and identifier after which the page begins.
///
/// # Errors
/// `malformed_cursor` when the cursor is of another list.
pub(super) fn start<K: std::str::FromStr, Id: From<Uuid>>(
    cursor: Option<Cursor>,
    sort: &str,
) -> Result<Option<(K, Id)>, Problem> {
    let Some(cursor) = cursor else { return Ok(None) };
    Ok(Some((cursor.key_for(sort)?, cursor.id.into())))
}
