//! Forgetting a saved search.

use super::store;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Call, Operation, Path, Reply, SignedIn};
use crate::kernel::access::Actor;
use crate::kernel::code::Code;
use crate::kernel::id::SavedSearchId;

pub(super) fn operation() -> Operation {
    Operation::delete("/v1/saved-searches/{id}", "saved_searches_remove", remove)
        .about("Search", "Delete a saved search", "Forgets it; its alerts end.")
        .answers_nothing("It is forgotten.")
}

async fn remove(call: Call<SignedIn>, Path((id,)): Path<(SavedSearchId,)>) -> Answer {
    call.write(move |tx, actor| forget(tx, actor, id)).await
}

fn forget(tx: &mut Tx<'_>, actor: &Actor, id: SavedSearchId) -> Result<Reply, Failure> {
    let row = store::find(tx.conn, actor.user_id, id)?.ok_or(Code::NotFound)?;
    store::delete(tx.conn, id)?;
    tx.record(&Change::new("saved_search.removed", id.0, row.version + 1))?;
    Ok(Reply::no_content())
}
