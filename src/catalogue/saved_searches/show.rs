//! Reading a saved search.

use super::store;
use super::view::SavedSearchView;
use crate::http::{Answer, Call, Operation, Path, Reply, SignedIn};
use crate::kernel::code::Code;
use crate::kernel::id::SavedSearchId;

pub(super) fn operation() -> Operation {
    Operation::get("/v1/saved-searches/{id}", "saved_searches_show", show)
        .about("Search", "Read a saved search", "One of the searches you keep.")
        .answers::<SavedSearchView>(200, "The saved search.")
}

async fn show(call: Call<SignedIn>, Path((id,)): Path<(SavedSearchId,)>) -> Answer {
    call.read(move |conn, actor| {
        let row = store::find(conn, actor.user_id, id)?.ok_or(Code::NotFound)?;
        let version = row.version;
        Ok(Reply::ok(&SavedSearchView::from(row))?.version(version))
    })
    .await
}
