//! Whether the codes in a content are in their lists.

use super::store;
use crate::db::Failure;
use crate::events::Tx;
use crate::kernel::clock::Day;
use crate::kernel::validate::{FieldCode, FieldError, FieldErrors};

/// A code that a content uses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Usage<'a> {
    /// The list the code is from.
    pub list: &'static str,
    /// Where it stands in the content (JSON pointer, RFC 6901).
    pub pointer: String,
    /// The code.
    pub code: &'a str,
}

impl<'a> Usage<'a> {
    /// A use of `code` of `list` at `pointer`.
    pub fn new(list: &'static str, pointer: impl Into<String>, code: &'a str) -> Self {
        Self { list, pointer: pointer.into(), code }
    }
}

/// Checks that every code is valid today in its list. Lists that are not there, or of which only an extract is, refuse none.
///
/// # Errors
/// `validation_failed` that names each place and its list, or the database's failure.
pub fn check(tx: &mut Tx<'_>, usages: &[Usage<'_>]) -> Result<(), Failure> {
    if usages.is_empty() {
        return Ok(());
    }
    let today = Day::in_vietnam(tx.now);
    let lists = store::complete_lists(tx.conn, today)?;
    let known = store::valid_among(tx.conn, today, usages)?;
    let unknown = usages.iter().filter(|usage| {
        let pair = (usage.list.to_owned(), usage.code.to_owned());
        lists.contains(&pair.0) && !known.contains(&pair)
    });
    let errors: Vec<_> = unknown
        .map(|usage| FieldError {
            pointer: usage.pointer.clone(),
            code: FieldCode::UnknownReference,
            args: vec![("list", usage.list.to_owned())],
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(FieldErrors(errors).into()) }
}
