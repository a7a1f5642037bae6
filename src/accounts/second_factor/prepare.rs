//! Preparing the second factor: a new secret, which the first code from the app then confirms.

use actix_web::web::Data;
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::credentials::Credentials;
use super::super::password::Password;
use super::super::seal::Seal;
use super::super::users::User;
use super::factor::{DIGITS, Factor, FactorState, PERIOD, SECRET_BYTES, totp, wrong_state};
use super::store;
use super::view::PreparedFactor;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Rate, Reply, Sample, SignedIn};
use crate::kernel::code::Code;
use crate::kernel::digest::random_bytes;
use crate::kernel::problem::Problem;
use crate::kernel::validate::FieldErrors;

pub(super) fn operation() -> Operation {
    Operation::post("/v1/me/second-factor", "second_factor_prepare", prepare)
        .about(
            "Second factor",
            "Prepare the second factor",
            "Takes your password and gives a new secret for an authenticator app. Show `uri` as a QR code, or let the person \
             type `secret`; then send the first code the app shows to `POST /v1/me/second-factor/confirmation`. Until then \
             nothing changes, and preparing again gives another secret. Codes follow RFC 6238 (SHA-1, six digits, 30 s).",
        )
        .answers::<PreparedFactor>(201, "The secret; it is shown this once.")
        .rate(Rate::Credential)
        .secret_answer()
        .problems(&[Code::SecondFactorWrongState])
}

/// Shows that it is still the account's owner who asks.
#[derive(Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(super) struct SecondFactorPreparation {
    /// The account's password.
    password: Password,
}

impl Sample for SecondFactorPreparation {
    fn sample() -> Self {
        Self { password: Password::new("tám con ngựa vượt sông") }
    }
}

async fn prepare(
    call: Call<SignedIn>,
    Body(sent): Body<SecondFactorPreparation>,
    credentials: Data<Credentials>,
) -> Answer {
    let user = credentials.confirm(&call, sent.password, "/password").await?;
    let secret = random_bytes::<SECRET_BYTES>().map_err(|error| {
        tracing::error!(%error, "the operating system gives no randomness");
        Problem::new(Code::InternalError)
    })?;
    call.write(move |tx, _| begin(tx, &credentials.seal, &user, &secret)).await
}

fn begin(tx: &mut Tx<'_>, seal: &Seal, user: &User, secret: &[u8]) -> Result<Reply, Failure> {
    if store::is_on(tx.conn, user.id)? {
        return Err(wrong_state(FactorState::On, FactorState::Off).into());
    }
    let factor = Factor {
        user_id: user.id,
        secret: seal.seal(user.id, secret)?,
        confirmed_at: None,
        last_step: 0,
        failures: 0,
        wait_until: None,
        created_at: tx.now,
    };
    store::prepare(tx.conn, &factor)?;
    tx.record(&Change::new("user.second_factor_prepared", user.id.0, user.version))?;
    let totp = totp(secret, &user.email)?;
    let uri = totp.to_url().map_err(|error| {
        tracing::error!(?error, "a secret has no otpauth address");
        Problem::new(Code::InternalError)
    })?;
    let view = PreparedFactor { uri, secret: totp.secret().to_base32(), digits: DIGITS, period: PERIOD };
    Ok(Reply::created("/v1/me/second-factor".into(), &view)?)
}
