//! Changing what an item says.

use super::model::{Content, Found, Happening, Item, State};
use super::step;
use crate::catalogue::lifecycle::Step;
use crate::catalogue::reference;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Call, MergePatch, Operation, Path, SignedIn};
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

async fn handle<I: Item>(call: Call<SignedIn>, Path((id,)): Path<(I::Id,)>, patch: MergePatch<I::Content>) -> Answer {
    let version = call.expected_version();
    call.write(move |tx, actor| step::answer::<I>(change(tx, actor, id, version, &patch)?)).await
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
    reference::check(tx.conn, "research_field", content.research_field())?;
    let before = found.item.replace_content(content);
    let state = found.item.state();
    found.item.set_state(State { version: version + 1, updated_at: tx.now, ..state });
    if !found.item.save(tx.conn)? {
        return Err(Code::StaleVersion.into());
    }
    let event = I::event(Happening::Step(Step::Change));
    let change = Change::new(event, id.into(), version + 1).of(found.item.organization_id());
    tx.record(&change.between(Some(&before), found.item.content()))?;
    Ok(found)
}
