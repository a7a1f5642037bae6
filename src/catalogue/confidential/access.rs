//! On what ground somebody reads a confidential part.

use super::grants;
use crate::catalogue::Listing;
use crate::catalogue::item::Item;
use crate::db::{Conn, Failure};
use crate::kernel::access::{Actor, Membership, OrganizationKind, Reader, Role};
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::id::{ConfidentialGrantId, ListingId, OrganizationId};

/// Why somebody may read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ground {
    /// It is their own organisation's.
    Own,
    /// It was granted to an organisation of theirs.
    Granted(ConfidentialGrantId, OrganizationId),
    /// They are an officer of this authority.
    Office(OrganizationId),
}

/// The ground, with the organisation whose listing it is. An outsider sees the confidential part of nothing that is not
/// public, so a grant sleeps while the listing is withdrawn, suspended or archived.
///
/// # Errors
/// `not_found` for everybody who has none.
pub(super) fn ground(
    conn: &mut Conn,
    actor: &Actor,
    id: ListingId,
    now: At,
) -> Result<(Ground, OrganizationId), Failure> {
    let found = Listing::find_for(conn, &Reader::from(actor), id)?.ok_or(Code::NotFound)?;
    let owner = found.item.organization_id;
    if actor.role_in(owner).is_some() {
        return Ok((Ground::Own, owner));
    }
    if let Some((grant, organization)) = grants::in_force(conn, id, &actor.organizations(), now)? {
        return Ok((Ground::Granted(grant, organization), owner));
    }
    let office =
        |m: &&Membership| actor.is_officer() && m.kind == OrganizationKind::Authority && m.role >= Role::Editor;
    let office = actor.memberships.iter().find(office).ok_or(Code::NotFound)?;
    Ok((Ground::Office(office.organization_id), owner))
}

/// Checks that the actor may read now. Machines may not.
///
/// # Errors
/// `not_found` for everybody who may not, `person_required`.
pub fn admit(conn: &mut Conn, actor: &Actor, id: ListingId, now: At) -> Result<(), Failure> {
    ground(conn, actor, id, now)?;
    actor.session()?;
    Ok(())
}

/// The organisation whose listing it is, if the actor has at least this role in it.
///
/// # Errors
/// `not_found` for those who are no member, `role_too_low`.
pub(super) fn require_own(
    conn: &mut Conn,
    actor: &Actor,
    id: ListingId,
    role: Role,
) -> Result<OrganizationId, Failure> {
    let found = Listing::find_for(conn, &Reader::from(actor), id)?.ok_or(Code::NotFound)?;
    actor.require(role, found.item.organization_id)?;
    Ok(found.item.organization_id)
}
