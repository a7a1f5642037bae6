//! Deciding on who an organisation is.

use super::store::{self, VerificationRow};
use super::verification::VerificationDecision;
use super::view::{VerificationBody, VerificationView};
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Officer, Operation, Path, Reply};
use crate::kernel::code::Code;
use crate::kernel::id::{OrganizationId, UserId};

pub(super) fn operation() -> Operation {
    Operation::post("/v1/organizations/{id}/verification", "organizations_verify", verify)
        .about(
            "Organisations",
            "Verify or refuse an organisation, or revoke its verification",
            "Records how the organisation was checked and what was found, and makes it verified, refused, or unverified \
             again. `If-Match` makes sure that the decision is on what the officer has read. A verified organisation is \
             verified anew to renew it before `expires_on`, after which the verification lapses; that of an intermediary \
             lasts no longer than its credentials. Officers do not decide on organisations they belong to.",
        )
        .answers::<VerificationView>(201, "The decision, as the organisation's members read it.")
        .if_match()
        .problems(&[Code::OrganizationWrongState, Code::ConflictOfInterest])
}

async fn verify(
    call: Call<Officer>,
    Path((id,)): Path<(OrganizationId,)>,
    Body(body): Body<VerificationBody>,
) -> Answer {
    let expected = call.expected_version();
    call.write(move |tx, officer| {
        if officer.0.has_interest_in(id) {
            return Err(Code::ConflictOfInterest.into());
        }
        let row = decide(tx, officer.0.user_id, id, Some(expected), &body)?;
        Ok(Reply::created(format!("/v1/organizations/{id}/verifications"), &VerificationView::new(row, true))?)
    })
    .await
}

/// Stores a decision and what follows from it. Without an `expected` version the organisation is taken as it is.
pub(in crate::accounts) fn decide(
    tx: &mut Tx<'_>,
    officer_id: UserId,
    id: OrganizationId,
    expected: Option<i64>,
    body: &VerificationBody,
) -> Result<VerificationRow, Failure> {
    let now = tx.now;
    let before = store::find(tx.conn, id)?.ok_or(Code::NotFound)?;
    if expected.is_some_and(|expected| expected != before.version) {
        return Err(Code::StaleVersion.into());
    }
    let next = before.decided(body.decision, body.method, body.expires_on, now)?;
    if !store::save(tx.conn, &next)? {
        return Err(Code::StaleVersion.into());
    }
    let row = VerificationRow {
        id: tx.id(),
        organization_id: id,
        decision: body.decision,
        method: body.method,
        evidence: body.evidence.to_string(),
        evidence_sha256: body.evidence_sha256.as_ref().map(|hash| hash.as_str().to_ascii_lowercase()),
        expires_on: next.verified_until,
        officer_id,
        created_at: now,
    };
    store::insert_verification(tx.conn, &row)?;
    let event = match body.decision {
        VerificationDecision::Verified => "organization.verified",
        VerificationDecision::Refused => "organization.verification_refused",
        VerificationDecision::Revoked => "organization.verification_revoked",
    };
    let change = Change::new(event, id.0, next.version).of(id).between(None, body);
    tx.record(&change.field("verification", before.verification, next.verification))?;
    Ok(row)
}
