//! What people see of their sessions.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::token::{RefreshToken, Tokens};
use super::session::Session;
use crate::http::{Sample, SessionRef};
use crate::kernel::clock::At;
use crate::kernel::id::SessionId;
use crate::kernel::problem::Problem;

/// One of one's own sessions.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub(super) struct SessionView {
    /// Identifier.
    pub id: SessionId,
    /// Whether this request came in this session.
    pub current: bool,
    /// What the client called itself when you signed in.
    pub user_agent: String,
    /// The client's address when you signed in.
    pub address: String,
    /// When you signed in.
    pub created_at: At,
    /// When it was last renewed.
    pub renewed_at: At,
    /// When it ends unless it is renewed.
    pub expires_at: At,
    /// When a second factor was last proved in it, if ever.
    #[schema(required = false)]
    pub second_factor_at: Option<At>,
}

impl SessionView {
    pub(super) fn new(session: &Session, current: Option<SessionId>) -> Self {
        Self {
            id: session.id,
            current: Some(session.id) == current,
            user_agent: session.user_agent.clone(),
            address: session.address.clone(),
            created_at: session.created_at,
            renewed_at: session.renewed_at,
            expires_at: session.expires_at,
            second_factor_at: session.second_factor_at,
        }
    }
}

impl Sample for SessionView {
    fn sample() -> Self {
        let at = At::sample();
        Self {
            id: SessionId(Uuid::from_u128(0x0198_c5a1_f2b0_7cc0_8d3e_5f0a_1b2c_5e55)),
            current: true,
            user_agent: "curl/8.5.0".into(),
            address: "203.0.113.7".into(),
            created_at: at,
            renewed_at: at,
            expires_at: at.plus_days(30),
            second_factor_at: Some(at),
        }
    }
}

/// The tokens of a session. Keep both secret; send the access token with each request.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionTokens {
    /// For `Authorization: Bearer …`.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds the access token is valid.
    pub expires_in: i64,
    /// For `POST /v1/sessions/renewal`; works once.
    #[schema(value_type = String)]
    pub refresh_token: RefreshToken,
    /// The session.
    #[schema(value_type = SessionView)]
    pub session: SessionView,
}

impl SessionTokens {
    pub(super) fn issue(tokens: &Tokens, session: &Session, refresh: RefreshToken, now: At) -> Result<Self, Problem> {
        let speaks_for = SessionRef { session_id: session.id, user_id: session.user_id };
        Ok(Self {
            access_token: tokens.access(speaks_for, now)?,
            token_type: "Bearer",
            expires_in: tokens.access_seconds(),
            refresh_token: refresh,
            session: SessionView::new(session, Some(session.id)),
        })
    }
}

impl Sample for SessionTokens {
    fn sample() -> Self {
        Self {
            access_token: "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJ0ZWNoZXgifQ.c2lnbmF0dXJl".into(),
            token_type: "Bearer",
            expires_in: 900,
            refresh_token: RefreshToken::new("pXkq0jQxWq1nZ5m2cRz6y0b4d8f1h3k5n7r9t2v4x6A"),
            session: SessionView::sample(),
        }
    }
}
