//! Turning off the second factor of somebody who has lost the app and the recovery codes.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::sessions::{self, EndReason};
use super::super::users::subject_of;
use super::factor::{FactorState, require};
use super::store;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Officer, OfficerActor, Operation, Path, Reply, Sample, SteppedUp};
use crate::kernel::code::Code;
use crate::kernel::id::UserId;
use crate::kernel::text::Prose;
use crate::kernel::validate::FieldErrors;

pub(super) fn operation() -> Operation {
    Operation::post("/v1/users/{id}/second-factor-reset", "second_factor_reset", reset)
        .about(
            "Second factor",
            "Turn somebody's second factor off",
            "For a person who has lost the app and the recovery codes, after the officer has made sure who it is as carefully as \
             at the verification of an organisation. The person's sessions end, the password alone signs in until the factor is \
             turned on again, and a mail tells the person. For an officer it is done by an owner of the authority.",
        )
        .answers_nothing("The second factor is off.")
        .problems(&[Code::SecondFactorWrongState, Code::RoleTooLow])
}

/// How the officer made sure who it is.
#[derive(Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(super) struct SecondFactorReset {
    /// What was checked; it is kept in the audit log.
    evidence: Prose<10, 1000>,
}

impl Sample for SecondFactorReset {
    fn sample() -> Self {
        Self {
            evidence: Prose::literal("Gặp trực tiếp, đối chiếu giấy tờ tùy thân và giấy giới thiệu của tổ chức.")
        }
    }
}

async fn reset(
    call: Call<SteppedUp<Officer>>,
    Path((id,)): Path<(UserId,)>,
    Body(sent): Body<SecondFactorReset>,
) -> Answer {
    call.write(move |tx, officer| turn_off(tx, officer, id, &sent.evidence)).await
}

fn turn_off(tx: &mut Tx<'_>, officer: &OfficerActor, id: UserId, evidence: &Prose<10, 1000>) -> Result<Reply, Failure> {
    let now = tx.now;
    let user = subject_of(tx.conn, officer, id)?;
    require(store::find(tx.conn, id)?, FactorState::On)?;
    store::remove(tx.conn, id)?;
    let ended = sessions::end_all(tx.conn, id, None, EndReason::Revoked, now)?;
    let change = Change::new("user.second_factor_reset", id.0, user.version);
    let change = change.field("second_factor", FactorState::On, FactorState::Off).field("evidence", (), evidence);
    tx.record(&change.field("sessions_ended", (), ended))?;
    Ok(Reply::no_content())
}
