//! An API key: the row, and the secret as its owner holds it.

use diesel::prelude::*;

use crate::db::MultiBackend;
use crate::db::schema::api_keys;
use crate::kernel::access::Role;
use crate::kernel::clock::At;
use crate::kernel::digest::{random_bytes, sha256_hex};
use crate::kernel::id::{ApiKeyId, OrganizationId, UserId};
use crate::kernel::text::Line;
use crate::kernel::text_enum;

/// Days a key may work at the most.
pub const LONGEST_DAYS: i64 = 366;

text_enum! {
    /// What a key may do for its organisation. It never manages members, and never signs.
    pub enum KeyRole {
        /// Reads what the organisation may read.
        Viewer = "viewer",
        /// Reads and writes for the organisation.
        Editor = "editor",
    }
}

impl From<KeyRole> for Role {
    fn from(role: KeyRole) -> Self {
        match role {
            KeyRole::Viewer => Self::Viewer,
            KeyRole::Editor => Self::Editor,
        }
    }
}

/// What a key is called by those who look after it.
pub type KeyName = Line<1, 100>;

/// A key as stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = api_keys, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct ApiKey {
    /// Identifier.
    pub id: ApiKeyId,
    /// For whom it acts.
    pub organization_id: OrganizationId,
    /// What it is called.
    pub name: KeyName,
    /// What it may do.
    pub role: KeyRole,
    /// Its beginning, by which people tell keys apart.
    pub prefix: String,
    /// SHA-256 of the secret.
    pub key_hash: String,
    /// The owner who made it.
    pub created_by: UserId,
    /// When.
    pub created_at: At,
    /// When it ends by itself.
    pub expires_at: At,
    /// When it was last used, to some minutes.
    pub last_used_at: Option<At>,
    /// When it was revoked.
    pub revoked_at: Option<At>,
}

/// A key as its owner holds it: `techex_`, 64 hexadecimal digits of randomness, and 8 of their CRC-32, so that scanners
/// find keys that were published by mistake and tell them from other texts. Shown in no log.
pub struct KeySecret(String);

const MARK: &str = "techex_";
const RANDOM_BYTES: usize = 32;
const CHECK_DIGITS: usize = 8;
/// Digits that people tell keys apart by.
const SHOWN_DIGITS: usize = 8;

impl KeySecret {
    /// A new key of 256 random bits.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn random() -> Result<Self, getrandom::Error> {
        let digits: String = random_bytes::<RANDOM_BYTES>()?.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self(format!("{MARK}{digits}{}", checksum(&digits))))
    }

    /// What looks like a key of ours, whether or not there is such a key.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (digits, check) = text.strip_prefix(MARK)?.split_at_checked(RANDOM_BYTES * 2)?;
        (check.len() == CHECK_DIGITS && checksum(digits) == check).then(|| Self(text.to_owned()))
    }

    /// What is stored. The key has 256 bits of entropy, so a plain digest suffices (OWASP ASVS 5.0, 6.5.2).
    #[must_use]
    pub fn hash(&self) -> String {
        sha256_hex(self.0.as_bytes())
    }

    /// Its beginning.
    #[must_use]
    pub fn prefix(&self) -> String {
        self.0.chars().take(MARK.len() + SHOWN_DIGITS).collect()
    }

    /// The key itself, for the one answer that shows it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

fn checksum(digits: &str) -> String {
    format!("{:08x}", crc32fast::hash(digits.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_carry_their_check() {
        let key = KeySecret::random().unwrap();
        let text = key.expose().to_owned();
        assert_eq!((text.len(), key.prefix().len()), (79, 15));
        assert!(text.starts_with(&key.prefix()));
        assert_eq!(KeySecret::parse(&text).map(|key| key.hash()), Some(key.hash()));
        assert_ne!(KeySecret::random().unwrap().hash(), key.hash());
        let flipped = text.replacen('7', "8", 1);
        let changed = if flipped == text { text.replacen('a', "b", 1) } else { flipped };
        for wrong in [changed.as_str(), &text[..78], &format!("{text}0"), &text.to_uppercase(), "techex_", ""] {
            assert!(KeySecret::parse(wrong).is_none(), "{wrong}");
        }
        assert!(KeySecret::parse(&format!("techex_{}", "đ".repeat(36))).is_none());
    }
}
