//! Declining an invitation.

use super::invitation::InvitationStatus;
use super::store;
use super::view::InvitationToken;
use super::withdraw::end;
use crate::http::{Answer, Body, Call, Operation, Public, Rate, Reply};
use crate::kernel::code::Code;

pub(super) fn operation() -> Operation {
    Operation::post("/v1/invitation-refusals", "invitations_decline", decline)
        .about(
            "Organisations",
            "Decline an invitation",
            "Takes the token from the mail; no account is needed. The owners of the organisation see that it was declined.",
        )
        .answers_nothing("The invitation is declined.")
        .rate(Rate::Credential)
        .problems(&[Code::InvalidInvitation])
}

async fn decline(call: Call<Public>, Body(sent): Body<InvitationToken>) -> Answer {
    call.write(move |tx, _| {
        let now = tx.now;
        let invitation = store::find_by_token(tx.conn, &sent.token.hash(), now)?.ok_or(Code::InvalidInvitation)?;
        end(tx, &invitation, InvitationStatus::Declined)?;
        Ok(Reply::no_content())
    })
    .await
}
