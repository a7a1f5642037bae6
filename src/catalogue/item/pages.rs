//! What the lists behind the public are asked with: the officers' queues and an organisation's own items.

use deserr::Deserr;
use utoipa::IntoParams;

use crate::catalogue::Status;
use crate::http::{Cursor, Limit};
use crate::kernel::validate::FieldErrors;

/// A page of a queue.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct QueueQuery {
    /// Items on a page, at most 100.
    #[deserr(default)]
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    pub limit: Limit,
    /// The `next_cursor` of the page before.
    #[deserr(default)]
    #[param(value_type = Option<String>)]
    pub cursor: Option<Cursor>,
}

impl QueueQuery {
    /// The one order of queues: longest waiting first.
    pub const SORT: &str = "submitted_at";
}

/// A page of an organisation's own items.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OwnQuery {
    /// Only those in this status.
    #[deserr(default)]
    #[param(inline)]
    pub status: Option<Status>,
    /// Items on a page, at most 100.
    #[deserr(default)]
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    pub limit: Limit,
    /// The `next_cursor` of the page before.
    #[deserr(default)]
    #[param(value_type = Option<String>)]
    pub cursor: Option<Cursor>,
}

impl OwnQuery {
    /// The one order of this list: last changed first.
    pub const SORT: &str = "-updated_at";
}
