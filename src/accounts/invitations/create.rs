//! Inviting an address.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::organizations;
use super::super::users::Email;
use super::invitation::{Invitation, within_limit};
use super::store;
use super::view::InvitationView;
use crate::config::Invitations;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Path, Rate, Reply, Sample, SignedIn};
use crate::kernel::access::{Actor, Role};
use crate::kernel::code::Code;
use crate::kernel::id::OrganizationId;
use crate::kernel::problem::Problem;
use crate::kernel::validate::{FieldCode, FieldErrors};

pub(super) fn operation() -> Operation {
    Operation::post("/v1/organizations/{id}/invitations", "invitations_create", create)
        .about(
            "Organisations",
            "Invite somebody",
            "By an owner. A mail with a token goes to the address; whoever reads it and is signed in with that address \
             accepts with `POST /v1/invitation-acceptances`, also after registering with it. The answer is the same \
             whether or not the address has an account. It is withdrawn when the inviter is no owner any more or is suspended, \
             and when the organisation is deactivated. An organisation may have so many mails sent within 24 hours \
             (setting `invitations.mails_per_day`).",
        )
        .answers::<InvitationView>(201, "The invitation; its mail is on its way.")
        .rate(Rate::Credential)
        .problems(&[Code::RoleTooLow, Code::OrganizationDeactivated, Code::TooManyInvitations])
}

/// Who is invited to be what.
#[derive(Clone, Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(super) struct NewInvitation {
    /// The person's address.
    email: Email,
    /// The role in the organisation.
    role: Role,
}

impl Sample for NewInvitation {
    fn sample() -> Self {
        Self { email: Email::literal("nghien-cuu@vien.example"), role: Role::Editor }
    }
}

async fn create(call: Call<SignedIn>, Path((id,)): Path<(OrganizationId,)>, Body(new): Body<NewInvitation>) -> Answer {
    let rules = call.app().config.invitations;
    call.write(move |tx, actor| invite(tx, actor, id, &new, &rules)).await
}

fn invite(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: OrganizationId,
    new: &NewInvitation,
    rules: &Invitations,
) -> Result<Reply, Failure> {
    actor.require(Role::Owner, id)?;
    let (email, now) = (new.email.as_str(), tx.now);
    organizations::require_active(tx.conn, id)?;
    if store::is_member(tx.conn, id, email)? {
        return Err(Problem::field("/email", FieldCode::AlreadyMember).into());
    }
    within_limit(&store::mailed_recently(tx.conn, id, now)?, rules, now)?;
    let invitation = Invitation::new(tx.id(), (id, email, new.role), actor.user_id, rules.days, now);
    store::insert(tx.conn, &invitation)?;
    tx.record(&Change::new("invitation.created", invitation.id.0, 1).of(id).between(None, new))?;
    let location = format!("/v1/organizations/{id}/invitations/{}", invitation.id);
    Ok(Reply::created(location, &InvitationView::from(invitation))?.version(1))
}
