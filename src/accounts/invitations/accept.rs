//! Accepting an invitation.

use super::super::memberships::{self, MemberView};
use super::super::users::{EmailToken, store as users};
use super::invitation::InvitationStatus;
use super::store;
use super::view::InvitationToken;
use super::withdraw::end;
use crate::db::Failure;
use crate::events::Tx;
use crate::http::{Answer, Body, Call, Operation, Rate, Reply, SignedIn};
use crate::kernel::access::Actor;
use crate::kernel::code::Code;
use crate::kernel::problem::Problem;
use crate::kernel::validate::FieldCode;

pub(super) fn operation() -> Operation {
    Operation::post("/v1/invitation-acceptances", "invitations_accept", accept)
        .about(
            "Organisations",
            "Accept an invitation",
            "Takes the token from the mail. It works once, until the invitation expires, for the person who is signed in \
             with the address the mail went to; who has no account yet registers with that address first. The person is a \
             member from then on.",
        )
        .answers::<MemberView>(201, "One's membership.")
        .rate(Rate::Credential)
        .problems(&[Code::InvalidInvitation, Code::InvitationForOtherAddress])
}

async fn accept(call: Call<SignedIn>, Body(sent): Body<InvitationToken>) -> Answer {
    call.write(move |tx, actor| join(tx, actor, &sent.token)).await
}

fn join(tx: &mut Tx<'_>, actor: &Actor, token: &EmailToken) -> Result<Reply, Failure> {
    let now = tx.now;
    let invitation = store::find_by_token(tx.conn, &token.hash(), now)?.ok_or(Code::InvalidInvitation)?;
    let user = users::find(tx.conn, actor.user_id)?.ok_or(Code::InvalidToken)?;
    if user.email != invitation.email {
        return Err(Code::InvitationForOtherAddress.into());
    }
    let organization = invitation.organization_id;
    if actor.role_in(organization).is_some() {
        return Err(Problem::field("/token", FieldCode::AlreadyMember).into());
    }
    end(tx, &invitation, InvitationStatus::Accepted)?;
    let row = memberships::add(tx, organization, user.id, invitation.role)?;
    let version = row.version;
    let view = MemberView::new((row, user.profile.full_name.into(), user.email), actor);
    Ok(Reply::created(format!("/v1/organizations/{organization}/members/{}", user.id), &view)?.version(version))
}
