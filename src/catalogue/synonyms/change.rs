//! Changing a group of synonyms.

use super::store;
use super::synonym::{Synonym, SynonymContent};
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Call, MergePatch, Officer, Operation, Path, Reply};
use crate::kernel::code::Code;
use crate::kernel::id::SynonymId;

pub(super) fn operation() -> Operation {
    Operation::patch("/v1/search/synonyms/{id}", "synonyms_change", change)
        .about("Search", "Change synonyms", "By an officer. Searches follow within seconds.")
        .answers::<Synonym>(200, "The group as it is now.")
        .if_match()
}

async fn change(call: Call<Officer>, Path((id,)): Path<(SynonymId,)>, patch: MergePatch<SynonymContent>) -> Answer {
    let expected = call.expected_version();
    call.write(move |tx, _| apply(tx, id, expected, &patch)).await
}

fn apply(tx: &mut Tx<'_>, id: SynonymId, expected: i64, patch: &MergePatch<SynonymContent>) -> Result<Reply, Failure> {
    let before = store::find(tx.conn, id)?.ok_or(Code::NotFound)?;
    if before.version != expected {
        return Err(Code::StaleVersion.into());
    }
    let content = patch.apply(&before.content)?;
    if content == before.content {
        return Ok(Reply::ok(&before)?.version(expected));
    }
    let next = Synonym { content, version: expected + 1, updated_at: tx.now, ..before.clone() };
    if !store::save(tx.conn, &next)? {
        return Err(Code::StaleVersion.into());
    }
    let change = Change::new("synonym.changed", id.0, next.version);
    tx.record(&change.between(Some(&before.content), &next.content))?;
    Ok(Reply::ok(&next)?.version(next.version))
}
