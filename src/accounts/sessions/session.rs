//! A session: the life of one chain of refresh tokens, and the decision on a renewal.

use diesel::prelude::*;

use crate::db::MultiBackend;
use crate::db::schema::{refresh_tokens, sessions};
use crate::kernel::clock::At;
use crate::kernel::id::{SessionId, UserId};
use crate::kernel::text_enum;

text_enum! {
    /// Why a session ended before its time.
    pub enum EndReason {
        /// The person signed out.
        LoggedOut = "logged_out",
        /// The person ended it from another session.
        Revoked = "revoked",
        /// A refresh token was used twice: somebody else may have it.
        TokenReused = "token_reused",
        /// The password was changed or set anew.
        PasswordChanged = "password_changed",
        /// An officer suspended the account.
        AccountSuspended = "account_suspended",
        /// The person closed the account.
        AccountClosed = "account_closed",
    }
}

/// A signed-in device.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Session {
    /// Identifier; it stands in the access tokens.
    pub id: SessionId,
    /// Whose session it is.
    pub user_id: UserId,
    /// What the client called itself when the person signed in.
    pub user_agent: String,
    /// The client's address when the person signed in.
    pub address: String,
    /// When the person signed in.
    pub created_at: At,
    /// When it was last renewed.
    pub renewed_at: At,
    /// When it ends by itself.
    pub expires_at: At,
    /// When it was ended.
    pub ended_at: Option<At>,
    /// Why.
    pub end_reason: Option<EndReason>,
    /// When a second factor was last proved in it.
    pub second_factor_at: Option<At>,
}

impl Session {
    /// Whether it can be used at `now`.
    #[must_use]
    pub fn is_live(&self, now: At) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}

/// A refresh token as stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = refresh_tokens, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct StoredToken {
    /// SHA-256 of the token.
    pub token_hash: String,
    /// The session it renews.
    pub session_id: SessionId,
    /// When it was given out.
    pub created_at: At,
    /// When it was used.
    pub spent_at: Option<At>,
}

/// What to do about a refresh token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Renewal {
    /// Give out its successor and note that it is spent.
    Rotate,
    /// Give out the same successor again: the answer to the first use seems to have been lost.
    Repeat,
    /// End the session: a spent token came again (RFC 9700 §4.14.2).
    EndSession,
    /// The session has ended already, or the account may not be used.
    Refuse,
}

/// Decides on a renewal at `now`: `usable` tells whether session and account may be used, `spent_at` when the token was
/// used before, `successor_spent` whether the token given out then has been used since. A spent token is answered again only
/// within `grace` seconds and only while its successor is unused; afterwards the first answer cannot have been lost.
#[must_use]
pub fn decide(usable: bool, spent_at: Option<At>, successor_spent: bool, now: At, grace: i64) -> Renewal {
    match spent_at {
        _ if !usable => Renewal::Refuse,
        None => Renewal::Rotate,
        Some(spent_at) if !successor_spent && now <= spent_at.plus_seconds(grace) => Renewal::Repeat,
        Some(_) => Renewal::EndSession,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renewals() {
        let at = |seconds: i64| At::sample().plus_seconds(1_000 + seconds);
        for (usable, spent_at, successor_spent, now, expected) in [
            (true, None, false, 0, Renewal::Rotate),
            (true, None, true, 0, Renewal::Rotate),
            (true, Some(0), false, 0, Renewal::Repeat),
            (true, Some(0), false, 10, Renewal::Repeat),
            (true, Some(0), false, 11, Renewal::EndSession),
            (true, Some(0), true, 0, Renewal::EndSession),
            (true, Some(0), true, 11, Renewal::EndSession),
            // Another server's clock may run behind.
            (true, Some(3), false, 0, Renewal::Repeat),
            (false, None, false, 0, Renewal::Refuse),
            (false, Some(0), false, 5, Renewal::Refuse),
            (false, Some(0), true, 500, Renewal::Refuse),
        ] {
            let found = decide(usable, spent_at.map(at), successor_spent, at(now), 10);
            assert_eq!(found, expected, "usable {usable}, spent {spent_at:?}, successor {successor_spent}, now {now}");
        }
    }
}
