//! Changing a member's role.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::membership::{MembershipRow, keep_an_owner};
use super::step_down::step_down;
use super::store;
use super::view::MemberView;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Call, MergePatch, Operation, Path, Reply, Sample, SignedIn};
use crate::kernel::access::{Actor, Role};
use crate::kernel::code::Code;
use crate::kernel::id::{OrganizationId, UserId};
use crate::kernel::validate::FieldErrors;

pub(super) fn operation() -> Operation {
    Operation::patch("/v1/organizations/{id}/members/{user_id}", "memberships_change", change)
        .about(
            "Organisations",
            "Change a member's role",
            "By an owner; it takes effect at the person's next request. With the role of an owner fall the API keys and the \
             unanswered invitations that person made. The last owner cannot be given another role.",
        )
        .answers::<MemberView>(200, "The membership as it is now.")
        .if_match()
        .problems(&[Code::RoleTooLow, Code::LastOwner])
}

/// What can be changed about a membership.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(super) struct MemberRole {
    /// The role in the organisation.
    role: Role,
}

impl Sample for MemberRole {
    fn sample() -> Self {
        Self { role: Role::Owner }
    }
}

async fn change(
    call: Call<SignedIn>,
    Path((id, user)): Path<(OrganizationId, UserId)>,
    patch: MergePatch<MemberRole>,
) -> Answer {
    let expected = call.expected_version();
    call.write(move |tx, actor| apply(tx, actor, id, user, expected, &patch)).await
}

fn apply(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: OrganizationId,
    user: UserId,
    expected: i64,
    patch: &MergePatch<MemberRole>,
) -> Result<Reply, Failure> {
    actor.require(Role::Owner, id)?;
    let (before, full_name, email) = store::find_member(tx.conn, id, user)?.ok_or(Code::NotFound)?;
    if before.version != expected {
        return Err(Code::StaleVersion.into());
    }
    let MemberRole { role } = patch.apply(&MemberRole { role: before.role })?;
    keep_an_owner(before.role, Some(role), store::other_owners(tx.conn, id, user)?)?;
    let next = MembershipRow { role, version: before.version + 1, updated_at: tx.now, ..before.clone() };
    if role == before.role {
        return Ok(Reply::ok(&MemberView::new((before, full_name, email), actor))?.version(expected));
    }
    if !store::save(tx.conn, &next)? {
        return Err(Code::StaleVersion.into());
    }
    if before.role == Role::Owner {
        step_down(tx, id, user)?;
    }
    tx.record(&Change::new("membership.changed", user.0, next.version).of(id).field("role", before.role, role))?;
    let version = next.version;
    Ok(Reply::ok(&MemberView::new((next, full_name, email), actor))?.version(version))
}
