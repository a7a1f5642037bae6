//! What people see of their second factor. The secret and the recovery codes are shown once, when they are made.

use serde::Serialize;
use utoipa::ToSchema;

use super::code::FactorCode;
use super::factor::{DIGITS, Factor, FactorState, PERIOD, RECOVERY_CODES};
use crate::http::Sample;
use crate::kernel::clock::At;

/// How far one has come with the second factor.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SecondFactor)]
pub(super) struct FactorView {
    /// The state.
    pub state: FactorState,
    /// Since when signing in takes a code.
    #[schema(required = false)]
    pub enabled_at: Option<At>,
    /// Recovery codes not used yet, of ten; make new ones before they run out.
    pub recovery_codes_left: i64,
}

impl FactorView {
    pub(super) fn new(factor: Option<&Factor>, recovery_codes_left: i64) -> Self {
        let enabled_at = factor.and_then(|factor| factor.confirmed_at);
        Self { state: Factor::state(factor), enabled_at, recovery_codes_left }
    }
}

impl Sample for FactorView {
    fn sample() -> Self {
        Self { state: FactorState::On, enabled_at: Some(At::sample()), recovery_codes_left: 10 }
    }
}

/// A new secret for the authenticator app. It is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PreparedFactor {
    /// To be shown as a QR code for the app (`otpauth://totp/…`).
    pub uri: String,
    /// The secret in base32, to be typed where no QR code can be read.
    pub secret: String,
    /// Digits of a code.
    pub digits: u8,
    /// Seconds after which the next code comes.
    pub period: u64,
}

impl Sample for PreparedFactor {
    fn sample() -> Self {
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        Self {
            uri: format!("otpauth://totp/Techex:nghien-cuu%40vien.example?secret={secret}&issuer=Techex"),
            secret: secret.into(),
            digits: DIGITS,
            period: PERIOD,
        }
    }
}

/// New recovery codes. They are shown this once; keep them where the app is not.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RecoveryCodes {
    /// Each works once, in place of a code from the app.
    pub recovery_codes: Vec<String>,
}

impl RecoveryCodes {
    pub(super) fn new(codes: &[FactorCode]) -> Self {
        Self { recovery_codes: codes.iter().map(FactorCode::expose).collect() }
    }
}

impl Sample for RecoveryCodes {
    fn sample() -> Self {
        Self { recovery_codes: vec!["mfrg-gzdf-mztw-q2lk-nnwg-23tp".into(); RECOVERY_CODES] }
    }
}

/// Until when the session may do what takes a second factor proved lately.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SteppedUp {
    /// Then another code is asked for.
    pub stepped_up_until: At,
}

impl Sample for SteppedUp {
    fn sample() -> Self {
        Self { stepped_up_until: At::sample().plus_seconds(300) }
    }
}
