//! Settings of the negotiations.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Expressions of interest, proposals and what follows from them.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Negotiation {
    /// Days within which an expression of interest or a proposal is to be answered; then silence is its outcome.
    pub answer_days: u32,
    /// Days before that on which the receiver is reminded by mail; nothing ends in silence with less notice.
    pub reminder_days: u32,
    /// Expressions of interest and proposals that one organisation may send within 24 hours.
    pub approaches_per_day: u32,
}

impl Default for Negotiation {
    fn default() -> Self {
        Self { answer_days: 30, reminder_days: 7, approaches_per_day: 20 }
    }
}
