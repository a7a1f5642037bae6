//! Registering an account. Nobody learns from the answer, or from how long it takes, whether an address has an account.

use actix_web::web::Data;
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::credentials::Credentials;
use super::super::failures;
use super::super::password::{Password, PasswordHash, SHORTEST};
use super::email::Email;
use super::store;
use super::user::{FullName, Profile, User};
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Public, Rate, Reply, Sample};
use crate::kernel::locale::Locale;
use crate::kernel::validate::FieldErrors;

pub(super) fn operation() -> Operation {
    Operation::post("/v1/registrations", "users_register", register)
        .about(
            "Accounts",
            "Register",
            "Makes an account and mails a token to its address; confirm the address with `POST /v1/email-verifications`, \
             then sign in with `POST /v1/sessions`. The answer is the same whether or not the address has an account: its \
             owner is told by mail. Passwords have 12 to 128 characters of any kind, must not be easy to guess, and must \
             not contain the address. An address is registered only so often in an hour, because each time brings it a mail.",
        )
        .answers::<MailSent>(202, "A mail is on its way, if the address can be registered.")
        .rate(Rate::Credential)
        // The digest that an idempotency key is kept with would give a hint at the password.
        .secret_answer()
}

/// Somebody who wants an account.
#[derive(Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(super) struct Registration {
    /// The address to sign in with; letter case does not matter.
    email: Email,
    /// 12 to 128 characters, not easy to guess, without the address.
    #[schema(min_length = 12, max_length = 128)]
    password: Password,
    /// Full name.
    full_name: FullName,
    /// The language of mails; by default the one of this request.
    #[deserr(default)]
    #[schema(required = false)]
    locale: Option<Locale>,
}

impl Sample for Registration {
    fn sample() -> Self {
        Self {
            email: Email::literal("nghien-cuu@vien.example"),
            password: Password::new("tám con ngựa vượt sông"),
            full_name: FullName::literal("Nhà nghiên cứu"),
            locale: Some(Locale::Vi),
        }
    }
}

/// The answer whenever a mail is asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MailSent {
    /// Always `check_your_mail`.
    status: &'static str,
}

impl Sample for MailSent {
    fn sample() -> Self {
        Self { status: "check_your_mail" }
    }
}

async fn register(
    call: Call<Public>,
    Body(registration): Body<Registration>,
    credentials: Data<Credentials>,
) -> Answer {
    let Registration { email, password, full_name, locale } = registration;
    let profile = Profile { full_name, locale: locale.unwrap_or(call.locale()) };
    failures::count_registration(call.app(), email.as_str()).await?;
    let hash = credentials.passwords.accept(password, email.clone(), SHORTEST).await?;
    call.write(move |tx, _| {
        enter(tx, &email, &profile, &hash)?;
        Ok(Reply::accepted(&MailSent::sample())?)
    })
    .await
}

/// A new account; or a note that somebody registered an address that has one. Where nobody ever confirmed the address, the
/// later registration takes the place of the earlier and the tokens already mailed lose their value, so that nobody
/// can prepare an account for somebody else's address and wait for its owner to confirm it.
fn enter(tx: &mut Tx<'_>, email: &Email, profile: &Profile, hash: &PasswordHash) -> Result<(), Failure> {
    let now = tx.now;
    match store::find_by_email(tx.conn, email.as_str())? {
        None => {
            let user = User::new(tx.id(), email, profile.clone(), hash.clone(), now);
            store::insert(tx.conn, &user)?;
            tx.record(&Change::new("user.registered", user.id.0, user.version).between(None, profile))?;
        }
        Some(user) if user.email_verified_at.is_none() => {
            store::replace_unverified(tx.conn, &user, profile, hash, now)?;
            let change = Change::new("user.registration_repeated", user.id.0, user.version + 1);
            tx.record(&change.between(Some(&user.profile), profile))?;
        }
        Some(user) => tx.record(&Change::new("user.registration_repeated", user.id.0, user.version))?,
    }
    Ok(())
}
