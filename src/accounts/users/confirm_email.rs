//! Confirming the address an account is to change to.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::email_token::{EmailToken, Purpose};
use super::store;
use super::user::User;
use super::view::UserView;
use crate::db::{DbError, Failure};
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Public, Rate, Reply, Sample};
use crate::kernel::code::Code;
use crate::kernel::validate::FieldErrors;

pub(super) fn operation() -> Operation {
    Operation::post("/v1/email-changes", "users_confirm_email", confirm)
        .about(
            "Accounts",
            "Confirm a new e-mail address",
            "Takes the token from the mail that `POST /v1/me/email` sent to the new address; it works once, for 24 hours. From \
             then on the account signs in with that address. Sessions go on.",
        )
        .answers::<UserView>(200, "The address is changed; this is the account.")
        .rate(Rate::Credential)
        .problems(&[Code::InvalidEmailToken])
}

/// The token from the mail.
#[derive(Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(super) struct EmailChangeConfirmation {
    /// As it stands in the mail.
    token: EmailToken,
}

impl Sample for EmailChangeConfirmation {
    fn sample() -> Self {
        Self { token: EmailToken::sample() }
    }
}

async fn confirm(call: Call<Public>, Body(sent): Body<EmailChangeConfirmation>) -> Answer {
    call.write(move |tx, _| switch(tx, &sent.token)).await
}

fn switch(tx: &mut Tx<'_>, token: &EmailToken) -> Result<Reply, Failure> {
    let now = tx.now;
    let found = store::find_by_email_token(tx.conn, Purpose::ChangeEmail, token, now)?;
    let (user, email) = found.filter(|(user, _)| user.is_usable()).ok_or(Code::InvalidEmailToken)?;
    // Somebody may have registered the address since: its constraint then tells that it is taken.
    let email = email.filter(|email| user.pending_email.as_ref() == Some(email)).ok_or(Code::InvalidEmailToken)?;
    if !store::save_email(tx.conn, &user, &email, now)? {
        return Err(DbError::Conflict("the account changed at the same time".into()).into());
    }
    tx.record(&Change::new("user.email_changed", user.id.0, user.version + 1).field("email", &user.email, &email))?;
    let user: User = store::find(tx.conn, user.id)?.ok_or(Code::InvalidEmailToken)?;
    Ok(Reply::ok(&UserView::load(tx.conn, &user)?)?.version(user.version))
}
