//! An officer's findings on the evidence of a listing: badges given and taken back.

use super::evidence::{Badge, BadgeBody, Evidence};
use super::listing::Listing;
use super::store;
use super::view::ListingView;
use crate::accounts;
use crate::catalogue::Status;
use crate::catalogue::item::{self, Found};
use crate::catalogue::lifecycle::listed;
use crate::db::{Conn, Failure};
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Officer, Operation, Path};
use crate::kernel::access::{Actor, OrganizationKind, Reader};
use crate::kernel::code::Code;
use crate::kernel::digest::Sha256Hex;
use crate::kernel::id::ListingId;
use crate::kernel::problem::Problem;
use crate::kernel::validate::{FieldCode, FieldError, FieldErrors};

/// The statuses in which an officer judges evidence.
const JUDGED: &[Status] = &[Status::Submitted, Status::Published];

pub(super) fn operations() -> Vec<Operation> {
    let common = |operation: Operation| {
        operation
            .if_match()
            .answers::<ListingView>(200, "The listing after it.")
            .problems(&[Code::ListingWrongState, Code::ConflictOfInterest])
    };
    vec![
        common(Operation::post("/v1/listings/{id}/evidence-verifications", "listings_verify_evidence", verify).about(
            "Moderation",
            "Verify a piece of evidence",
            "Gives a badge to a piece of evidence of a submitted or published listing after checking it. The evidence is named by its \
             `fingerprint` from `evidence_status`, so the finding is on exactly what the officer has read; once the evidence says \
             something else its badge is gone. A second finding on the same evidence replaces the first.",
        ))
        .problems(&[Code::ValidationFailed]),
        common(
            Operation::post(
                "/v1/listings/{id}/evidence-verifications/{fingerprint}/revocation",
                "listings_revoke_evidence",
                revoke,
            )
            .about(
                "Moderation",
                "Take a badge back",
                "Takes the badge from a piece of evidence that turned out not to hold.",
            ),
        ),
    ]
}

async fn verify(call: Call<Officer>, Path((id,)): Path<(ListingId,)>, Body(body): Body<BadgeBody>) -> Answer {
    let version = call.expected_version();
    call.write(move |tx, officer| {
        let found = find_at(tx.conn, &officer.0, id, version)?;
        let badge = badge(tx, &officer.0, &found.item, &body)?;
        let found = replace(tx, found, &body.fingerprint, Some(badge))?;
        item::answer(tx, found)
    })
    .await
}

async fn revoke(call: Call<Officer>, Path((id, fingerprint)): Path<(ListingId, Sha256Hex)>) -> Answer {
    let version = call.expected_version();
    call.write(move |tx, officer| {
        let found = find_at(tx.conn, &officer.0, id, version)?;
        if !found.item.badges.iter().any(|badge| badge.fingerprint == fingerprint) {
            return Err(Code::NotFound.into());
        }
        let found = replace(tx, found, &fingerprint, None)?;
        item::answer(tx, found)
    })
    .await
}

/// The listing at `version`, if its evidence can be judged now.
fn find_at(conn: &mut Conn, officer: &Actor, id: ListingId, version: i64) -> Result<Found<Listing>, Failure> {
    let found = store::find_for(conn, &Reader::from(officer), id)?.ok_or(Code::NotFound)?;
    if officer.has_interest_in(found.item.organization_id) {
        return Err(Code::ConflictOfInterest.into());
    }
    if found.item.version != version {
        return Err(Code::StaleVersion.into());
    }
    let status = found.item.status;
    if !JUDGED.contains(&status) {
        let wrong = Problem::new(Code::ListingWrongState).with("status", status).with("allowed", listed(JUDGED));
        return Err(wrong.into());
    }
    Ok(found)
}

/// The badge an officer gives to evidence the listing has.
fn badge(tx: &mut Tx<'_>, officer: &Actor, listing: &Listing, body: &BadgeBody) -> Result<Badge, Failure> {
    if !listing.content.evidence.iter().map(Evidence::fingerprint).any(|one| one == body.fingerprint) {
        return Err(Problem::from(FieldErrors(vec![FieldError::new("/fingerprint", FieldCode::NoSuchEvidence)])).into());
    }
    let authority = officer.memberships.iter().find(|membership| membership.kind == OrganizationKind::Authority);
    let authority = authority.ok_or(Code::OfficerRequired)?.organization_id;
    let authority = accounts::organization_brief(tx.conn, authority)?.ok_or(Code::NotFound)?;
    Ok(Badge {
        fingerprint: body.fingerprint.clone(),
        check: body.check,
        finding: body.finding.as_ref().map(ToString::to_string),
        officer_id: officer.user_id,
        authority: authority.name,
        verified_at: tx.now,
    })
}

/// Puts this badge in the place of the one the evidence had.
fn replace(
    tx: &mut Tx<'_>,
    mut found: Found<Listing>,
    fingerprint: &Sha256Hex,
    badge: Option<Badge>,
) -> Result<Found<Listing>, Failure> {
    let listing = &mut found.item;
    let before = listing.badges.iter().find(|badge| badge.fingerprint == *fingerprint).cloned();
    let others = listing.badges.iter().filter(|badge| badge.fingerprint != *fingerprint).cloned();
    listing.badges = others.chain(badge.clone()).collect();
    (listing.version, listing.updated_at) = (listing.version + 1, tx.now);
    if !store::save(tx.conn, listing)? {
        return Err(Code::StaleVersion.into());
    }
    let event = if badge.is_some() { "listing.evidence_verified" } else { "listing.evidence_revoked" };
    let change = Change::new(event, listing.id.0, listing.version).of(listing.organization_id);
    tx.record(&change.field("badge", before, badge))?;
    Ok(found)
}
