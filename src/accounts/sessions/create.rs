//! Signing in.

use actix_web::web::Data;
use deserr::Deserr;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

use super::super::credentials::Credentials;
use super::super::failures;
use super::super::password::{Password, SHORTEST_ALONE, Verdict};
use super::super::second_factor::{self, FactorCode};
use super::super::token::Tokens;
use super::super::users::{Email, User, shortest_password, store as users};
use super::session::{Session, StoredToken};
use super::store;
use super::view::{SessionTokens, SessionView};
use crate::db::{Conn, Failure};
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Public, Rate, Reply, Sample};
use crate::kernel::code::Code;
use crate::kernel::problem::Problem;
use crate::kernel::validate::FieldErrors;

pub(super) fn operation() -> Operation {
    Operation::post("/v1/sessions", "sessions_create", create)
        .about(
            "Sessions",
            "Sign in",
            "Begins a session and gives an access token for `Authorization: Bearer …`, valid for 15 minutes, and a refresh \
             token for `POST /v1/sessions/renewal`. A wrong password and an unknown address are answered alike. After \
             too many failures an account has to wait a few seconds before each further try. Where the second factor is on, \
             the right password alone is answered with `second_factor_required`: send it again with `code`.",
        )
        .answers::<SessionTokens>(201, "You are signed in.")
        .rate(Rate::Credential)
        .secret_answer()
        .problems(&[
            Code::InvalidCredentials,
            Code::EmailNotVerified,
            Code::SecondFactorRequired,
            Code::InvalidSecondFactor,
            Code::PasswordTooShort,
        ])
}

/// Who wants to sign in.
#[derive(Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(super) struct SignIn {
    /// The address of the account.
    email: Email,
    /// Its password.
    password: Password,
    /// Where the second factor is on: six digits from the authenticator app, or a recovery code.
    #[deserr(default)]
    #[schema(required = false)]
    code: Option<FactorCode>,
}

impl Sample for SignIn {
    fn sample() -> Self {
        Self {
            email: Email::literal("nghien-cuu@vien.example"),
            password: Password::new("tám con ngựa vượt sông"),
            code: None,
        }
    }
}

async fn create(call: Call<Public>, Body(sent): Body<SignIn>, credentials: Data<Credentials>) -> Answer {
    let known = identify(&call, sent, &credentials).await?;
    let days = call.app().config.auth.session_days;
    let (user_agent, address) = (call.user_agent(), call.address());
    call.write(move |tx, _| {
        let session = Session {
            id: tx.id(),
            user_id: known.user.id,
            user_agent: user_agent.clone(),
            address: address.clone(),
            created_at: tx.now,
            renewed_at: tx.now,
            expires_at: tx.now.plus_days(days),
            ended_at: None,
            end_reason: None,
            second_factor_at: None,
        };
        begin(tx, &known, session, &credentials)
    })
    .await
}

/// Somebody whose address and password are those of an account that may be used.
struct Known {
    user: User,
    verdict: Verdict,
    password_length: usize,
    code: Option<FactorCode>,
}

/// The account that address and password are those of. Hashing happens outside any transaction.
async fn identify(call: &Call<Public>, sent: SignIn, credentials: &Credentials) -> Result<Known, Problem> {
    let (app, email) = (Arc::clone(call.app()), sent.email.clone());
    let found = call.read(move |conn, _| {
        failures::admit(&app, conn, email.as_str())?;
        Ok(users::find_by_email(conn, email.as_str())?)
    });
    let user = found.await?;
    let password_length = sent.password.length();
    let verdict =
        credentials.passwords.verify(sent.password, user.as_ref().map(|user| user.password_hash.clone())).await?;
    match user {
        Some(user) if verdict != Verdict::Wrong && user.disabled_at.is_none() => {
            if user.is_usable() {
                Ok(Known { user, verdict, password_length, code: sent.code })
            } else {
                Err(Code::EmailNotVerified.into())
            }
        }
        user => {
            tracing::info!(address = call.address(), user = ?user.map(|user| user.id), "a login failed");
            failures::count(call.app(), sent.email.as_str()).await?;
            Err(Code::InvalidCredentials.into())
        }
    }
}

/// Stores the session, if the account is still what was checked and the second factor, where it has one, is proved.
fn begin(tx: &mut Tx<'_>, known: &Known, mut session: Session, credentials: &Credentials) -> Result<Reply, Failure> {
    let (now, id, user) = (tx.now, session.id, &known.user);
    let current = users::find(tx.conn, user.id)?;
    if !current.is_some_and(|current| current.is_usable() && current.password_hash == user.password_hash) {
        return Err(Code::InvalidCredentials.into());
    }
    match second_factor::demand(tx, &credentials.seal, user, known.code.as_ref())? {
        Ok(true) => session.second_factor_at = Some(now),
        Ok(false) => long_enough(tx.conn, known)?,
        Err(problem) => return Ok(Reply::refused(problem)),
    }
    if let Verdict::Rehashed(hash) = &known.verdict {
        users::rehash(tx.conn, user.id, &user.password_hash, hash)?;
    }
    let refresh = Tokens::first_refresh()?;
    store::insert(tx.conn, &session)?;
    let first = StoredToken { token_hash: refresh.hash(), session_id: id, created_at: now, spent_at: None };
    store::insert_token(tx.conn, &first)?;
    let change = Change::new("session.started", id.0, 1).between(None, &SessionView::new(&session, Some(id)));
    tx.record(&change.field("user_id", (), user.id))?;
    let answer = SessionTokens::issue(&credentials.tokens, &session, refresh, now)?;
    Ok(Reply::created(format!("/v1/sessions/{id}"), &answer)?)
}

/// Refuses a password too short to sign an officer in alone: the person may have become one after choosing it.
fn long_enough(conn: &mut Conn, known: &Known) -> Result<(), Failure> {
    if known.password_length >= SHORTEST_ALONE {
        return Ok(());
    }
    match shortest_password(conn, known.user.id)? {
        shortest if known.password_length < shortest => {
            Err(Problem::new(Code::PasswordTooShort).with("min", shortest).into())
        }
        _ => Ok(()),
    }
}
