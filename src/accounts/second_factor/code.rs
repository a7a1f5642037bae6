//! What a person types to prove the second factor: six digits from the app, or a recovery code.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::Serialize;
use totp_rs::Secret;

use crate::kernel::digest::{random_bytes, sha256_hex};
use crate::kernel::validate::{self, FieldCode, FieldErrors};

/// A code without the blanks and hyphens it may be typed with. Shown in no log.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FactorCode(String);

/// Digits of a code from the app (RFC 4226 §5.3 demands at least six).
const DIGITS: usize = 6;
/// Characters of a recovery code: 120 bits in base32, so that a plain digest may be stored (ASVS 6.5.2 asks for 112).
const RECOVERY: usize = 24;
/// Random bytes of a recovery code.
const RECOVERY_BYTES: usize = 15;
/// Characters between two hyphens of a recovery code.
const GROUP: usize = 4;

impl FactorCode {
    /// The code as typed; `None` if it has neither form.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let code: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let code = code.to_ascii_lowercase();
        let digits = code.len() == DIGITS && code.bytes().all(|b| b.is_ascii_digit());
        let recovery = code.len() == RECOVERY && code.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7'));
        (digits || recovery).then_some(Self(code))
    }

    /// A new recovery code.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn random_recovery() -> Result<Self, getrandom::Error> {
        let bytes = random_bytes::<RECOVERY_BYTES>()?;
        Ok(Self(Secret::from(bytes.as_slice()).to_base32().to_ascii_lowercase()))
    }

    /// The digits, if it comes from the app.
    #[must_use]
    pub fn digits(&self) -> Option<&str> {
        (self.0.len() == DIGITS).then_some(self.0.as_str())
    }

    /// What is stored of a recovery code.
    #[must_use]
    pub fn hash(&self) -> String {
        sha256_hex(self.0.as_bytes())
    }

    /// The recovery code for the person, in groups.
    #[must_use]
    pub fn expose(&self) -> String {
        let characters: Vec<char> = self.0.chars().collect();
        let groups: Vec<String> = characters.chunks(GROUP).map(|group| group.iter().collect()).collect();
        groups.join("-")
    }

    pub(super) fn sample() -> Self {
        Self("492039".into())
    }
}

impl std::fmt::Debug for FactorCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("********")
    }
}

impl Deserr<FieldErrors> for FactorCode {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        Self::new(&validate::text(value, location)?).ok_or_else(|| {
            FieldErrors::one(location, FieldCode::InvalidFormat, [("expected", "123456 / abcd-efgh-…".to_owned())])
        })
    }
}

impl utoipa::PartialSchema for FactorCode {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .min_length(Some(DIGITS))
            .build()
            .into()
    }
}
impl utoipa::ToSchema for FactorCode {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_however_they_are_typed() {
        assert_eq!(FactorCode::new(" 492 039 ").unwrap().digits(), Some("492039"));
        let code = FactorCode::random_recovery().unwrap();
        let shown = code.expose();
        assert_eq!((shown.len(), shown.matches('-').count(), code.digits()), (29, 5, None));
        for typed in [shown.clone(), shown.replace('-', " "), shown.replace('-', "").to_uppercase()] {
            assert_eq!(FactorCode::new(&typed).map(|code| code.hash()), Some(code.hash()), "{typed}");
        }
        assert_ne!(FactorCode::random_recovery().unwrap(), code);
        assert_eq!(format!("{code:?}"), "********");
    }

    #[test]
    fn what_is_no_code() {
        for text in ["", "12345", "1234567", "abcdef", "１２３４５６", "12345\0", "abcd-efgh-ijkl-mnop-qrst-uvw0"]
        {
            assert_eq!(FactorCode::new(text), None, "{text:?}");
        }
    }
}
