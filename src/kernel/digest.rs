//! Digests, keyed digests and random secrets, in the one encoding each that the product uses.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::{Deserialize, Serialize};

use super::validate::{self, FieldCode, FieldErrors};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// SHA-256 in lower-case hexadecimal.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// A SHA-256 that somebody else computed (FIPS 180-4), in lower-case hexadecimal.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sha256Hex(String);

impl Sha256Hex {
    /// The digest of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha256_hex(bytes))
    }

    /// The 64 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Sha256Hex {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let digits = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
        if digits { Ok(Self(text.to_ascii_lowercase())) } else { Err(()) }
    }
}

impl Deserr<FieldErrors> for Sha256Hex {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        let expected = [("expected", "64 hexadecimal digits".to_owned())];
        let text = validate::text(value, location)?;
        text.parse().map_err(|()| FieldErrors::one(location, FieldCode::InvalidFormat, expected))
    }
}

impl utoipa::PartialSchema for Sha256Hex {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some("^[0-9a-fA-F]{64}$"))
            .build()
            .into()
    }
}
impl utoipa::ToSchema for Sha256Hex {}

/// HMAC-SHA-256 (RFC 2104) of `message` under `key`.
#[must_use]
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    // HMAC takes a key of any length, so the constructor cannot fail.
    match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mac) => mac.chain_update(message).finalize().into_bytes().into(),
        Err(_) => unreachable!("HMAC takes keys of every length"),
    }
}

/// Whether `mac` is the HMAC-SHA-256 of `message` under `key`; takes the same time wherever they differ.
#[must_use]
pub fn hmac_sha256_holds(key: &[u8], message: &[u8], mac: &[u8]) -> bool {
    Hmac::<Sha256>::new_from_slice(key).is_ok_and(|hmac| hmac.chain_update(message).verify_slice(mac).is_ok())
}

/// URL-safe base64 without padding.
#[must_use]
pub fn base64url(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// What [`base64url`] wrote; `None` for other text.
#[must_use]
pub fn from_base64url(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}

/// `N` random bytes from the operating system.
///
/// # Errors
/// When the operating system has no randomness to give.
#[expect(clippy::disallowed_methods, reason = "the one place that draws secrets")]
pub fn random_bytes<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// 256 random bits from the operating system, as URL-safe base64 (43 characters).
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn random_token() -> Result<String, getrandom::Error> {
    random_bytes::<32>().map(|bytes| base64url(&bytes))
}

/// Bytes in lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_digests() {
        assert_eq!(sha256_hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let mac = hmac_sha256(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(hex(&mac), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assert!(hmac_sha256_holds(b"Jefe", b"what do ya want for nothing?", &mac));
        assert!(!hmac_sha256_holds(b"Jefe", b"what do ya want for nothing!", &mac));
        assert!(!hmac_sha256_holds(b"Jefe", b"what do ya want for nothing?", b""));
    }

    #[test]
    fn tokens_differ() {
        let (a, b) = (random_token().unwrap(), random_token().unwrap());
        assert_eq!(a.len(), 43);
        assert_eq!(from_base64url(&a).map(|bytes| bytes.len()), Some(32));
        assert_eq!(from_base64url("no base64"), None);
        assert_ne!(a, b);
    }
}
