//! Reference lists: fields of research, provinces. Data with dates of validity, never constants.

mod list;
mod store;

use crate::db::{Conn, Failure};
use crate::http::Operation;
use crate::kernel::problem::Problem;
use crate::kernel::validate::{FieldCode, FieldError, FieldErrors};

/// The endpoints.
pub(super) fn operations() -> Vec<Operation> {
    vec![list::operation()]
}

/// Checks that a code, if one is given, is in a list; the field has the list's name.
///
/// # Errors
/// `validation_failed` that names the field and the list.
pub fn check(conn: &mut Conn, list: &'static str, code: Option<&str>) -> Result<(), Failure> {
    let Some(code) = code else { return Ok(()) };
    if store::exists(conn, list, code)? {
        return Ok(());
    }
    let error = FieldError {
        pointer: format!("/{list}"),
        code: FieldCode::UnknownReference,
        args: vec![("list", list.to_owned())],
    };
    Err(Problem::from(FieldErrors(vec![error])).into())
}
