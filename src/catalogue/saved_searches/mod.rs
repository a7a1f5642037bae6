//! Searches a person keeps: asked again at a word, and alerts of what is newly published. Only their owner sees them.

mod change;
mod create;
mod list;
mod news;
mod remove;
mod run;
mod saved_search;
mod show;
mod store;
mod tell;
mod view;

use crate::http::Operation;

pub use news::news;
pub use tell::job;

/// The endpoints.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        list::operation(),
        create::operation(),
        show::operation(),
        change::operation(),
        remove::operation(),
        run::operation(),
    ]
}
