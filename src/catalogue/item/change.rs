//! Changing what an item says.

use super::model::{Content, Found, Happening, Item};
use super::step;
use crate::catalogue::lifecycle::{State, Step};
use crate::catalogue::reference;
use crate::db::Failure;
use crate::events::Tx;
use crate::http::{Answer, Authenticated, Call, MergePatch, Operation, Path};
use crate::kernel::access::Actor;
use crate::kernel::code::Code;

pub(super) fn operation<I: Item>() -> Operation {
    let (path, id) = I::NAMES.change;
    Operation::patch(path, id, handle::<I>)
        .about(
            I::TAG,
            "Change the content",
            "A JSON merge patch (RFC 7396): named fields are set, `null` empties one, others stay; lists are replaced whole. \
             Possible while it is a draft, sent back for changes, or withdrawn. Editors and owners of the organisation may do it.",
        )
        .if_match()
        .answers::<I::View>(200, "The item after the change.")
        .problems(&[Code::RoleTooLow, I::WRONG_STATE])
}

async fn handle<I: Item>(
    call: Call<Authenticated>,
    Path((id,)): Path<(I::Id,)>,
    patch: MergePatch<I::Content>,
) -> Answer {
    let version = call.expected_version();
    call.write(move |tx, actor| {
        let found = change::<I>(tx, actor, id, version, &patch)?;
        step::answer(tx, found)
    })
    .await
}

fn change<I: Item>(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: I::Id,
    version: i64,
    patch: &MergePatch<I::Content>,
) -> Result<Found<I>, Failure> {
    let mut found: Found<I> = step::find_at(tx.conn, actor, id, version, Step::Change)?;
    let content = patch.apply(found.item.content())?;
    reference::check(tx, &content.references())?;
    let before = found.item.replace_content(content);
    let state = found.item.state();
    found.item.set_state(State { version: version + 1, updated_at: tx.now, ..state });
    if !found.item.save(tx.conn)? {
        return Err(Code::StaleVersion.into());
    }
    step::say(tx, &found.item, Happening::Step(Step::Change), Some((&before, state)))?;
    Ok(found)
}
