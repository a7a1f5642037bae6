//! Writing a confidential part.

use super::access::ground;
use super::part::{ConfidentialContent, ConfidentialPart};
use super::view::ConfidentialView;
use super::{TAG, store};
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Call, MergePatch, Operation, Path, Reply, SignedIn};
use crate::kernel::access::{Actor, Role};
use crate::kernel::code::Code;
use crate::kernel::id::ListingId;
use crate::kernel::problem::Problem;

pub(super) fn operation() -> Operation {
    Operation::patch("/v1/listings/{id}/confidential", "confidential_change", handle)
        .about(
            TAG,
            "Write the confidential part",
            "A JSON merge patch (RFC 7396); `sections` are replaced whole. Possible at any time, whatever the listing's status: \
             nobody moderates it. Editors and owners of the organisation may do it. The audit log records that it changed, not \
             what it says.",
        )
        .if_match()
        .answers::<ConfidentialView>(200, "The confidential part after the change.")
        .problems(&[Code::RoleTooLow])
}

async fn handle(
    call: Call<SignedIn>,
    Path((id,)): Path<(ListingId,)>,
    patch: MergePatch<ConfidentialContent>,
) -> Answer {
    let version = call.expected_version();
    call.write(move |tx, actor| change(tx, actor, id, version, &patch)).await
}

fn change(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ListingId,
    version: i64,
    patch: &MergePatch<ConfidentialContent>,
) -> Result<Reply, Failure> {
    let (_, owner) = ground(tx.conn, actor, id, tx.now)?;
    if actor.role_in(owner) < Some(Role::Editor) {
        return Err(Problem::new(Code::RoleTooLow).with("role", Role::Editor).into());
    }
    let current = store::find(tx.conn, id)?;
    if current.as_ref().map_or(0, |part| part.version) != version {
        return Err(Code::StaleVersion.into());
    }
    let before = current.map(|part| ConfidentialContent { sections: part.sections }).unwrap_or_default();
    let ConfidentialContent { sections } = patch.apply(&before)?;
    let part = ConfidentialPart { listing_id: id, sections, version: version + 1, updated_at: tx.now };
    if !store::save(tx.conn, &part)? {
        return Err(Code::StaleVersion.into());
    }
    tx.record(&Change::new("confidential.changed", id.0, part.version).of(owner))?;
    let version = part.version;
    let view = ConfidentialView::of(tx.conn, id, Some(part))?;
    Ok(Reply::ok(&view)?.version(version))
}
