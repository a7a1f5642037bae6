//! Changing one's password.

use actix_web::web::Data;
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::credentials::Credentials;
use super::super::password::{Password, PasswordHash};
use super::super::sessions::{self, EndReason};
use super::email::Email;
use super::password_rule::shortest_password;
use super::store;
use super::user::User;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Rate, Reply, Sample, SignedIn};
use crate::kernel::access::Actor;
use crate::kernel::code::Code;
use crate::kernel::validate::FieldErrors;

pub(super) fn operation() -> Operation {
    Operation::post("/v1/me/password", "users_change_password", change)
        .about(
            "Accounts",
            "Change your password",
            "Takes the password you have and the one you want. Your other sessions end, this one goes on; a mail tells you. If \
             you have forgotten the password, call `POST /v1/password-reset-requests`.",
        )
        .answers_nothing("The password is changed.")
        .rate(Rate::Credential)
        .secret_answer()
        .problems(&[Code::StaleVersion])
}

/// The old and the new password.
#[derive(Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(super) struct PasswordChange {
    /// The password the account has.
    current_password: Password,
    /// 12 to 128 characters, not easy to guess, without the address; 15 at the least for officers without a second factor.
    #[schema(min_length = 12, max_length = 128)]
    password: Password,
}

impl Sample for PasswordChange {
    fn sample() -> Self {
        Self {
            current_password: Password::new("tám con ngựa vượt sông"),
            password: Password::new("chín con rồng qua biển"),
        }
    }
}

async fn change(call: Call<SignedIn>, Body(sent): Body<PasswordChange>, credentials: Data<Credentials>) -> Answer {
    let user = credentials.confirm(&call, sent.current_password, "/current_password").await?;
    let shortest = call.read(|conn, actor| Ok(shortest_password(conn, actor.user_id)?)).await?;
    let email = Email::new(&user.email).ok_or(Code::InternalError)?;
    let hash = credentials.passwords.accept(sent.password, email, shortest).await?;
    call.write(move |tx, actor| set(tx, actor, &user, &hash)).await
}

fn set(tx: &mut Tx<'_>, actor: &Actor, user: &User, hash: &PasswordHash) -> Result<Reply, Failure> {
    let now = tx.now;
    if !store::save_password(tx.conn, user, hash, now)? {
        return Err(Code::StaleVersion.into());
    }
    let ended = sessions::end_all(tx.conn, user.id, Some(actor.session()?), EndReason::PasswordChanged, now)?;
    let change = Change::new("user.password_changed", user.id.0, user.version + 1);
    tx.record(&change.field("sessions_ended", (), ended))?;
    Ok(Reply::no_content())
}
