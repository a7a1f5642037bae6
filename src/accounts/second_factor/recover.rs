//! Making new recovery codes.

use super::super::users;
use super::code::FactorCode;
use super::factor::{FactorState, RECOVERY_CODES, require};
use super::store;
use super::view::RecoveryCodes;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Call, Operation, Reply, SteppedUp};
use crate::kernel::access::Actor;
use crate::kernel::code::Code;
use crate::kernel::id::UserId;
use crate::kernel::problem::Problem;

pub(super) fn operation() -> Operation {
    Operation::post("/v1/me/recovery-codes", "second_factor_recover", recover)
        .about(
            "Second factor",
            "Make new recovery codes",
            "Gives ten new recovery codes; those from before are worth nothing any more. Each works once, in place of a code \
             from the app.",
        )
        .answers::<RecoveryCodes>(200, "The new codes; they are shown this once.")
        .secret_answer()
        .problems(&[Code::SecondFactorWrongState])
}

async fn recover(call: Call<SteppedUp>) -> Answer {
    call.write(replace).await
}

fn replace(tx: &mut Tx<'_>, actor: &Actor) -> Result<Reply, Failure> {
    let user = users::find(tx.conn, actor.user_id)?.ok_or(Code::InvalidToken)?;
    require(store::find(tx.conn, user.id)?, FactorState::On)?;
    let codes = renew(tx, user.id)?;
    tx.record(&Change::new("user.recovery_codes_replaced", user.id.0, user.version))?;
    Ok(Reply::ok(&RecoveryCodes::new(&codes))?)
}

/// A person's new recovery codes, in the place of all there were.
pub(super) fn renew(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<FactorCode>, Failure> {
    let now = tx.now;
    let codes: Result<Vec<_>, _> = (0..RECOVERY_CODES).map(|_| FactorCode::random_recovery()).collect();
    let codes = codes.map_err(|error| {
        tracing::error!(%error, "the operating system gives no randomness");
        Problem::new(Code::InternalError)
    })?;
    store::replace_recovery(tx.conn, user, &codes, now)?;
    Ok(codes)
}
