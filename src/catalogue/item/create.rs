//! Drafting an item.

use super::drafted::Drafted;
use super::model::{Content, Found, Happening, Item};
use super::step;
use crate::accounts;
use crate::catalogue::reference;
use crate::catalogue::similar::{self, SimilarListing};
use crate::db::Failure;
use crate::events::Tx;
use crate::http::{Answer, Authenticated, Body, Call, Operation, Path, Reply};
use crate::kernel::access::Role;
use crate::kernel::code::Code;
use crate::kernel::id::OrganizationId;
use crate::kernel::problem::Problem;
use uuid::Uuid;

pub(super) fn operation<I: Item>() -> Operation {
    let (path, id) = I::NAMES.create;
    Operation::post(path, id, handle::<I>)
        .about(
            I::TAG,
            "Create a draft",
            "Creates a draft of an organisation, which only the organisation sees. Its editors and owners may do it. A draft needs \
             a language and a title only; what else it needs before it can be submitted is told by the submission. The answer \
             names published listings that look alike, as a warning.",
        )
        .answers::<Drafted<I::View>>(201, "The draft.")
        .problems(&[Code::RoleTooLow])
}

async fn handle<I: Item>(
    call: Call<Authenticated>,
    Path((organization,)): Path<(OrganizationId,)>,
    Body(content): Body<I::Content>,
) -> Answer {
    let similar_listings = look_alikes(&call, &content).await?;
    call.write(move |tx, actor| {
        actor.require(Role::Editor, organization)?;
        let found = create::<I>(tx, organization, content.clone())?;
        let location = format!("{}/{}", collection::<I>(), found.item.id().into());
        let version = found.item.state().version;
        let drafted = Drafted { item: I::view(found, tx.now), similar_listings: similar_listings.clone() };
        let item = Reply::ok(&drafted.item)?.version(version);
        Ok(Reply::created(location, &drafted)?.tagged_like(&item))
    })
    .await
}

/// What looks like the draft; nothing where the search does not answer, which is no reason not to draft.
async fn look_alikes<C: Content>(call: &Call<Authenticated>, content: &C) -> Result<Vec<SimilarListing>, Problem> {
    let (title, summary) = content.head();
    Ok(similar::to(call, title.to_owned(), summary.to_owned(), None).await?.unwrap_or_default())
}

/// The path of all items: that of one, without its identifier.
fn collection<I: Item>() -> &'static str {
    I::NAMES.show.0.trim_end_matches("/{id}")
}

fn create<I: Item>(tx: &mut Tx<'_>, organization: OrganizationId, content: I::Content) -> Result<Found<I>, Failure> {
    reference::check(tx, &content.references())?;
    let brief = accounts::organization_brief(tx.conn, organization)?.ok_or(Code::NotFound)?;
    let id: Uuid = tx.id();
    let item = I::draft(id.into(), organization, content, tx.now);
    item.insert(tx.conn, None)?;
    step::say(tx, &item, Happening::Created, None)?;
    Ok(Found { item, organization: brief.into() })
}
