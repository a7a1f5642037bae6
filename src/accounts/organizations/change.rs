//! Changing an organisation.

use super::content::OrganizationContent;
use super::create::check_codes;
use super::store;
use super::view::OrganizationView;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Call, MergePatch, Operation, Path, Reply, SignedIn};
use crate::kernel::access::{Actor, Reader, Role};
use crate::kernel::code::Code;
use crate::kernel::id::OrganizationId;

pub(super) fn operation() -> Operation {
    Operation::patch("/v1/organizations/{id}", "organizations_change", change)
        .about(
            "Organisations",
            "Change an organisation",
            "A merge patch by one of its owners. A change of kind, name, tax code or credentials makes the organisation \
             unverified again, until an officer has checked it.",
        )
        .answers::<OrganizationView>(200, "The organisation as it is now.")
        .if_match()
        .problems(&[Code::RoleTooLow])
}

async fn change(
    call: Call<SignedIn>,
    Path((id,)): Path<(OrganizationId,)>,
    patch: MergePatch<OrganizationContent>,
) -> Answer {
    let expected = call.expected_version();
    call.write(move |tx, actor| apply(tx, actor, id, expected, &patch)).await
}

fn apply(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: OrganizationId,
    expected: i64,
    patch: &MergePatch<OrganizationContent>,
) -> Result<Reply, Failure> {
    let now = tx.now;
    let reader = Reader::from(actor);
    let before = store::find_for(tx.conn, &reader, id)?.ok_or(Code::NotFound)?;
    require_owner(actor, id)?;
    if before.version != expected {
        return Err(Code::StaleVersion.into());
    }
    let content = patch.apply(&before.content)?;
    if content == before.content {
        return Ok(Reply::ok(&OrganizationView::new(&before, &reader))?.version(before.version));
    }
    check_codes(tx, Some(&before.content), &content)?;
    let next = before.changed(content, now)?;
    if !store::save(tx.conn, &next)? {
        return Err(Code::StaleVersion.into());
    }
    let change = Change::new("organization.changed", id.0, next.version).of(id);
    let mut change = change.between(Some(&before.content), &next.content);
    if next.verification != before.verification {
        change = change.field("verification", before.verification, next.verification);
    }
    tx.record(&change)?;
    Ok(Reply::ok(&OrganizationView::new(&next, &reader))?.version(next.version))
}

/// Somebody who sees the organisation without being an owner is told that the role is missing.
fn require_owner(actor: &Actor, id: OrganizationId) -> Result<(), Failure> {
    match actor.role_in(id) {
        Some(Role::Owner) => Ok(()),
        _ => Err(crate::kernel::problem::Problem::new(Code::RoleTooLow).with("role", Role::Owner).into()),
    }
}
