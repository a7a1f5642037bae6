//! Changing a saved search.

use super::saved_search::SavedSearchContent;
use super::store;
use super::view::SavedSearchView;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Call, MergePatch, Operation, Path, Reply, SignedIn};
use crate::kernel::access::Actor;
use crate::kernel::code::Code;
use crate::kernel::id::SavedSearchId;

pub(super) fn operation() -> Operation {
    Operation::patch("/v1/saved-searches/{id}", "saved_searches_change", change)
        .about(
            "Search",
            "Change a saved search",
            "Its name, its parameters, or how often you are told of news; `none` ends that. Parameters are merged: a `null` \
             takes one out.",
        )
        .answers::<SavedSearchView>(200, "The saved search as it is now.")
        .if_match()
}

async fn change(
    call: Call<SignedIn>,
    Path((id,)): Path<(SavedSearchId,)>,
    patch: MergePatch<SavedSearchContent>,
) -> Answer {
    let expected = call.expected_version();
    call.write(move |tx, actor| apply(tx, actor, id, expected, &patch)).await
}

fn apply(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: SavedSearchId,
    expected: i64,
    patch: &MergePatch<SavedSearchContent>,
) -> Result<Reply, Failure> {
    let before = store::find(tx.conn, actor.user_id, id)?.ok_or(Code::NotFound)?;
    if before.version != expected {
        return Err(Code::StaleVersion.into());
    }
    let content = patch.apply(&before.content())?;
    if content == before.content() {
        return Ok(Reply::ok(&SavedSearchView::from(before))?.version(expected));
    }
    let next = before.with(content, tx.now);
    if !store::save(tx.conn, &next)? {
        return Err(Code::StaleVersion.into());
    }
    let version = next.version;
    tx.record(&Change::new("saved_search.changed", id.0, version).field("alert", before.alert, next.alert))?;
    Ok(Reply::ok(&SavedSearchView::from(next))?.version(version))
}
