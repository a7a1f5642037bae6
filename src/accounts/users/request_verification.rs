//! Asking for another confirmation mail.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::email::Email;
use super::email_token::{MAIL_EVERY, Purpose};
use super::register::MailSent;
use super::store;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Public, Rate, Reply, Sample};
use crate::kernel::validate::FieldErrors;

pub(super) fn operation() -> Operation {
    Operation::post("/v1/email-verification-requests", "users_request_verification", request)
        .about(
            "Accounts",
            "Ask for another confirmation mail",
            "Mails a new token, if the address has an account whose address is not confirmed yet and the last mail is \
             more than a minute old. The answer is the same in every case.",
        )
        .answers::<MailSent>(202, "A mail is on its way, if there is anything to confirm.")
        .rate(Rate::Credential)
}

/// The address to confirm.
#[derive(Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(super) struct EmailVerificationRequest {
    /// The address that was registered.
    email: Email,
}

impl Sample for EmailVerificationRequest {
    fn sample() -> Self {
        Self { email: Email::literal("nghien-cuu@vien.example") }
    }
}

async fn request(call: Call<Public>, Body(sent): Body<EmailVerificationRequest>) -> Answer {
    call.write(move |tx, _| {
        note(tx, &sent.email)?;
        Ok(Reply::accepted(&MailSent::sample())?)
    })
    .await
}

fn note(tx: &mut Tx<'_>, email: &Email) -> Result<(), Failure> {
    let Some(user) = store::find_by_email(tx.conn, email.as_str())? else { return Ok(()) };
    let last = store::last_email_token_at(tx.conn, user.id, Purpose::VerifyEmail)?;
    let soon = last.is_some_and(|last| last.plus_seconds(MAIL_EVERY) > tx.now);
    if user.email_verified_at.is_none() && user.disabled_at.is_none() && !soon {
        tx.record(&Change::new("user.verification_requested", user.id.0, user.version))?;
    }
    Ok(())
}
