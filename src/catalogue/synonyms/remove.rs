//! Removing a group of synonyms.

use super::store;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Call, Officer, Operation, Path, Reply};
use crate::kernel::code::Code;
use crate::kernel::id::SynonymId;

pub(super) fn operation() -> Operation {
    Operation::delete("/v1/search/synonyms/{id}", "synonyms_remove", remove)
        .about("Search", "Remove synonyms", "By an officer. Searches follow within seconds.")
        .answers_nothing("The words no longer mean the same.")
}

async fn remove(call: Call<Officer>, Path((id,)): Path<(SynonymId,)>) -> Answer {
    call.write(move |tx, _| delete(tx, id)).await
}

fn delete(tx: &mut Tx<'_>, id: SynonymId) -> Result<Reply, Failure> {
    let row = store::find(tx.conn, id)?.ok_or(Code::NotFound)?;
    store::delete(tx.conn, id)?;
    tx.record(&Change::new("synonym.removed", id.0, row.version + 1).field("words", &row.content.words, ()))?;
    Ok(Reply::no_content())
}
