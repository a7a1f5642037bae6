//! Drafting an item.

use super::model::{Content, Found, Happening, Item};
use crate::accounts;
use crate::catalogue::reference;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Path, Reply, SignedIn};
use crate::kernel::access::Role;
use crate::kernel::code::Code;
use crate::kernel::id::OrganizationId;
use uuid::Uuid;

pub(super) fn operation<I: Item>() -> Operation {
    let (path, id) = I::NAMES.create;
    Operation::post(path, id, handle::<I>)
        .about(
            I::TAG,
            "Create a draft",
            "Creates a draft of an organisation, which only the organisation sees. Its editors and owners may do it. A draft needs \
             a language and a title only; what else it needs before it can be submitted is told by the submission.",
        )
        .answers::<I::View>(201, "The draft.")
        .problems(&[Code::RoleTooLow])
}

async fn handle<I: Item>(
    call: Call<SignedIn>,
    Path((organization,)): Path<(OrganizationId,)>,
    Body(content): Body<I::Content>,
) -> Answer {
    call.write(move |tx, actor| {
        actor.require(Role::Editor, organization)?;
        let found = create::<I>(tx, organization, content.clone())?;
        let location = format!("{}/{}", collection::<I>(), found.item.id().into());
        let version = found.item.state().version;
        Ok(Reply::created(location, &I::View::from(found))?.version(version))
    })
    .await
}

/// The path of all items: that of one, without its identifier.
fn collection<I: Item>() -> &'static str {
    I::NAMES.show.0.trim_end_matches("/{id}")
}

fn create<I: Item>(tx: &mut Tx<'_>, organization: OrganizationId, content: I::Content) -> Result<Found<I>, Failure> {
    reference::check(tx.conn, "research_field", content.research_field())?;
    let brief = accounts::organization_brief(tx.conn, organization)?.ok_or(Code::NotFound)?;
    let id: Uuid = tx.id();
    let item = I::draft(id.into(), organization, content, tx.now);
    item.insert(tx.conn, None)?;
    tx.record(
        &Change::new(I::event(Happening::Created), id, item.state().version)
            .of(organization)
            .between(None, item.content()),
    )?;
    Ok(Found { item, organization: brief })
}
