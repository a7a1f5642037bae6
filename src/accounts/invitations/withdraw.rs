//! Taking an invitation back.

use super::invitation::{Invitation, InvitationStatus};
use super::store;
use super::view::InvitationView;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Call, Operation, Path, Reply, SignedIn};
use crate::kernel::access::{Actor, Role};
use crate::kernel::code::Code;
use crate::kernel::id::{InvitationId, OrganizationId, UserId};

pub(super) fn operation() -> Operation {
    Operation::post("/v1/organizations/{id}/invitations/{invitation_id}/withdrawal", "invitations_withdraw", withdraw)
        .about(
            "Organisations",
            "Withdraw an invitation",
            "By an owner, for an invitation that nobody has answered: its token is void at once.",
        )
        .answers::<InvitationView>(200, "The invitation, withdrawn.")
        .if_match()
        .problems(&[Code::RoleTooLow, Code::InvitationWrongState])
}

async fn withdraw(call: Call<SignedIn>, Path((organization, id)): Path<(OrganizationId, InvitationId)>) -> Answer {
    let expected = call.expected_version();
    call.write(move |tx, actor| {
        let before = find_at(tx, actor, organization, id, expected)?;
        let after = end(tx, &before, InvitationStatus::Withdrawn)?;
        let version = after.version;
        Ok(Reply::ok(&InvitationView::from(after))?.version(version))
    })
    .await
}

/// The invitation at `expected`, for an owner of its organisation.
pub(super) fn find_at(
    tx: &mut Tx<'_>,
    actor: &Actor,
    organization: OrganizationId,
    id: InvitationId,
    expected: i64,
) -> Result<Invitation, Failure> {
    actor.require(Role::Owner, organization)?;
    let invitation = store::find(tx.conn, organization, id)?.ok_or(Code::NotFound)?;
    if invitation.version == expected { Ok(invitation) } else { Err(Code::StaleVersion.into()) }
}

/// Ends an open invitation and records how.
pub(super) fn end(tx: &mut Tx<'_>, before: &Invitation, status: InvitationStatus) -> Result<Invitation, Failure> {
    let after = before.ended(status, tx.now)?;
    if !store::save(tx.conn, &after)? {
        return Err(Code::StaleVersion.into());
    }
    let event = match status {
        InvitationStatus::Accepted => "invitation.accepted",
        InvitationStatus::Declined => "invitation.declined",
        InvitationStatus::Withdrawn | InvitationStatus::Pending => "invitation.withdrawn",
    };
    let change = Change::new(event, after.id.0, after.version).of(after.organization_id);
    tx.record(&change.field("status", before.status, status))?;
    Ok(after)
}

/// Withdraws the invitations nobody has answered, of an organisation, by an inviter, or both: an invitation does not outlive
/// the right to invite.
///
/// # Errors
/// The database's failure.
pub(in crate::accounts) fn withdraw_all(
    tx: &mut Tx<'_>,
    organization: Option<OrganizationId>,
    inviter: Option<UserId>,
) -> Result<(), Failure> {
    let unanswered = store::unanswered(tx.conn, organization, inviter)?;
    unanswered.iter().try_for_each(|invitation| end(tx, invitation, InvitationStatus::Withdrawn).map(|_| ()))
}
