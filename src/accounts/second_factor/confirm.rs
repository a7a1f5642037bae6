//! Confirming the second factor with the first code from the app.

use actix_web::web::Data;
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::credentials::Credentials;
use super::super::seal::Seal;
use super::super::{sessions, users};
use super::code::FactorCode;
use super::factor::{FactorState, require};
use super::prove::prove;
use super::recover::renew;
use super::store;
use super::view::RecoveryCodes;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Rate, Reply, Sample, SignedIn};
use crate::kernel::access::Actor;
use crate::kernel::code::Code;
use crate::kernel::validate::FieldErrors;

pub(super) fn operation() -> Operation {
    Operation::post("/v1/me/second-factor/confirmation", "second_factor_confirm", confirm)
        .about(
            "Second factor",
            "Turn the second factor on",
            "Takes the first code that the app shows and gives ten recovery codes. From now on `POST /v1/sessions` asks for a \
             code. This session counts as stepped up; your other sessions go on without.",
        )
        .answers::<RecoveryCodes>(200, "The second factor is on. The recovery codes are shown this once.")
        .rate(Rate::Credential)
        .secret_answer()
        .problems(&[Code::InvalidSecondFactor, Code::SecondFactorWrongState])
}

/// A code.
#[derive(Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(super) struct FactorProof {
    /// Six digits from the app; where the factor is on already, a recovery code does as well.
    pub code: FactorCode,
}

impl Sample for FactorProof {
    fn sample() -> Self {
        Self { code: FactorCode::sample() }
    }
}

async fn confirm(call: Call<SignedIn>, Body(sent): Body<FactorProof>, credentials: Data<Credentials>) -> Answer {
    call.write(move |tx, actor| turn_on(tx, &credentials.seal, actor, &sent.code)).await
}

fn turn_on(tx: &mut Tx<'_>, seal: &Seal, actor: &Actor, code: &FactorCode) -> Result<Reply, Failure> {
    let now = tx.now;
    let user = users::find(tx.conn, actor.user_id)?.ok_or(Code::InvalidToken)?;
    let factor = require(store::find(tx.conn, user.id)?, FactorState::Prepared)?;
    if let Err(problem) = prove(tx, seal, &user, &factor, code)? {
        return Ok(Reply::refused(problem));
    }
    sessions::step_up(tx.conn, actor.session()?, now)?;
    let change = Change::new("user.second_factor_enabled", user.id.0, user.version);
    tx.record(&change.field("second_factor", FactorState::Prepared, FactorState::On))?;
    Ok(Reply::ok(&RecoveryCodes::new(&renew(tx, user.id)?))?)
}
