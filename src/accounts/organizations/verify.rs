//! Deciding on who an organisation is.

use super::organization::VerificationDecision;
use super::store::{self, VerificationRow};
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
            "Verify or refuse an organisation",
            "Records how the organisation was checked and what was found, and makes it verified or refused. `If-Match` \
             makes sure that the decision is on what the officer has read. A decision may be taken back by the other one.",
        )
        .answers::<VerificationView>(201, "The decision, as the organisation's members read it.")
        .if_match()
        .problems(&[Code::OrganizationWrongState])
}

async fn verify(
    call: Call<Officer>,
    Path((id,)): Path<(OrganizationId,)>,
    Body(body): Body<VerificationBody>,
) -> Answer {
    let expected = call.expected_version();
    call.write(move |tx, officer| {
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
    let next = before.decided(body.decision, now)?;
    if !store::save(tx.conn, &next)? {
        return Err(Code::StaleVersion.into());
    }
    let row = VerificationRow {
        id: tx.id(),
        organization_id: id,
        decision: body.decision,
        method: body.method,
        evidence: body.evidence.to_string(),
        officer_id,
        created_at: now,
    };
    store::insert_verification(tx.conn, &row)?;
    let event = match body.decision {
        VerificationDecision::Verified => "organization.verified",
        VerificationDecision::Refused => "organization.verification_refused",
    };
    let change = Change::new(event, id.0, next.version).of(id).between(None, body);
    tx.record(&change.field("verification", before.verification, next.verification))?;
    Ok(row)
}
