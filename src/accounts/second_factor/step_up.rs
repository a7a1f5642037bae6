//! Stepping up: proving the second factor anew within a session (OWASP ASVS 5.0, 7.5.3; RFC 9470 in spirit).

use actix_web::web::Data;

use super::super::credentials::Credentials;
use super::super::{sessions, users};
use super::confirm::FactorProof;
use super::factor::{FactorState, require};
use super::prove::prove;
use super::store;
use super::view::SteppedUp;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Rate, Reply, SignedIn};
use crate::kernel::access::Actor;
use crate::kernel::code::Code;

pub(super) fn operation() -> Operation {
    Operation::post("/v1/me/step-up", "second_factor_step_up", step_up)
        .about(
            "Second factor",
            "Prove the second factor anew",
            "What weighs most, such as signing or giving access to confidential content, asks for a second factor proved within \
             the last minutes and is refused with `step_up_required` otherwise. Send a code here, then the request again. \
             Signing in with a code counts as well. After five wrong codes in a row the app's codes have to wait.",
        )
        .answers::<SteppedUp>(200, "This session is stepped up.")
        .rate(Rate::Credential)
        .secret_answer()
        .problems(&[Code::InvalidSecondFactor, Code::SecondFactorWrongState])
}

async fn step_up(call: Call<SignedIn>, Body(sent): Body<FactorProof>, credentials: Data<Credentials>) -> Answer {
    call.write(move |tx, actor| prove_anew(tx, &credentials, actor, &sent)).await
}

fn prove_anew(tx: &mut Tx<'_>, credentials: &Credentials, actor: &Actor, sent: &FactorProof) -> Result<Reply, Failure> {
    let now = tx.now;
    let user = users::find(tx.conn, actor.user_id)?.ok_or(Code::InvalidToken)?;
    let factor = require(store::find(tx.conn, user.id)?, FactorState::On)?;
    if let Err(problem) = prove(tx, &credentials.seal, &user, &factor, &sent.code)? {
        return Ok(Reply::refused(problem));
    }
    let session = actor.session()?;
    sessions::step_up(tx.conn, session, now)?;
    tx.record(&Change::new("session.stepped_up", session.0, 1).field("second_factor_at", (), now))?;
    Ok(Reply::ok(&SteppedUp { stepped_up_until: now.plus_seconds(credentials.step_up_seconds) })?)
}
