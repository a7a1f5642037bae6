//! Passwords: what is accepted (OWASP ASVS 5.0, 6.2), and hashing (argon2id, RFC 9106) with bounded use of the machine.

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use unicode_normalization::UnicodeNormalization;

use super::users::Email;
use crate::kernel::code::Code;
use crate::kernel::problem::Problem;
use crate::kernel::validate::{self, FieldCode, FieldError, FieldErrors};

/// A password as typed, in NFC, so that the same letters match however a keyboard composes them. Shown in no log.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Password(String);

/// The fewest characters of a password (ASVS 6.2.1 demands 8).
pub const SHORTEST: usize = 12;
/// The fewest characters of an officer's password where no second factor is asked for (NIST SP 800-63B-4, 3.1.1.2).
pub const SHORTEST_ALONE: usize = 15;
/// The most characters of a password; at least 64 have to be allowed (ASVS 6.2.9).
const LONGEST: usize = 128;
/// The lowest score of zxcvbn, from 0 to 4, that is accepted.
const WEAKEST: zxcvbn::Score = zxcvbn::Score::Two;

impl Password {
    /// Wraps what was typed, unchecked.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.nfc().collect())
    }

    /// Checks a password of at least `shortest` characters that somebody wants to use with the account `email`: its length, that it is not easily guessed,
    /// and that it does not contain the address. There are no rules on kinds of characters (ASVS 6.2.5). Costs up to some
    /// milliseconds.
    ///
    /// # Errors
    /// What is wrong with it, at `/password`.
    pub fn check(&self, email: &Email, shortest: usize) -> Result<(), FieldErrors> {
        let refused = |code, args| Err(FieldErrors(vec![FieldError { pointer: "/password".into(), code, args }]));
        match self.length() {
            length if length < shortest => return refused(FieldCode::TooShort, vec![("min", shortest.to_string())]),
            length if length > LONGEST => return refused(FieldCode::TooLong, vec![("max", LONGEST.to_string())]),
            _ => {}
        }
        let lower = self.0.to_lowercase();
        // A local part of one or two letters is in many good passwords by chance.
        if lower.contains(email.as_str())
            || (email.local_part().chars().count() > 2 && lower.contains(email.local_part()))
        {
            return refused(FieldCode::PasswordContainsEmail, Vec::new());
        }
        if zxcvbn::zxcvbn(&self.0, &[email.as_str(), email.local_part(), "techex"]).score() < WEAKEST {
            return refused(FieldCode::PasswordWeak, Vec::new());
        }
        Ok(())
    }

    /// Its characters.
    #[must_use]
    pub fn length(&self) -> usize {
        self.0.chars().count()
    }

    /// Hashes it. Blocks for some tens of milliseconds; requests use [`Passwords`].
    ///
    /// # Errors
    /// `internal_error` when the operating system has no randomness to give.
    pub fn hash(&self) -> Result<PasswordHash, Problem> {
        Argon2::default().hash_password(self.0.as_bytes()).map(|hash| PasswordHash(hash.to_string())).map_err(|error| {
            tracing::error!(%error, "a password cannot be hashed");
            Code::InternalError.into()
        })
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("********")
    }
}

impl Deserr<FieldErrors> for Password {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        validate::text(value, location).map(|text| Self::new(&text))
    }
}

impl utoipa::PartialSchema for Password {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::Password)))
            .build()
            .into()
    }
}
impl utoipa::ToSchema for Password {}

/// A hashed password with its salt and parameters (PHC string). Shown in no log.
#[derive(Clone, PartialEq, Eq, Deserialize, diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Text)]
#[serde(transparent)]
pub struct PasswordHash(String);

/// A hash with the current parameters that no password has: for accounts that do not exist.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

impl PasswordHash {
    /// What no password has the hash of: for accounts that nobody signs in to any more.
    #[must_use]
    pub fn none() -> Self {
        Self("!".into())
    }

    fn nobody() -> Self {
        Self(NOBODY.into())
    }

    /// Whether `password` is the one. Blocks for some tens of milliseconds.
    fn admits(&self, password: &Password) -> bool {
        let Ok(hash) = Phc::new(&self.0) else { return false };
        Argon2::default().verify_password(password.0.as_bytes(), &hash).is_ok()
    }

    /// Whether it was made with other parameters than a new one would be.
    fn outdated(&self) -> bool {
        let Ok(hash) = Phc::new(&self.0) else { return true };
        let current = Params::DEFAULT;
        let same = Params::try_from(&hash).is_ok_and(|params| {
            (params.m_cost(), params.t_cost(), params.p_cost())
                == (current.m_cost(), current.t_cost(), current.p_cost())
        });
        !same || hash.algorithm != Algorithm::default().ident() || hash.version != Some(Version::default().into())
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("********")
    }
}

impl<DB: diesel::backend::Backend> diesel::serialize::ToSql<diesel::sql_types::Text, DB> for PasswordHash
where
    str: diesel::serialize::ToSql<diesel::sql_types::Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
        self.0.as_str().to_sql(out)
    }
}
impl<DB: diesel::backend::Backend> diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for PasswordHash
where
    String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
        <String as diesel::deserialize::FromSql<diesel::sql_types::Text, DB>>::from_sql(value).map(Self)
    }
}

/// How a password was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It is not the one, or there is no such account.
    Wrong,
    /// It is the one.
    Right,
    /// It is the one, and here is its hash with the current parameters, to be stored.
    Rehashed(PasswordHash),
}

/// Hashing for requests: in blocking threads, so many at a time, so many waiting, the others turned away.
pub struct Passwords {
    running: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
}

/// Requests that may wait for a hashing thread.
const WAITING: usize = 64;
/// Seconds after which somebody who was turned away should try again.
const RETRY_SECONDS: u64 = 2;

impl Passwords {
    /// Hashing with `threads` passwords at a time; 0 means one for each core.
    #[must_use]
    pub fn new(threads: usize) -> Self {
        let threads = match threads {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            threads => threads,
        };
        Self { running: Arc::new(Semaphore::new(threads)), admitted: Arc::new(Semaphore::new(threads + WAITING)) }
    }

    /// Checks a new password of at least `shortest` characters for the account `email` and hashes it.
    ///
    /// # Errors
    /// `validation_failed` with what is wrong with it, or `overloaded`.
    pub async fn accept(&self, password: Password, email: Email, shortest: usize) -> Result<PasswordHash, Problem> {
        self.run(move || {
            password.check(&email, shortest)?;
            password.hash()
        })
        .await?
    }

    /// Compares a password with the hash of an account; without an account the same work is done in vain (ASVS 6.3.8).
    ///
    /// # Errors
    /// `overloaded`.
    pub async fn verify(&self, password: Password, hash: Option<PasswordHash>) -> Result<Verdict, Problem> {
        self.run(move || {
            let exists = hash.is_some();
            let hash = hash.unwrap_or_else(PasswordHash::nobody);
            if !(hash.admits(&password) && exists) {
                return Ok(Verdict::Wrong);
            }
            if hash.outdated() { password.hash().map(Verdict::Rehashed) } else { Ok(Verdict::Right) }
        })
        .await?
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let overloaded = |_| Problem::retry_later(Code::Overloaded, RETRY_SECONDS);
        let admitted = Arc::clone(&self.admitted).try_acquire_owned().map_err(overloaded)?;
        let running = Arc::clone(&self.running).acquire_owned().await.map_err(|_| Problem::new(Code::InternalError))?;
        // The task holds the permits: a client that goes away does not make room while its work still runs.
        let task = tokio::task::spawn_blocking(move || {
            let _permits: (OwnedSemaphorePermit, OwnedSemaphorePermit) = (admitted, running);
            work()
        });
        task.await.map_err(|error| {
            tracing::error!(%error, "a hashing task ended early");
            Problem::new(Code::InternalError)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email(text: &str) -> Email {
        Email::new(text).unwrap()
    }

    #[test]
    fn policy() {
        let long = "tám con ngựa vượt sông ".repeat(6);
        for (password, email_text, expected) in [
            ("ngắn quá", "a@b.vn", Some(FieldCode::TooShort)),
            (long.as_str(), "a@b.vn", Some(FieldCode::TooLong)),
            ("password1234", "a@b.vn", Some(FieldCode::PasswordWeak)),
            ("aaaaaaaaaaaa", "a@b.vn", Some(FieldCode::PasswordWeak)),
            ("qwertyuiop12", "a@b.vn", Some(FieldCode::PasswordWeak)),
            ("123456789012", "a@b.vn", Some(FieldCode::PasswordWeak)),
            ("xyz NGUYEN.AN kjw 81", "nguyen.an@example.vn", Some(FieldCode::PasswordContainsEmail)),
            ("z9 Ab@B.vn kjwq 81", "ab@b.vn", Some(FieldCode::PasswordContainsEmail)),
            ("tám con ngựa vượt sông", "a@b.vn", None),
            ("correct horse battery", "an@example.vn", None),
            ("kV9#tq2mLx7p", "an@example.vn", None),
        ] {
            let found = Password::new(password)
                .check(&email(email_text), SHORTEST)
                .err()
                .and_then(|e| e.0.first().map(|e| e.code));
            assert_eq!(found, expected, "{password}");
        }
    }

    #[test]
    fn composition_does_not_matter_and_nothing_is_shown() {
        let composed: String = "tám con ngựa vượt sông".nfc().collect();
        let decomposed: String = composed.nfd().collect();
        assert_ne!(composed, decomposed);
        assert_eq!(Password::new(&composed), Password::new(&decomposed));
        let hash = Password::new(&composed).hash().unwrap();
        assert!(hash.admits(&Password::new(&decomposed)));
        assert!(!hash.admits(&Password::new("Tám con ngựa vượt sông")));
        assert_eq!(format!("{:?} {hash:?}", Password::new("x")), "******** ********");
    }

    #[test]
    fn the_hash_of_nobody_costs_what_others_cost() {
        assert!(!PasswordHash::nobody().outdated());
        assert!(!Password::new("anything at all").hash().unwrap().outdated());
        let cheap = PasswordHash(NOBODY.replace("m=19456", "m=4096"));
        assert!(cheap.outdated());
        assert!(PasswordHash(NOBODY.replace("argon2id", "argon2i")).outdated());
        assert!(PasswordHash("garbage".into()).outdated());
        assert!(!PasswordHash::none().admits(&Password::new("!")));
    }

    #[tokio::test]
    async fn verdicts() {
        let passwords = Passwords::new(1);
        let right = Password::new("tám con ngựa vượt sông");
        let hash = right.hash().unwrap();
        assert_eq!(passwords.verify(right.clone(), Some(hash.clone())).await, Ok(Verdict::Right));
        assert_eq!(passwords.verify(Password::new("other"), Some(hash)).await, Ok(Verdict::Wrong));
        assert_eq!(passwords.verify(right.clone(), None).await, Ok(Verdict::Wrong));
        let cheap = Argon2::new(Algorithm::default(), Version::default(), Params::new(8192, 1, 1, None).unwrap());
        let old = PasswordHash(cheap.hash_password(b"hello hello hello").unwrap().to_string());
        assert!(matches!(
            passwords.verify(Password::new("hello hello hello"), Some(old)).await,
            Ok(Verdict::Rehashed(_))
        ));
    }

    #[tokio::test]
    async fn a_full_queue_turns_away() {
        let passwords = Passwords { running: Arc::new(Semaphore::new(1)), admitted: Arc::new(Semaphore::new(0)) };
        let refused = passwords.verify(Password::new("x"), None).await.unwrap_err();
        assert_eq!((refused.code, refused.retry_after()), (Code::Overloaded, Some("2")));
    }
}
