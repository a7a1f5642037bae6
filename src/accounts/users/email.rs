//! E-mail addresses in the one form in which they are compared and stored.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

use crate::kernel::validate::{self, FieldCode, FieldErrors};

/// An e-mail address: trimmed, lower case, NFC, of sane syntax.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// The longest address a mail server has to accept, in bytes (RFC 5321 §4.5.3.1, errata 1690).
    const LONGEST: usize = 254;

    /// The address in its stored form; `None` if it is no address.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let address: String = text.trim().to_lowercase().nfc().collect();
        let plain = address.len() <= Self::LONGEST
            && !address.chars().any(|c| c.is_control() || c.is_whitespace() || "\"<>(),;:\\[]".contains(c));
        let parsed: lettre::Address = plain.then(|| address.parse().ok()).flatten()?;
        parsed.domain().contains('.').then_some(Self(address))
    }

    /// An address that stands in the code, such as an example.
    #[must_use]
    pub fn literal(text: &'static str) -> Self {
        debug_assert!(Self::new(text).is_some_and(|email| email.0 == text), "{text:?}");
        Self(text.to_owned())
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.0.rsplit_once('@').map_or(self.0.as_str(), |(local, _)| local)
    }
}

impl Deserr<FieldErrors> for Email {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        Self::new(&validate::text(value, location)?)
            .ok_or_else(|| FieldErrors::one(location, FieldCode::InvalidEmail, []))
    }
}

impl utoipa::PartialSchema for Email {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::Custom("email".into())))
            .max_length(Some(Self::LONGEST))
            .build()
            .into()
    }
}
impl utoipa::ToSchema for Email {}

#[cfg(test)]
mod tests {
    use super::Email;

    #[test]
    fn one_form_for_each_address() {
        for (text, expected) in [
            ("  An.Nguyen@Example.VN ", "an.nguyen@example.vn"),
            ("a+tag@b.vn", "a+tag@b.vn"),
            ("e\u{301}t@b.vn", "ét@b.vn"),
        ] {
            assert_eq!(Email::new(text).as_ref().map(Email::as_str), Some(expected), "{text}");
        }
        assert_eq!(Email::new("An.Nguyen@example.vn").unwrap().local_part(), "an.nguyen");
    }

    #[test]
    fn what_is_no_address() {
        let long = format!("{}@example.vn", "a".repeat(250));
        for text in [
            "",
            "a",
            "a@",
            "@b.vn",
            "a@b",
            "a b@c.vn",
            "a@b.vn\r\nBcc: x@y.vn",
            "\"a b\"@c.vn",
            "a@[127.0.0.1]",
            "<a@b.vn>",
            "a@b.vn,c@d.vn",
            "a\0@b.vn",
            long.as_str(),
        ] {
            assert_eq!(Email::new(text), None, "{text:?}");
        }
    }
}
