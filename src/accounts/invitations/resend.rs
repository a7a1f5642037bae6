//! Having an invitation mailed again.

use super::super::organizations;
use super::invitation::within_limit;
use super::store;
use super::view::InvitationView;
use super::withdraw::find_at;
use crate::config::Invitations;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Call, Operation, Path, Rate, Reply, SignedIn};
use crate::kernel::access::Actor;
use crate::kernel::code::Code;
use crate::kernel::id::{InvitationId, OrganizationId};

pub(super) fn operation() -> Operation {
    Operation::post("/v1/organizations/{id}/invitations/{invitation_id}/mail", "invitations_resend", resend)
        .about(
            "Organisations",
            "Send an invitation again",
            "By an owner, for an invitation that nobody has answered, expired or not: a new token is mailed, the one before \
             is void, and the time to answer begins anew. At most one mail a minute to an address.",
        )
        .answers::<InvitationView>(202, "The invitation; its mail is on its way.")
        .if_match()
        .rate(Rate::Credential)
        .problems(&[Code::RoleTooLow, Code::InvitationWrongState, Code::OrganizationDeactivated, Code::TooManyInvitations])
}

async fn resend(call: Call<SignedIn>, Path((organization, id)): Path<(OrganizationId, InvitationId)>) -> Answer {
    let (rules, expected) = (call.app().config.invitations, call.expected_version());
    call.write(move |tx, actor| mail_again(tx, actor, (organization, id), expected, &rules)).await
}

fn mail_again(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (organization, id): (OrganizationId, InvitationId),
    expected: i64,
    rules: &Invitations,
) -> Result<Reply, Failure> {
    let now = tx.now;
    let before = find_at(tx, actor, organization, id, expected)?;
    let next = before.resent(rules.days, now)?;
    organizations::require_active(tx.conn, organization)?;
    within_limit(&store::mailed_recently(tx.conn, organization, now)?, rules, now)?;
    if !store::save(tx.conn, &next)? {
        return Err(Code::StaleVersion.into());
    }
    let change = Change::new("invitation.resent", id.0, next.version).of(organization);
    tx.record(&change.field("expires_at", before.expires_at, next.expires_at))?;
    let version = next.version;
    Ok(Reply::accepted(&InvitationView::from(next))?.version(version))
}
