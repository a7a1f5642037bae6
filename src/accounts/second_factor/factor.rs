//! A person's second factor: the row, which code it accepts, and how long guessing has to wait.

use diesel::prelude::*;
use totp_rs::{Builder, Totp};

use crate::db::MultiBackend;
use crate::db::schema::second_factors;
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::id::UserId;
use crate::kernel::problem::Problem;
use crate::kernel::text_enum;

/// Bytes of a secret: 160 bits, as RFC 4226 §4 recommends.
pub const SECRET_BYTES: usize = 20;
/// Digits of a code.
pub const DIGITS: u8 = 6;
/// Seconds after which the next code comes (RFC 6238 §5.2). The code before and the one after are accepted as well.
pub const PERIOD: u64 = 30;
/// How many recovery codes a person has.
pub const RECOVERY_CODES: usize = 10;

text_enum! {
    /// How far a person has come with the second factor.
    pub enum FactorState {
        /// There is none: the password alone signs in.
        Off = "off",
        /// A secret was given out and waits for its first code.
        Prepared = "prepared",
        /// Signing in takes a code.
        On = "on",
    }
}

/// A second factor as stored.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = second_factors, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Factor {
    /// Whose it is.
    pub user_id: UserId,
    /// The shared secret, sealed.
    pub secret: String,
    /// When the first code showed that the app has the secret; until then it is not asked for.
    pub confirmed_at: Option<At>,
    /// The 30-second step since 1970 whose code was last used: none works twice (RFC 6238 §5.2, ASVS 6.5.1).
    pub last_step: i64,
    /// Wrong codes since the last right one.
    pub failures: i32,
    /// Until when no code from the app is looked at, after too many wrong ones.
    pub wait_until: Option<At>,
    /// When the secret was made.
    pub created_at: At,
}

impl Factor {
    /// How far a person with or without `factor` has come.
    #[must_use]
    pub fn state(factor: Option<&Self>) -> FactorState {
        match factor {
            None => FactorState::Off,
            Some(factor) if factor.confirmed_at.is_none() => FactorState::Prepared,
            Some(_) => FactorState::On,
        }
    }

    /// The step whose code `digits` are at `now`, if it is later than every step used before.
    #[must_use]
    pub fn accepts(&self, totp: &Totp, digits: &str, now: At) -> Option<i64> {
        let time = u64::try_from(now.seconds()).unwrap_or_default();
        let step = i64::try_from(totp.check(digits, time)?).ok()?;
        (step > self.last_step).then_some(step)
    }
}

/// The algorithm every authenticator app knows, with this secret; `account` is the name the app shows.
///
/// # Errors
/// `internal_error` when the secret is too short or the name cannot be used, which does not happen.
pub fn totp(secret: &[u8], account: &str) -> Result<Totp, Problem> {
    let builder = Builder::new().with_digits(DIGITS).with_step_duration(PERIOD).with_secret(secret);
    builder.with_issuer(Some("Techex")).with_account_name(account).build().map_err(|error| {
        tracing::error!(?error, "no one-time codes can be made");
        Code::InternalError.into()
    })
}

/// Wrong codes in a row that cost nothing.
const FREE_FAILURES: i32 = 5;
/// Seconds the first wait takes; each further one takes twice as long.
const FIRST_WAIT: i64 = 30;
/// The longest wait, in seconds.
const LONGEST_WAIT: i64 = 3_600;

/// How many seconds to wait after the `failures`th wrong code in a row. With three codes valid at a time, somebody who
/// knows the password needs some 10,000 days to guess one; the owner always gets in with a recovery code.
#[must_use]
pub fn wait_after(failures: i32) -> Option<i64> {
    let doublings = u32::try_from(failures - FREE_FAILURES).ok()?;
    Some(FIRST_WAIT.checked_shl(doublings.min(16)).map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT)))
}

/// The factor, if it is in the state `wanted`.
///
/// # Errors
/// `second_factor_wrong_state` with the state it is in.
pub fn require(factor: Option<Factor>, wanted: FactorState) -> Result<Factor, Problem> {
    let state = Factor::state(factor.as_ref());
    factor.filter(|_| state == wanted).ok_or_else(|| wrong_state(state, wanted))
}

/// The refusal of what takes another state.
#[must_use]
pub fn wrong_state(state: FactorState, allowed: FactorState) -> Problem {
    Problem::new(Code::SecondFactorWrongState).with("status", state).with("allowed", allowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    /// The secret of RFC 6238's test vectors (appendix B), whose codes have eight digits; the last six are ours.
    const SECRET: &[u8] = b"12345678901234567890";

    fn factor(last_step: i64) -> Factor {
        let at = At::from_micros(0).unwrap();
        let (user_id, secret) = (UserId(Uuid::nil()), String::new());
        Factor { user_id, secret, confirmed_at: Some(at), last_step, failures: 0, wait_until: None, created_at: at }
    }

    fn at(seconds: i64) -> At {
        At::from_micros(seconds * 1_000_000).unwrap()
    }

    #[test]
    fn the_codes_of_the_standard() {
        let totp = totp(SECRET, "an@example.vn").unwrap();
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(factor(0).accepts(&totp, code, at(seconds)), Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_code_holds_one_step_early_or_late_and_once() {
        let totp = totp(SECRET, "an@example.vn").unwrap();
        let (step, code) = (1_234_567_890 / 30, "005924");
        for (seconds, last_step, accepted) in [
            (0, 0, true),
            (-30, 0, true),
            (30, 0, true),
            (-60, 0, false),
            (60, 0, false),
            (0, step - 1, true),
            (0, step, false),
            (0, step + 1, false),
        ] {
            let found = factor(last_step).accepts(&totp, code, at(1_234_567_890 + seconds));
            assert_eq!(found, accepted.then_some(step), "{seconds} {last_step}");
        }
        for wrong in ["000000", "00592", "0059240", "", "x"] {
            assert_eq!(factor(0).accepts(&totp, wrong, at(1_234_567_890)), None, "{wrong}");
        }
    }

    #[test]
    fn waits_double_up_to_an_hour() {
        for (failures, wait) in [
            (0, None),
            (4, None),
            (5, Some(30)),
            (6, Some(60)),
            (11, Some(1920)),
            (12, Some(3600)),
            (5_000, Some(3600)),
        ] {
            assert_eq!(wait_after(failures), wait, "{failures}");
        }
    }

    #[test]
    fn states() {
        let prepared = || Some(Factor { confirmed_at: None, ..factor(0) });
        assert!(require(Some(factor(0)), FactorState::On).is_ok());
        assert!(require(prepared(), FactorState::Prepared).is_ok());
        for (found, wanted, state) in [
            (None, FactorState::On, "off"),
            (prepared(), FactorState::On, "prepared"),
            (Some(factor(0)), FactorState::Prepared, "on"),
        ] {
            let refused = require(found, wanted).err().unwrap();
            assert_eq!((refused.code, refused.argument("status")), (Code::SecondFactorWrongState, Some(state)));
        }
    }
}
