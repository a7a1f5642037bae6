//! What a listing says under NDA: a resource of its own beside the listing, which is never part of it, of a list, of the
//! search, of the audit log or of a log line. Its owners grant it to organisations, and read who has read it.
//!
//! Owns the tables `confidential_parts`, `confidential_grants` and `confidential_views`.

mod access;
mod change;
mod grants;
mod part;
mod show;
mod store;
mod view;
mod views;

use crate::http::Operation;

pub(super) use access::admit;
pub use grants::{Opening, close_confidential, open_confidential};
pub(super) use show::hand_out;

/// The tag of the operations.
const TAG: &str = "Confidential parts";

/// The operations.
pub(super) fn operations() -> Vec<Operation> {
    let mut operations = vec![show::operation(), change::operation()];
    operations.extend(grants::operations());
    operations.push(views::operation());
    operations
}
