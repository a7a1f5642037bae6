//! Asking for a mail by which to set a new password. Nobody learns from the answer, or from how long it takes, whether an
//! address has an account.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::email::Email;
use super::email_token::{MAIL_EVERY, Purpose};
use super::register::MailSent;
use super::store;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Public, Rate, Reply, Sample};
use crate::kernel::id::UserId;
use crate::kernel::validate::FieldErrors;

pub(super) fn operation() -> Operation {
    Operation::post("/v1/password-reset-requests", "users_request_reset", request)
        .about(
            "Accounts",
            "Ask for a new password",
            "Mails a token for `POST /v1/password-resets`, if the address has an account that may be used and the last such \
             mail is more than a minute old. The answer is the same in every case.",
        )
        .answers::<MailSent>(202, "A mail is on its way, if the address has an account.")
        .rate(Rate::Credential)
}

/// Whose password was forgotten.
#[derive(Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(super) struct PasswordResetRequest {
    /// The address of the account.
    email: Email,
}

impl Sample for PasswordResetRequest {
    fn sample() -> Self {
        Self { email: Email::literal("nghien-cuu@vien.example") }
    }
}

async fn request(call: Call<Public>, Body(sent): Body<PasswordResetRequest>) -> Answer {
    call.write(move |tx, _| {
        note(tx, &sent.email)?;
        Ok(Reply::accepted(&MailSent::sample())?)
    })
    .await
}

/// Notes the wish. Where there is no account the same is written about nobody, so that the work is the same.
fn note(tx: &mut Tx<'_>, email: &Email) -> Result<(), Failure> {
    let user = store::find_by_email(tx.conn, email.as_str())?;
    let (id, version) = user.map_or_else(|| (UserId(tx.id::<Uuid>()), 0), |user| (user.id, user.version));
    let last = store::last_email_token_at(tx.conn, id, Purpose::ResetPassword)?;
    if last.is_none_or(|last| last.plus_seconds(MAIL_EVERY) <= tx.now) {
        tx.record(&Change::new("user.password_reset_requested", id.0, version))?;
    }
    Ok(())
}
