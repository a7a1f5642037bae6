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

use serde_json::json;

use crate::accounts::PersonalData;
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

/// The searches a person keeps.
pub(super) fn personal_data() -> PersonalData {
    PersonalData {
        name: "saved_searches",
        read: |conn, user| {
            let kept = store::list(conn, user, None, create::AT_MOST)?.into_iter().map(view::SavedSearchView::from);
            Ok(kept.map(|search| json!(search)).collect())
        },
        erase: |tx, user| Ok(store::forget(tx.conn, user.id)?),
    }
}
