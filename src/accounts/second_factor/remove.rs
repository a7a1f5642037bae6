//! Turning the second factor off.

use super::super::users;
use super::factor::{Factor, FactorState};
use super::store;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Call, Operation, Reply, SteppedUp};
use crate::kernel::access::Actor;
use crate::kernel::code::Code;

pub(super) fn operation() -> Operation {
    Operation::delete("/v1/me/second-factor", "second_factor_remove", remove)
        .about(
            "Second factor",
            "Turn the second factor off",
            "From now on the password alone signs in, and what takes a second factor is refused. The recovery codes are worth \
             nothing any more. A mail tells the account's owner.",
        )
        .answers_nothing("The second factor is off.")
        .problems(&[Code::NotFound])
}

async fn remove(call: Call<SteppedUp>) -> Answer {
    call.write(turn_off).await
}

fn turn_off(tx: &mut Tx<'_>, actor: &Actor) -> Result<Reply, Failure> {
    let user = users::find(tx.conn, actor.user_id)?.ok_or(Code::InvalidToken)?;
    let factor = store::find(tx.conn, user.id)?.ok_or(Code::NotFound)?;
    store::remove(tx.conn, user.id)?;
    let change = Change::new("user.second_factor_disabled", user.id.0, user.version);
    tx.record(&change.field("second_factor", Factor::state(Some(&factor)), FactorState::Off))?;
    Ok(Reply::no_content())
}
