//! Confirming an e-mail address with the token from the mail.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::email_token::{EmailToken, Purpose};
use super::store;
use super::view::UserView;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Public, Rate, Reply, Sample};
use crate::kernel::code::Code;
use crate::kernel::validate::FieldErrors;

pub(super) fn operation() -> Operation {
    Operation::post("/v1/email-verifications", "users_verify_email", verify)
        .about(
            "Accounts",
            "Confirm an e-mail address",
            "Takes the token from the mail that registering brought. A token works once, for 24 hours; for a new mail \
             call `POST /v1/email-verification-requests`. Afterwards the person can sign in.",
        )
        .answers::<UserView>(200, "The address is confirmed; this is the account.")
        .rate(Rate::Credential)
        .problems(&[Code::InvalidEmailToken])
}

/// The token from the mail.
#[derive(Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(super) struct EmailVerification {
    /// As it stands in the mail.
    token: EmailToken,
}

impl Sample for EmailVerification {
    fn sample() -> Self {
        Self { token: EmailToken::sample() }
    }
}

async fn verify(call: Call<Public>, Body(sent): Body<EmailVerification>) -> Answer {
    call.write(move |tx, _| confirm(tx, &sent.token)).await
}

fn confirm(tx: &mut Tx<'_>, token: &EmailToken) -> Result<Reply, Failure> {
    let now = tx.now;
    let found = store::find_by_email_token(tx.conn, Purpose::VerifyEmail, token, now)?;
    let (user, _) = found.ok_or(Code::InvalidEmailToken)?;
    store::mark_verified(tx.conn, &user, now)?;
    let change = Change::new("user.email_verified", user.id.0, user.version + 1);
    tx.record(&change.field("email_verified_at", user.email_verified_at, now))?;
    let user = store::find(tx.conn, user.id)?.ok_or(Code::InvalidEmailToken)?;
    Ok(Reply::ok(&UserView::load(tx.conn, &user)?)?.version(user.version))
}
