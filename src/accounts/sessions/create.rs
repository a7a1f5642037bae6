//! Signing in.

use actix_web::web::Data;
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::credentials::Credentials;
use super::super::password::{Password, Verdict};
use super::super::token::Tokens;
use super::super::users::{Email, User, store as users};
use super::session::{Session, StoredToken};
use super::store;
use super::view::{SessionTokens, SessionView};
use crate::db::Failure;
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
             too many failures an account has to wait a few seconds before each further try.",
        )
        .answers::<SessionTokens>(201, "You are signed in.")
        .rate(Rate::Credential)
        .secret_answer()
        .problems(&[Code::InvalidCredentials, Code::EmailNotVerified])
}

/// Who wants to sign in.
#[derive(Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(super) struct SignIn {
    /// The address of the account.
    email: Email,
    /// Its password.
    password: Password,
}

impl Sample for SignIn {
    fn sample() -> Self {
        Self {
            email: Email::literal("nghien-cuu@vien.example"), password: Password::new("tám con ngựa vượt sông")
        }
    }
}

async fn create(call: Call<Public>, Body(sent): Body<SignIn>, credentials: Data<Credentials>) -> Answer {
    let (user, verdict) = identify(&call, sent, &credentials).await?;
    let days = call.app().config.auth.session_days;
    let (user_agent, address) = (call.user_agent(), call.address());
    call.write(move |tx, _| {
        let session = Session {
            id: tx.id(),
            user_id: user.id,
            user_agent: user_agent.clone(),
            address: address.clone(),
            created_at: tx.now,
            renewed_at: tx.now,
            expires_at: tx.now.plus_days(days),
            ended_at: None,
            end_reason: None,
        };
        begin(tx, &user, &verdict, &session, &credentials.tokens)
    })
    .await
}

/// The account that address and password are those of. Hashing happens outside any transaction.
async fn identify(call: &Call<Public>, sent: SignIn, credentials: &Credentials) -> Result<(User, Verdict), Problem> {
    let limits = &call.app().limits;
    limits.login_allowed(sent.email.as_str())?;
    let email = sent.email.clone();
    let user = call.read(move |conn, _| Ok(users::find_by_email(conn, email.as_str())?)).await?;
    let verdict =
        credentials.passwords.verify(sent.password, user.as_ref().map(|user| user.password_hash.clone())).await?;
    match user {
        Some(user) if verdict != Verdict::Wrong && user.disabled_at.is_none() => {
            if user.is_usable() {
                Ok((user, verdict))
            } else {
                Err(Code::EmailNotVerified.into())
            }
        }
        user => {
            tracing::info!(address = call.address(), user = ?user.map(|user| user.id), "a login failed");
            limits.login_failed(sent.email.as_str())?;
            Err(Code::InvalidCredentials.into())
        }
    }
}

/// Stores the session, if the account is still what was checked.
fn begin(
    tx: &mut Tx<'_>,
    user: &User,
    verdict: &Verdict,
    session: &Session,
    tokens: &Tokens,
) -> Result<Reply, Failure> {
    let (now, id) = (tx.now, session.id);
    let current = users::find(tx.conn, user.id)?;
    if !current.is_some_and(|current| current.is_usable() && current.password_hash == user.password_hash) {
        return Err(Code::InvalidCredentials.into());
    }
    if let Verdict::Rehashed(hash) = verdict {
        users::rehash(tx.conn, user.id, &user.password_hash, hash)?;
    }
    let refresh = Tokens::first_refresh()?;
    store::insert(tx.conn, session)?;
    let first = StoredToken { token_hash: refresh.hash(), session_id: id, created_at: now, spent_at: None };
    store::insert_token(tx.conn, &first)?;
    let change = Change::new("session.started", id.0, 1).between(None, &SessionView::new(session, id));
    tx.record(&change.field("user_id", (), user.id))?;
    let answer = SessionTokens::issue(tokens, session, refresh, now)?;
    Ok(Reply::created(format!("/v1/sessions/{id}"), &answer)?)
}
