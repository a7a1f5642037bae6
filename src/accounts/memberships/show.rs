//! Reading one membership.

use super::list::require_insider;
use super::store;
use super::view::MemberView;
use crate::http::{Answer, Call, Operation, Path, Reply, SignedIn};
use crate::kernel::code::Code;
use crate::kernel::id::{OrganizationId, UserId};

pub(super) fn operation() -> Operation {
    Operation::get("/v1/organizations/{id}/members/{user_id}", "memberships_show", show)
        .about(
            "Organisations",
            "Read a membership",
            "For members of the organisation and officers; its `ETag` is needed to change the role.",
        )
        .answers::<MemberView>(200, "The membership.")
}

async fn show(call: Call<SignedIn>, Path((id, user)): Path<(OrganizationId, UserId)>) -> Answer {
    let (view, version) = call
        .read(move |conn, actor| {
            require_insider(conn, actor, id)?;
            let member = store::find_member(conn, id, user)?.ok_or(Code::NotFound)?;
            let version = member.0.version;
            Ok((MemberView::new(member, actor), version))
        })
        .await?;
    Ok(Reply::ok(&view)?.version(version))
}
