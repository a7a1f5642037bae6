//! Reading one invitation.

use super::store;
use super::view::InvitationView;
use crate::http::{Answer, Call, Operation, Path, Reply, SignedIn};
use crate::kernel::access::Role;
use crate::kernel::code::Code;
use crate::kernel::id::{InvitationId, OrganizationId};

pub(super) fn operation() -> Operation {
    Operation::get("/v1/organizations/{id}/invitations/{invitation_id}", "invitations_show", show)
        .about(
            "Organisations",
            "Read an invitation",
            "For owners of the organisation; its `ETag` is needed to send it again or to withdraw it.",
        )
        .answers::<InvitationView>(200, "The invitation.")
        .problems(&[Code::RoleTooLow])
}

async fn show(call: Call<SignedIn>, Path((organization, id)): Path<(OrganizationId, InvitationId)>) -> Answer {
    let invitation = call.read(move |conn, actor| {
        actor.require(Role::Owner, organization)?;
        Ok(store::find(conn, organization, id)?.ok_or(Code::NotFound)?)
    });
    let invitation = invitation.await?;
    let version = invitation.version;
    Ok(Reply::ok(&InvitationView::from(invitation))?.version(version))
}
