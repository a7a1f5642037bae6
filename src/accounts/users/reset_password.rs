//! Setting a new password with the token from the mail.

use actix_web::web::Data;
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::credentials::Credentials;
use super::super::password::{Password, PasswordHash};
use super::super::sessions::{self, EndReason};
use super::email::Email;
use super::email_token::{EmailToken, Purpose};
use super::password_rule::shortest_password;
use super::store;
use super::user::User;
use crate::db::{Conn, DbError, Failure};
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Public, Rate, Reply, Sample};
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::validate::FieldErrors;

pub(super) fn operation() -> Operation {
    Operation::post("/v1/password-resets", "users_reset_password", reset)
        .about(
            "Accounts",
            "Set a new password",
            "Takes the token from the mail that `POST /v1/password-reset-requests` brought, which works once, for an hour. \
             All sessions of the account end, and a mail tells its owner. A second factor stays on: signing in asks for it as \
             before.",
        )
        .answers_nothing("The password is set; sign in with it.")
        .rate(Rate::Credential)
        .secret_answer()
        .problems(&[Code::InvalidEmailToken])
}

/// The new password.
#[derive(Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(super) struct PasswordReset {
    /// As it stands in the mail.
    token: EmailToken,
    /// 12 to 128 characters, not easy to guess, without the address; 15 at the least for officers without a second factor.
    #[schema(min_length = 12, max_length = 128)]
    password: Password,
}

impl Sample for PasswordReset {
    fn sample() -> Self {
        Self { token: EmailToken::sample(), password: Password::new("chín con rồng qua biển") }
    }
}

async fn reset(call: Call<Public>, Body(sent): Body<PasswordReset>, credentials: Data<Credentials>) -> Answer {
    let (now, token) = (call.app().clock.now(), sent.token.clone());
    let (email, shortest) = call
        .read(move |conn, _| {
            let user = bearer(conn, &token, now)?.ok_or(Code::InvalidEmailToken)?;
            let email = Email::new(&user.email).ok_or(Code::InvalidEmailToken)?;
            Ok((email, shortest_password(conn, user.id)?))
        })
        .await?;
    let hash = credentials.passwords.accept(sent.password, email, shortest).await?;
    call.write(move |tx, _| set(tx, &sent.token, &hash)).await
}

/// The account whose password may be set with a token.
fn bearer(conn: &mut Conn, token: &EmailToken, now: At) -> Result<Option<User>, DbError> {
    let found = store::find_by_email_token(conn, Purpose::ResetPassword, token, now)?;
    Ok(found.map(|(user, _)| user).filter(User::is_usable))
}

fn set(tx: &mut Tx<'_>, token: &EmailToken, hash: &PasswordHash) -> Result<Reply, Failure> {
    let now = tx.now;
    let user = bearer(tx.conn, token, now)?.ok_or(Code::InvalidEmailToken)?;
    if !store::save_password(tx.conn, &user, hash, now)? {
        return Err(DbError::Conflict("the account changed at the same time".into()).into());
    }
    let ended = sessions::end_all(tx.conn, user.id, None, EndReason::PasswordChanged, now)?;
    tx.record(&Change::new("user.password_reset", user.id.0, user.version + 1).field("sessions_ended", (), ended))?;
    Ok(Reply::no_content())
}
