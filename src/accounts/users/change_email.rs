//! Asking for another address to sign in with.

use actix_web::web::Data;
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::credentials::Credentials;
use super::super::password::Password;
use super::super::seal::Seal;
use super::super::second_factor::{self, FactorCode};
use super::email::Email;
use super::email_token::{MAIL_EVERY, Purpose};
use super::register::MailSent;
use super::store;
use super::user::User;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Rate, Reply, Sample, SignedIn};
use crate::kernel::code::Code;
use crate::kernel::validate::FieldErrors;

pub(super) fn operation() -> Operation {
    Operation::post("/v1/me/email", "users_change_email", change)
        .about(
            "Accounts",
            "Change your e-mail address",
            "Takes your password, and a code where the second factor is on, and mails a token to the new address, and a note to the one you have. The address changes once \
             the token comes back by `POST /v1/email-changes`; until then you sign in as before. The answer is the same whether \
             or not the address has an account already; then no mail comes.",
        )
        .answers::<MailSent>(202, "A mail is on its way to the new address, if it can be used.")
        .rate(Rate::Credential)
        .secret_answer()
        .problems(&[Code::SecondFactorRequired, Code::InvalidSecondFactor, Code::StaleVersion])
}

/// The new address.
#[derive(Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(super) struct EmailChange {
    /// The address to sign in with from then on.
    email: Email,
    /// The account's password.
    password: Password,
    /// Where the second factor is on: six digits from the authenticator app, or a recovery code.
    #[deserr(default)]
    #[schema(required = false)]
    code: Option<FactorCode>,
}

impl Sample for EmailChange {
    fn sample() -> Self {
        Self {
            email: Email::literal("dia-chi-moi@vien.example"),
            password: Password::new("tám con ngựa vượt sông"),
            code: None,
        }
    }
}

async fn change(call: Call<SignedIn>, Body(sent): Body<EmailChange>, credentials: Data<Credentials>) -> Answer {
    let user = credentials.confirm(&call, sent.password, "/password").await?;
    call.write(move |tx, _| ask(tx, &credentials.seal, &user, &sent.email, sent.code.as_ref())).await
}

fn ask(tx: &mut Tx<'_>, seal: &Seal, user: &User, email: &Email, code: Option<&FactorCode>) -> Result<Reply, Failure> {
    if let Err(problem) = second_factor::demand(tx, seal, user, code)? {
        return Ok(Reply::refused(problem));
    }
    note(tx, user, email)?;
    Ok(Reply::accepted(&MailSent::sample())?)
}

fn note(tx: &mut Tx<'_>, user: &User, email: &Email) -> Result<(), Failure> {
    let now = tx.now;
    let last = store::last_email_token_at(tx.conn, user.id, Purpose::ChangeEmail)?;
    let soon = last.is_some_and(|last| last.plus_seconds(MAIL_EVERY) > now);
    if soon || store::find_by_email(tx.conn, email.as_str())?.is_some() {
        return Ok(());
    }
    if !store::save_pending_email(tx.conn, user, email.as_str(), now)? {
        return Err(Code::StaleVersion.into());
    }
    let change = Change::new("user.email_change_requested", user.id.0, user.version + 1);
    tx.record(&change.field("pending_email", &user.pending_email, email))?;
    Ok(())
}
