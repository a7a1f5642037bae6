//! Granting.

use super::super::TAG;
use super::super::access::require_own;
use super::grant::{Grant, NewGrant};
use super::store;
use super::view::GrantView;
use crate::accounts::{self, Verification};
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Path, Reply, SteppedUp};
use crate::kernel::access::{Actor, Role};
use crate::kernel::code::Code;
use crate::kernel::id::ListingId;
use crate::kernel::problem::Problem;
use crate::kernel::validate::FieldCode;

pub(super) fn operation() -> Operation {
    Operation::post("/v1/listings/{id}/confidential/grants", "confidential_grants_create", create)
        .about(
            TAG,
            "Grant the confidential part to an organisation",
            "Opens the confidential part to every member of a verified organisation, for a purpose and until a date. Owners of \
             the listing's organisation may do it, with a second factor proved within the last minutes. It takes effect at once, \
             and while the listing is published and the other organisation verified and active.",
        )
        .answers::<GrantView>(201, "The grant.")
        .problems(&[Code::RoleTooLow])
}

async fn create(call: Call<SteppedUp>, Path((id,)): Path<(ListingId,)>, Body(grant): Body<NewGrant>) -> Answer {
    call.write(move |tx, actor| grant_to(tx, actor, id, &grant)).await
}

fn grant_to(tx: &mut Tx<'_>, actor: &Actor, id: ListingId, grant: &NewGrant) -> Result<Reply, Failure> {
    let owner = require_own(tx.conn, actor, id, Role::Owner)?;
    grant.check(tx.now)?;
    let reader = grant.organization_id;
    let refused = |code| Problem::field("/organization_id", code);
    if reader == owner {
        return Err(refused(FieldCode::NotAllowedHere).into());
    }
    let brief = accounts::organization_brief(tx.conn, reader)?;
    let brief = brief.filter(|brief| brief.verification == Verification::Verified && brief.deactivated_at.is_none());
    let brief = brief.ok_or_else(|| refused(FieldCode::NoVerifiedOrganization))?;
    if store::in_force(tx.conn, id, &[reader], tx.now)?.is_some() {
        return Err(refused(FieldCode::AlreadyGranted).into());
    }
    let NewGrant { purpose, expires_at, .. } = grant.clone();
    let row = Grant {
        id: tx.id(),
        listing_id: id,
        organization_id: reader,
        purpose,
        granted_by: actor.user_id,
        created_at: tx.now,
        expires_at,
        revoked_at: None,
    };
    store::insert(tx.conn, &row)?;
    let change = Change::new("confidential_grant.created", row.id.0, 1).of(owner);
    let change = change.field("listing_id", (), id).field("organization_id", (), reader);
    tx.record(&change.field("purpose", (), &row.purpose).field("expires_at", (), expires_at))?;
    let location = format!("/v1/listings/{id}/confidential/grants/{}", row.id);
    Ok(Reply::created(location, &GrantView::from((row, brief)))?.version(1))
}
