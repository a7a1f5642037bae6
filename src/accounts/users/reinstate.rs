//! Ending the suspension of an account.

use super::store;
use super::suspension::{require, subject};
use super::user::AccountState;
use crate::db::{DbError, Failure};
use crate::events::{Change, Tx};
use crate::http::{Answer, Call, Officer, OfficerActor, Operation, Path, Reply, SteppedUp};
use crate::kernel::code::Code;
use crate::kernel::id::UserId;

pub(super) fn operation() -> Operation {
    Operation::delete("/v1/users/{id}/suspension", "users_reinstate", reinstate)
        .about(
            "Accounts",
            "End the suspension of an account",
            "The person can sign in again, with the password and the second factor of before, and is told so by mail. By those \
             who may suspend it.",
        )
        .answers_nothing("The account may be used again.")
        .problems(&[Code::AccountWrongState, Code::RoleTooLow])
}

async fn reinstate(call: Call<SteppedUp<Officer>>, Path((id,)): Path<(UserId,)>) -> Answer {
    call.write(move |tx, officer| open(tx, officer, id)).await
}

fn open(tx: &mut Tx<'_>, officer: &OfficerActor, id: UserId) -> Result<Reply, Failure> {
    let now = tx.now;
    let user = subject(tx.conn, officer, id)?;
    require(&user, AccountState::Suspended)?;
    if !store::suspend(tx.conn, &user, None, now)? {
        return Err(DbError::Conflict("the account changed at the same time".into()).into());
    }
    tx.record(&Change::new("user.reinstated", id.0, user.version + 1).field(
        "disabled_reason",
        user.disabled_reason,
        (),
    ))?;
    Ok(Reply::no_content())
}
