//! Renewing a session: each refresh token works once and brings its successor.

use actix_web::web::Data;
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::credentials::Credentials;
use super::super::token::{RefreshToken, Tokens};
use super::session::{EndReason, Renewal, Session, StoredToken, decide};
use super::store;
use super::view::SessionTokens;
use crate::config::Auth;
use crate::db::{DbError, Failure};
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Public, Rate, Reply, Sample};
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::problem::Problem;
use crate::kernel::validate::{self, FieldErrors};

pub(super) fn operation() -> Operation {
    Operation::post("/v1/sessions/renewal", "sessions_renew", renew)
        .about(
            "Sessions",
            "Renew the session",
            "Takes the refresh token and gives a new access token and the next refresh token; no access token is needed. \
             If the answer was lost, send the same refresh token again within 10 seconds and the same successor comes. A \
             refresh token that comes again later, or after its successor was used, ends the session, because somebody \
             else may have it.",
        )
        .answers::<SessionTokens>(200, "The session is renewed.")
        .rate(Rate::Credential)
        .secret_answer()
        .problems(&[Code::InvalidRefreshToken])
}

/// The token to renew with.
#[derive(Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = Renewal)]
pub(super) struct RenewalRequest {
    /// The refresh token last received.
    #[schema(value_type = String)]
    refresh_token: RefreshToken,
}

impl Sample for RenewalRequest {
    fn sample() -> Self {
        Self { refresh_token: RefreshToken::new("pXkq0jQxWq1nZ5m2cRz6y0b4d8f1h3k5n7r9t2v4x6A") }
    }
}

impl Deserr<FieldErrors> for RefreshToken {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        validate::text(value, location).map(|text| Self::new(&text))
    }
}

async fn renew(call: Call<Public>, Body(sent): Body<RenewalRequest>, credentials: Data<Credentials>) -> Answer {
    let auth = call.app().config.auth.clone();
    call.write(move |tx, _| answer(tx, &sent.refresh_token, &credentials.tokens, &auth)).await
}

fn answer(tx: &mut Tx<'_>, token: &RefreshToken, tokens: &Tokens, auth: &Auth) -> Result<Reply, Failure> {
    let now = tx.now;
    let Some((stored, mut session, account_usable)) = store::find_by_token(tx.conn, &token.hash())? else {
        return Err(Code::InvalidRefreshToken.into());
    };
    let successor = tokens.successor(token);
    let successor_spent = stored.spent_at.is_some() && store::is_spent(tx.conn, &successor.hash())?;
    let usable = account_usable && session.is_live(now);
    match decide(usable, stored.spent_at, successor_spent, now, auth.renewal_grace_seconds) {
        Renewal::Rotate => {
            (session.renewed_at, session.expires_at) = (now, ends(&session, now, auth));
            let next =
                StoredToken { token_hash: successor.hash(), session_id: session.id, created_at: now, spent_at: None };
            if !store::rotate(tx.conn, &stored.token_hash, &next, session.expires_at)? {
                return Err(DbError::Conflict("the refresh token was used at the same time".into()).into());
            }
        }
        Renewal::Repeat => {}
        Renewal::EndSession => return end(tx, &session),
        Renewal::Refuse => return Err(Code::InvalidRefreshToken.into()),
    }
    Ok(Reply::ok(&SessionTokens::issue(tokens, &session, successor, now)?)?)
}

/// When a session ends that is renewed `now`: however often that happens, not later than its greatest age (ASVS 7.3.2).
fn ends(session: &Session, now: At, auth: &Auth) -> At {
    now.plus_days(auth.session_days).min(session.created_at.plus_days(auth.session_max_days))
}

/// Ends the session, and lets that be committed although the answer is a refusal.
fn end(tx: &mut Tx<'_>, session: &Session) -> Result<Reply, Failure> {
    let now = tx.now;
    store::end(tx.conn, session.user_id, session.id, EndReason::TokenReused, now)?;
    let change = Change::new("session.token_reused", session.id.0, 2).field("ended_at", (), now);
    tx.record(&change.field("user_id", (), session.user_id))?;
    tracing::warn!(session = %session.id, user = %session.user_id, "a spent refresh token was used again; the session is ended");
    Ok(Reply::refused(Problem::new(Code::InvalidRefreshToken)))
}
