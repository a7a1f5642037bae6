//! Closing one's account, for good.

use actix_web::web::Data;
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::credentials::Credentials;
use super::super::password::Password;
use super::super::seal::Seal;
use super::super::second_factor::{self, FactorCode};
use super::personal_data::{PersonalData, PersonalDataParts};
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
             all organisations, and your name, address, password, second factor and saved searches are erased; the address may \
             register anew, and invitations to it are declined. What you did for an organisation stays with the organisation, \
             under an identifier that names nobody any more. The audit log, which has to be kept unchanged for ten years, still \
             says what it said. The last owner of an organisation with other members first makes one of them an owner; an \
             organisation that has no other members is deactivated.",
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

async fn close(
    call: Call<SignedIn>,
    Body(sent): Body<AccountClosure>,
    credentials: Data<Credentials>,
    parts: Data<PersonalDataParts>,
) -> Answer {
    let user = credentials.confirm(&call, sent.password, "/password").await?;
    call.write(move |tx, _| erase(tx, &credentials.seal, &user, sent.code.as_ref(), &parts.0)).await
}

fn erase(
    tx: &mut Tx<'_>,
    seal: &Seal,
    user: &User,
    code: Option<&FactorCode>,
    parts: &[PersonalData],
) -> Result<Reply, Failure> {
    let now = tx.now;
    if let Err(problem) = second_factor::demand(tx, seal, user, code)? {
        return Ok(Reply::refused(problem));
    }
    parts.iter().try_for_each(|part| (part.erase)(tx, user))?;
    tx.record(&Change::new("user.closed", user.id.0, user.version + 1).field("disabled_at", (), now))?;
    Ok(Reply::no_content())
}
