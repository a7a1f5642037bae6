//! The parameters of lists that are only paged through, in order of age.

use deserr::Deserr;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::http::{Cursor, Limit};
use crate::kernel::problem::Problem;
use crate::kernel::validate::FieldErrors;

/// Which page.
#[derive(Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(super) struct Paging {
    /// How many items a page holds, from 1 to 100.
    #[deserr(default)]
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100)]
    pub limit: Limit,
    /// `next_cursor` of the page before.
    #[deserr(default)]
    #[param(value_type = Option<String>)]
    pub cursor: Option<Cursor>,
}

/// Sort key and identifier after which the page begins.
pub(super) fn start<K: std::str::FromStr, Id: From<Uuid>>(
    cursor: Option<Cursor>,
    sort: &str,
) -> Result<Option<(K, Id)>, Problem> {
    let Some(cursor) = cursor else { return Ok(None) };
    Ok(Some((cursor.key_for(sort)?, cursor.id.into())))
}
