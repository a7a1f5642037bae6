//! Adding a group of synonyms.

use super::store;
use super::synonym::{Synonym, SynonymContent};
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Officer, Operation, Reply};
use crate::kernel::code::Code;
use crate::kernel::problem::Problem;

/// Groups there may be; the indexes keep all of them at hand.
const AT_MOST: i64 = 2_000;

pub(super) fn operation() -> Operation {
    Operation::post("/v1/search/synonyms", "synonyms_create", create)
        .about(
            "Search",
            "Add synonyms",
            "By an officer. Whoever searches for one of the words finds the others too, within seconds; what was asked for \
             ranks higher. There may be 2,000 groups.",
        )
        .answers::<Synonym>(201, "The group.")
        .problems(&[Code::LimitReached])
}

async fn create(call: Call<Officer>, Body(content): Body<SynonymContent>) -> Answer {
    call.write(move |tx, _| add(tx, content.clone())).await
}

fn add(tx: &mut Tx<'_>, content: SynonymContent) -> Result<Reply, Failure> {
    if store::count(tx.conn)? >= AT_MOST {
        return Err(Problem::new(Code::LimitReached).with("max", AT_MOST).into());
    }
    let row = Synonym { id: tx.id(), content, version: 1, created_at: tx.now, updated_at: tx.now };
    store::insert(tx.conn, &row)?;
    tx.record(&Change::new("synonym.created", row.id.0, row.version).between(None, &row.content))?;
    Ok(Reply::created(format!("/v1/search/synonyms/{}", row.id), &row)?.version(row.version))
}
