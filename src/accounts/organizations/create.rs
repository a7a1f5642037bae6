//! Registering an organisation.

use super::super::memberships;
use super::content::OrganizationContent;
use super::organization::{Organization, kind_refused};
use super::store;
use super::verification::Verification;
use super::view::OrganizationView;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Reply, SignedIn};
use crate::kernel::access::{Actor, Membership, OrganizationKind, Reader, Role};
use crate::kernel::code::Code;
use crate::kernel::id::OrganizationId;
use crate::kernel::problem::Problem;
use crate::kernel::validate::{FieldCode, FieldError, FieldErrors};

pub(super) fn operation() -> Operation {
    Operation::post("/v1/organizations", "organizations_create", create)
        .about(
            "Organisations",
            "Register an organisation",
            "Whoever registers an organisation becomes its owner. It is unverified, and seen by its members and officers \
             only, until an officer has checked it. The tax code is required unless it is an individual. A person owns 20 at \
             the most.",
        )
        .answers::<OrganizationView>(201, "The organisation, which you own.")
        .problems(&[Code::LimitReached])
}

/// Organisations one person may own.
const AT_MOST: usize = 20;

async fn create(call: Call<SignedIn>, Body(content): Body<OrganizationContent>) -> Answer {
    call.write(move |tx, actor| register(tx, actor, content.clone())).await
}

fn register(tx: &mut Tx<'_>, actor: &Actor, content: OrganizationContent) -> Result<Reply, Failure> {
    if content.kind == OrganizationKind::Authority {
        return Err(kind_refused().into());
    }
    if actor.memberships.iter().filter(|membership| membership.role == Role::Owner).count() >= AT_MOST {
        return Err(Problem::new(Code::LimitReached).with("max", AT_MOST).into());
    }
    let organization = add(tx, content, Verification::Unverified)?;
    memberships::add(tx, organization.id, actor.user_id, Role::Owner)?;
    let mut owner = actor.clone();
    owner.memberships.push(Membership {
        organization_id: organization.id,
        kind: organization.content.kind,
        role: Role::Owner,
        signatory: false,
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
    check_codes(tx, None, &content)?;
    let organization = Organization::new(tx.id::<OrganizationId>(), content, verification, now);
    store::insert(tx.conn, &organization)?;
    let change = Change::new("organization.created", organization.id.0, organization.version);
    tx.record(&change.of(organization.id).between(None, &organization.content))?;
    Ok(organization)
}

/// Checks that the province and the fields of research are in their reference lists. What was there before may stay.
pub(super) fn check_codes(
    tx: &mut Tx<'_>,
    before: Option<&OrganizationContent>,
    content: &OrganizationContent,
) -> Result<(), Failure> {
    let old_province = before.and_then(|before| before.province.as_ref());
    let old_fields = before.map(|before| &*before.research_fields).unwrap_or_default();
    let province = content.province.iter().filter(|code| Some(*code) != old_province);
    let fields = content.research_fields.iter().enumerate().filter(|(_, code)| !old_fields.contains(code));
    let codes: Vec<_> = province
        .map(|code| ("/province".to_owned(), "province", code.as_str()))
        .chain(fields.map(|(at, code)| (format!("/research_fields/{at}"), "research_field", code.as_str())))
        .collect();
    let mut errors = Vec::new();
    for (pointer, list, code) in codes {
        if !store::reference_exists(tx.conn, list, code, tx.now)? {
            let args = vec![("list", list.to_owned())];
            errors.push(FieldError { pointer, code: FieldCode::UnknownReference, args });
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Problem::from(FieldErrors(errors)).into()) }
}
