//! Removing a member, or leaving.

use super::membership::keep_an_owner;
use super::step_down::step_down;
use super::store;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Call, Operation, Path, Reply, SignedIn};
use crate::kernel::access::{Actor, Role};
use crate::kernel::code::Code;
use crate::kernel::id::{OrganizationId, UserId};

pub(super) fn operation() -> Operation {
    Operation::delete("/v1/organizations/{id}/members/{user_id}", "memberships_remove", remove)
        .about(
            "Organisations",
            "Remove a member, or leave",
            "By an owner, or by the member who leaves; it takes effect at the person's next request. With an owner fall the API \
             keys and the unanswered invitations that person made. The last owner cannot go.",
        )
        .answers_nothing("The person is no member any more.")
        .problems(&[Code::RoleTooLow, Code::LastOwner])
}

async fn remove(call: Call<SignedIn>, Path((id, user)): Path<(OrganizationId, UserId)>) -> Answer {
    call.write(move |tx, actor| leave(tx, actor, id, user)).await
}

fn leave(tx: &mut Tx<'_>, actor: &Actor, id: OrganizationId, user: UserId) -> Result<Reply, Failure> {
    let needed = if actor.user_id == user { Role::Viewer } else { Role::Owner };
    actor.require(needed, id)?;
    let membership = store::find(tx.conn, id, user)?.ok_or(Code::NotFound)?;
    keep_an_owner(membership.role, None, store::other_owners(tx.conn, id, user)?)?;
    step_down(tx, id, user)?;
    store::delete(tx.conn, id, user)?;
    let change = Change::new("membership.removed", user.0, membership.version + 1).of(id);
    tx.record(&change.field("role", membership.role, ()))?;
    Ok(Reply::no_content())
}
