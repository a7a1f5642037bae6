//! Registering an organisation.

use super::super::memberships;
use super::organization::{Organization, OrganizationContent, Verification, kind_refused};
use super::store;
use super::view::OrganizationView;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Reply, SignedIn};
use crate::kernel::access::{Actor, Membership, OrganizationKind, Reader, Role};
use crate::kernel::clock::At;
use crate::kernel::id::OrganizationId;
use crate::kernel::problem::Problem;
use crate::kernel::validate::{FieldCode, FieldError, FieldErrors};

pub(super) fn operation() -> Operation {
    Operation::post("/v1/organizations", "organizations_create", create)
        .about(
            "Organisations",
            "Register an organisation",
            "Whoever registers an organisation becomes its owner. It is unverified, and seen by its members and officers \
             only, until an officer has checked it. The tax code is required unless it is an individual.",
        )
        .answers::<OrganizationView>(201, "The organisation, which you own.")
}

async fn create(call: Call<SignedIn>, Body(content): Body<OrganizationContent>) -> Answer {
    call.write(move |tx, actor| register(tx, actor, content.clone())).await
}

fn register(tx: &mut Tx<'_>, actor: &Actor, content: OrganizationContent) -> Result<Reply, Failure> {
    if content.kind == OrganizationKind::Authority {
        return Err(kind_refused().into());
    }
    let organization = add(tx, content, Verification::Unverified)?;
    memberships::add(tx, organization.id, actor.user_id, Role::Owner)?;
    let mut owner = actor.clone();
    owner.memberships.push(Membership {
        organization_id: organization.id,
        kind: organization.content.kind,
        role: Role::Owner,
    });
    let view = OrganizationView::new(&organization, &Reader(Some(owner)));
    Ok(Reply::created(format!("/v1/organizations/{}", organization.id), &view)?.version(organization.version))
}

/// A new organisation without members.
pub(in crate::accounts) fn add(
    tx: &mut Tx<'_>,
    content: OrganizationContent,
    verification: Verification,
) -> Result<Organization, Failure> {
    let now = tx.now;
    check_province(tx, &content, now)?;
    let organization = Organization::new(tx.id::<OrganizationId>(), content, verification, now);
    store::insert(tx.conn, &organization)?;
    let change = Change::new("organization.created", organization.id.0, organization.version);
    tx.record(&change.of(organization.id).between(None, &organization.content))?;
    Ok(organization)
}

/// Checks that the province is in its reference list.
pub(super) fn check_province(tx: &mut Tx<'_>, content: &OrganizationContent, now: At) -> Result<(), Failure> {
    let Some(province) = &content.province else { return Ok(()) };
    if store::province_exists(tx.conn, province.as_str(), now)? {
        return Ok(());
    }
    let args = vec![("list", "province".to_owned())];
    let error = FieldError { pointer: "/province".into(), code: FieldCode::UnknownReference, args };
    Err(Problem::from(FieldErrors(vec![error])).into())
}
