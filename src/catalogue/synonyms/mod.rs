//! Words that mean the same in a search: `AI`, `trí tuệ nhân tạo`, `artificial intelligence`. Everybody reads them,
//! officers keep them; the search indexes learn of every change.

mod change;
mod create;
mod list;
mod remove;
mod show;
mod store;
mod synonym;

use crate::http::Operation;

pub use store::all;

/// The endpoints.
pub(super) fn operations() -> Vec<Operation> {
    vec![list::operation(), create::operation(), show::operation(), change::operation(), remove::operation()]
}
