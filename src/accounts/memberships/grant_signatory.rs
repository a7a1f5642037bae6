//! Giving a member the right to sign for the organisation, and taking it.

use super::membership::{MembershipRow, SignatoryGrant};
use super::store;
use super::view::MemberView;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Path, Reply, SignedIn, SteppedUp};
use crate::kernel::access::{Actor, Role};
use crate::kernel::code::Code;
use crate::kernel::id::{OrganizationId, UserId};

const PATH: &str = "/v1/organizations/{id}/members/{user_id}/signatory";

pub(super) fn operations() -> [Operation; 2] {
    [
        Operation::post(PATH, "signatories_grant", grant)
            .about(
                "Organisations",
                "Give a member the right to sign",
                "By an owner, on the basis named. Who has the right may sign contracts and accept offers for the \
                 organisation from the next request on, with a second factor. It is given to people, never to keys for \
                 machines. Given anew, it replaces what was there.",
            )
            .answers::<MemberView>(200, "The membership with the right.")
            .if_match()
            .problems(&[Code::RoleTooLow]),
        Operation::delete(PATH, "signatories_revoke", revoke)
            .about(
                "Organisations",
                "Take the right to sign from a member",
                "By an owner, or by the member; it takes effect at the person's next request. What was signed stays signed.",
            )
            .answers_nothing("The member has no right to sign.")
            .if_match()
            .problems(&[Code::RoleTooLow]),
    ]
}

async fn grant(
    call: Call<SteppedUp>,
    Path((id, user)): Path<(OrganizationId, UserId)>,
    Body(right): Body<SignatoryGrant>,
) -> Answer {
    let expected = call.expected_version();
    call.write(move |tx, actor| {
        actor.require(Role::Owner, id)?;
        let (view, version) = set(tx, actor, (id, user), expected, Some(&right))?;
        Ok(Reply::ok(&view)?.version(version))
    })
    .await
}

async fn revoke(call: Call<SignedIn>, Path((id, user)): Path<(OrganizationId, UserId)>) -> Answer {
    let expected = call.expected_version();
    call.write(move |tx, actor| {
        actor.require(if actor.user_id == user { Role::Viewer } else { Role::Owner }, id)?;
        set(tx, actor, (id, user), expected, None)?;
        Ok(Reply::no_content())
    })
    .await
}

fn set(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (id, user): (OrganizationId, UserId),
    expected: i64,
    right: Option<&SignatoryGrant>,
) -> Result<(MemberView, i64), Failure> {
    let (before, full_name, email) = store::find_member(tx.conn, id, user)?.ok_or(Code::NotFound)?;
    if before.version != expected {
        return Err(Code::StaleVersion.into());
    }
    if right.is_none() && before.signatory_basis.is_none() {
        return Err(Code::NotFound.into());
    }
    let next: MembershipRow = before.with_signatory(right, tx.now);
    if !store::save(tx.conn, &next)? {
        return Err(Code::StaleVersion.into());
    }
    let event = if right.is_some() { "membership.signatory_granted" } else { "membership.signatory_revoked" };
    let change = Change::new(event, user.0, next.version).of(id);
    tx.record(&change.field("signatory", before.signatory(), next.signatory()))?;
    let version = next.version;
    Ok((MemberView::new((next, full_name, email), actor), version))
}
