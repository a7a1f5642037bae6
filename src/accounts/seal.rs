//! Secrets the server has to read again: kept encrypted (AES-256-GCM, NIST SP 800-38D), each bound to the account it
//! belongs to, so that no row can be moved to another account.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::error::Unspecified;

use crate::config::Secret;
use crate::kernel::code::Code;
use crate::kernel::digest::{base64url, from_base64url, hmac_sha256};
use crate::kernel::id::UserId;
use crate::kernel::problem::Problem;

/// Encrypts and decrypts.
pub struct Seal {
    current: RandomizedNonceKey,
    previous: Option<RandomizedNonceKey>,
}

/// What was sealed.
pub struct Opened {
    /// The secret.
    pub plain: Vec<u8>,
    /// Whether it was sealed with the key before the current one, and should be sealed anew.
    pub outdated: bool,
}

impl Seal {
    /// Seals under `secret`; what was sealed under `previous`, if it is not empty, can still be opened.
    ///
    /// # Errors
    /// When the cryptographic library refuses the key.
    pub fn new(secret: &Secret, previous: &Secret) -> Result<Self, Unspecified> {
        let key = |secret: &Secret| {
            RandomizedNonceKey::new(&AES_256_GCM, &hmac_sha256(secret.expose().as_bytes(), b"techex sealed secret v1"))
        };
        let previous = if previous.is_empty() { None } else { Some(key(previous)?) };
        Ok(Self { current: key(secret)?, previous })
    }

    /// Encrypts a secret of an account; the result is URL-safe base64 of nonce, ciphertext and tag.
    ///
    /// # Errors
    /// `internal_error` when the library fails, which it does only without randomness.
    pub fn seal(&self, owner: UserId, plain: &[u8]) -> Result<String, Problem> {
        let mut sealed = plain.to_vec();
        let nonce =
            self.current.seal_in_place_append_tag(Aad::from(owner.0.as_bytes()), &mut sealed).map_err(|_| {
                tracing::error!(user = %owner, "a secret cannot be sealed");
                Problem::new(Code::InternalError)
            })?;
        Ok(base64url(&[nonce.as_ref().as_slice(), &sealed].concat()))
    }

    /// Decrypts a secret of an account; `None` if neither key opens it, which the log tells.
    #[must_use]
    pub fn open(&self, owner: UserId, sealed: &str) -> Option<Opened> {
        let bytes = from_base64url(sealed).unwrap_or_default();
        let opened = bytes.split_at_checked(NONCE_LEN).and_then(|(nonce, sealed)| {
            let open = |key: &RandomizedNonceKey| {
                let mut data = sealed.to_vec();
                let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
                key.open_in_place(nonce, Aad::from(owner.0.as_bytes()), &mut data).ok().map(|plain| plain.to_vec())
            };
            let current = open(&self.current).map(|plain| Opened { plain, outdated: false });
            current.or_else(|| Some(Opened { plain: open(self.previous.as_ref()?)?, outdated: true }))
        });
        if opened.is_none() {
            tracing::error!(user = %owner, "a sealed secret cannot be opened; was the server's secret changed twice?");
        }
        opened
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn seal(secret: &str, previous: &str) -> Seal {
        Seal::new(&Secret::new(secret), &Secret::new(previous)).unwrap()
    }

    #[test]
    fn opens_for_its_owner_under_the_current_and_the_previous_key_only() {
        let (an, binh) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        let sealed = seal("old", "").seal(an, b"secret").unwrap();
        let opened = |by: &Seal, owner| by.open(owner, &sealed).map(|opened| (opened.plain, opened.outdated));
        assert_eq!(opened(&seal("old", ""), an), Some((b"secret".to_vec(), false)));
        assert_eq!(opened(&seal("new", "old"), an), Some((b"secret".to_vec(), true)));
        assert_eq!(opened(&seal("newer", "new"), an), None);
        assert_eq!(opened(&seal("old", ""), binh), None);
    }

    #[test]
    fn two_seals_of_one_secret_differ_and_a_changed_one_does_not_open() {
        let (seal, owner) = (seal("key", ""), UserId(Uuid::from_u128(1)));
        let sealed = seal.seal(owner, b"secret").unwrap();
        assert_ne!(sealed, seal.seal(owner, b"secret").unwrap());
        let mut bytes = from_base64url(&sealed).unwrap();
        bytes[NONCE_LEN] ^= 1;
        for wrong in [base64url(&bytes), String::new(), "short".into(), "no base64 !".into()] {
            assert!(seal.open(owner, &wrong).is_none(), "{wrong}");
        }
    }
}
