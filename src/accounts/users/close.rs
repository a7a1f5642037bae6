//! Closing one's account, for good.

use actix_web::web::Data;
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::credentials::Credentials;
use super::super::password::Password;
use super::super::second_factor::{self, FactorCode};
use super::super::sessions::{self, EndReason};
use super::super::{memberships, seal::Seal};
use super::store;
use super::user::User;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Rate, Reply, Sample, SignedIn};
use crate::kernel::code::Code;
use crate::kernel::validate::FieldErrors;

pub(super) fn operation() -> Operation {
    Operation::post("/v1/me/closure", "users_close", close)
        .about(
            "Accounts",
            "Close your account",
            "Takes your password, and a code where the second factor is on. It cannot be undone: every session ends, you leave \
             all organisations, and your name, address, password and second factor are erased; the address may register anew. \
             What you did for an organisation stays with the organisation, under an identifier that names nobody any more. The \
             audit log, which has to be kept unchanged for ten years, still says what it said. The last owner of an \
             organisation with other members first makes one of them an owner.",
        )
        .answers_nothing("The account is closed.")
        .rate(Rate::Credential)
        .secret_answer()
        .problems(&[Code::SecondFactorRequired, Code::InvalidSecondFactor, Code::LastOwner, Code::StaleVersion])
}

/// Shows that it is the account's owner who asks.
#[derive(Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(super) struct AccountClosure {
    /// The account's password.
    password: Password,
    /// Where the second factor is on: six digits from the authenticator app, or a recovery code.
    #[deserr(default)]
    #[schema(required = false)]
    code: Option<FactorCode>,
}

impl Sample for AccountClosure {
    fn sample() -> Self {
        Self { password: Password::new("tám con ngựa vượt sông"), code: None }
    }
}

async fn close(call: Call<SignedIn>, Body(sent): Body<AccountClosure>, credentials: Data<Credentials>) -> Answer {
    let user = credentials.confirm(&call, sent.password, "/password").await?;
    call.write(move |tx, _| erase(tx, &credentials.seal, &user, sent.code.as_ref())).await
}

fn erase(tx: &mut Tx<'_>, seal: &Seal, user: &User, code: Option<&FactorCode>) -> Result<Reply, Failure> {
    let now = tx.now;
    if let Err(problem) = second_factor::demand(tx, seal, user, code)? {
        return Ok(Reply::refused(problem));
    }
    memberships::leave_all(tx, user.id)?;
    sessions::end_all(tx.conn, user.id, None, EndReason::AccountClosed, now)?;
    second_factor::remove(tx.conn, user.id)?;
    if !store::erase(tx.conn, user, now)? {
        return Err(Code::StaleVersion.into());
    }
    tx.record(&Change::new("user.closed", user.id.0, user.version + 1).field("disabled_at", (), now))?;
    Ok(Reply::no_content())
}
