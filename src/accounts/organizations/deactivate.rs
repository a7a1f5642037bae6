//! Taking an organisation out of the public, and bringing it back.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::invitations;
use super::organization::Organization;
use super::store;
use super::verification::DeactivatedBy;
use super::view::OrganizationView;
use crate::db::{Conn, Failure};
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Path, Reply, Sample, SignedIn};
use crate::kernel::access::{Actor, OrganizationKind, Reader, Role};
use crate::kernel::code::Code;
use crate::kernel::id::OrganizationId;
use crate::kernel::problem::Problem;
use crate::kernel::text::Prose;
use crate::kernel::validate::FieldErrors;

const PROBLEMS: [Code; 4] =
    [Code::RoleTooLow, Code::OrganizationWrongState, Code::ConflictOfInterest, Code::OfficerRequired];

pub(super) fn operation() -> Operation {
    Operation::post("/v1/organizations/{id}/deactivation", "organizations_deactivate", deactivate)
        .about(
            "Organisations",
            "Deactivate an organisation",
            "By an owner, or by an officer who does not belong to it. Its page and all it has published leave the public, \
             the lists and the search at once, invitations to it are withdrawn, its API keys do not work and it reads nothing \
             that was granted to it; its members still read and prepare, but submit nothing and invite nobody. What an officer \
             deactivated only an officer reactivates.",
        )
        .answers::<OrganizationView>(200, "The organisation, deactivated.")
        .if_match()
        .problems(&PROBLEMS)
}

pub(super) fn reverse() -> Operation {
    Operation::post("/v1/organizations/{id}/reactivation", "organizations_reactivate", reactivate)
        .about(
            "Organisations",
            "Reactivate an organisation",
            "By an owner, where an owner deactivated it, or by an officer. What was public before is public again.",
        )
        .answers::<OrganizationView>(200, "The organisation, active again.")
        .if_match()
        .problems(&PROBLEMS)
}

/// Why an organisation leaves the public.
#[derive(Clone, Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(super) struct DeactivationReason {
    /// Why; its members and officers read it.
    reason: Prose<3, 2000>,
}

impl Sample for DeactivationReason {
    fn sample() -> Self {
        Self { reason: Prose::literal("Viện sáp nhập vào đơn vị khác từ ngày 2026-12-01.") }
    }
}

async fn deactivate(
    call: Call<SignedIn>,
    Path((id,)): Path<(OrganizationId,)>,
    Body(body): Body<DeactivationReason>,
) -> Answer {
    let expected = call.expected_version();
    call.write(move |tx, actor| {
        let now = tx.now;
        let (before, by) = find_at(tx.conn, actor, id, expected)?;
        let next = before.deactivated(by, body.reason.as_str(), now)?;
        close(tx, &next)?;
        answer(actor, &next)
    })
    .await
}

async fn reactivate(call: Call<SignedIn>, Path((id,)): Path<(OrganizationId,)>) -> Answer {
    let expected = call.expected_version();
    call.write(move |tx, actor| {
        let now = tx.now;
        let (before, by) = find_at(tx.conn, actor, id, expected)?;
        let next = before.reactivated(by, now)?;
        let change = Change::new("organization.reactivated", id.0, next.version).of(id);
        keep(tx, &next, &change.field("deactivated_by", before.deactivated_by, ()))?;
        answer(actor, &next)
    })
    .await
}

/// The organisation at `expected`, and as what the actor acts on it.
fn find_at(
    conn: &mut Conn,
    actor: &Actor,
    id: OrganizationId,
    expected: i64,
) -> Result<(Organization, DeactivatedBy), Failure> {
    let organization = store::find_for(conn, &Reader::from(actor), id)?.ok_or(Code::NotFound)?;
    let by = match actor.role_in(id) {
        Some(Role::Owner) => DeactivatedBy::Owner,
        _ if actor.is_officer() && actor.has_interest_in(id) => return Err(Code::ConflictOfInterest.into()),
        _ if actor.is_officer() => DeactivatedBy::Officer,
        _ => return Err(Problem::new(Code::RoleTooLow).with("role", Role::Owner).into()),
    };
    if organization.version == expected { Ok((organization, by)) } else { Err(Code::StaleVersion.into()) }
}

fn keep(tx: &mut Tx<'_>, next: &Organization, change: &Change) -> Result<(), Failure> {
    if !store::save(tx.conn, next)? {
        return Err(Code::StaleVersion.into());
    }
    Ok(tx.record(change)?)
}

fn answer(actor: &Actor, organization: &Organization) -> Result<Reply, Failure> {
    Ok(Reply::ok(&OrganizationView::new(organization, &Reader::from(actor)))?.version(organization.version))
}

/// Writes down that an organisation was deactivated; nobody joins it by an invitation from before.
fn close(tx: &mut Tx<'_>, next: &Organization) -> Result<(), Failure> {
    let change = Change::new("organization.deactivated", next.id.0, next.version).of(next.id);
    let change = change.field("deactivation_reason", (), &next.deactivation_reason);
    keep(tx, next, &change.field("deactivated_by", (), next.deactivated_by))?;
    invitations::withdraw_all(tx, Some(next.id), None)
}

/// What is told of an organisation whose last member is gone.
const ABANDONED: &str = "Thành viên cuối cùng đã đóng tài khoản.";

/// Takes an organisation without members out of the public, as its last owner would have; an authority stays.
///
/// # Errors
/// The database's failure.
pub(in crate::accounts) fn abandon(tx: &mut Tx<'_>, id: OrganizationId) -> Result<(), Failure> {
    let found = store::find(tx.conn, id)?.filter(|organization| {
        organization.deactivated_at.is_none() && organization.content.kind != OrganizationKind::Authority
    });
    match found {
        Some(before) => close(tx, &before.deactivated(DeactivatedBy::Owner, ABANDONED, tx.now)?),
        None => Ok(()),
    }
}

/// Checks that an organisation was not taken out of the public.
///
/// # Errors
/// `organization_deactivated`, or the database's failure.
pub(in crate::accounts) fn require_active(conn: &mut Conn, id: OrganizationId) -> Result<(), Failure> {
    let brief = store::brief(conn, id)?.ok_or(Code::NotFound)?;
    if brief.deactivated_at.is_none() { Ok(()) } else { Err(Code::OrganizationDeactivated.into()) }
}
