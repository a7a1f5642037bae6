//! Saving a search.

use super::saved_search::{SavedSearch, SavedSearchContent};
use super::store;
use super::view::SavedSearchView;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Reply, SignedIn};
use crate::kernel::access::Actor;
use crate::kernel::code::Code;
use crate::kernel::problem::Problem;

/// Searches one person may keep.
pub(super) const AT_MOST: i64 = 50;

pub(super) fn operation() -> Operation {
    Operation::post("/v1/saved-searches", "saved_searches_create", create)
        .about(
            "Search",
            "Save a search",
            "Keeps the parameters of a search under a name. With `alert` you are told by mail, once a day or once a week at the \
             most, of what is published from now on and fits; to end that, change `alert` to `none` or delete the saved \
             search. You may keep 50.",
        )
        .answers::<SavedSearchView>(201, "The saved search.")
        .problems(&[Code::LimitReached])
}

async fn create(call: Call<SignedIn>, Body(content): Body<SavedSearchContent>) -> Answer {
    call.write(move |tx, actor| keep(tx, actor, content.clone())).await
}

fn keep(tx: &mut Tx<'_>, actor: &Actor, content: SavedSearchContent) -> Result<Reply, Failure> {
    if store::count(tx.conn, actor.user_id)? >= AT_MOST {
        return Err(Problem::new(Code::LimitReached).with("max", AT_MOST).into());
    }
    let row = SavedSearch::new(tx.id(), actor.user_id, content, tx.now);
    store::insert(tx.conn, &row)?;
    let (id, version) = (row.id, row.version);
    tx.record(&Change::new("saved_search.created", id.0, version).field("alert", (), row.alert))?;
    Ok(Reply::created(format!("/v1/saved-searches/{id}"), &SavedSearchView::from(row))?.version(version))
}
