//! Reading a group of synonyms.

use super::store;
use super::synonym::Synonym;
use crate::http::{Answer, Call, Operation, Path, Public, Reply};
use crate::kernel::code::Code;
use crate::kernel::id::SynonymId;

pub(super) fn operation() -> Operation {
    Operation::get("/v1/search/synonyms/{id}", "synonyms_show", show)
        .about("Search", "Read a group of synonyms", "One group of words that mean the same in a search.")
        .answers::<Synonym>(200, "The group.")
}

async fn show(call: Call<Public>, Path((id,)): Path<(SynonymId,)>) -> Answer {
    call.read(move |conn, _| {
        let row = store::find(conn, id)?.ok_or(Code::NotFound)?;
        Ok(Reply::ok(&row)?.version(row.version).cacheable())
    })
    .await
}
