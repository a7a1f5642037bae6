//! Texts people type: normalised (NFC), trimmed, without control characters, of bounded length, and searchable as text.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::validate::{self, FieldCode, FieldErrors};

/// Declares a kind of bounded text that differs from the others in the control characters it allows.
macro_rules! bounded_text { ($(#[$meta:meta])* $name:ident, $allowed:expr) => {
    $(#[$meta])*
    #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize,
        diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
    #[diesel(sql_type = diesel::sql_types::Text)]
    #[serde(transparent)]
    pub struct $name<const MIN: usize, const MAX: usize>(String);

    impl<const MIN: usize, const MAX: usize> $name<MIN, MAX> {
        /// The text normalised and checked.
        ///
        /// # Errors
        /// What is wrong with it, and the limit it breaks.
        pub fn new(text: &str) -> Result<Self, (FieldCode, Vec<(&'static str, String)>)> {
            let text: String = text.trim().nfc().collect();
            if text.chars().any(|c| c.is_control() && !$allowed.contains(&c)) {
                return Err((FieldCode::ControlCharacter, Vec::new()));
            }
            match text.chars().count() {
                0 if MIN > 0 => Err((FieldCode::Required, Vec::new())),
                n if n < MIN => Err((FieldCode::TooShort, vec![("min", MIN.to_string())])),
                n if n > MAX => Err((FieldCode::TooLong, vec![("max", MAX.to_string())])),
                _ => Ok(Self(text)),
            }
        }

        /// A text that stands in the code, such as an example.
        #[must_use]
        pub fn literal(text: &'static str) -> Self {
            debug_assert!(Self::new(text).is_ok(), "{text:?}");
            Self(text.to_owned())
        }

        /// The text.
        #[must_use]
        pub fn as_str(&self) -> &str { &self.0 }
    }
    impl<const MIN: usize, const MAX: usize> std::fmt::Display for $name<MIN, MAX> {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.0) }
    }
    impl<const MIN: usize, const MAX: usize> From<$name<MIN, MAX>> for String {
        fn from(text: $name<MIN, MAX>) -> Self { text.0 }
    }
    impl<const MIN: usize, const MAX: usize> Deserr<FieldErrors> for $name<MIN, MAX> {
        fn deserialize_from_value<V: IntoValue>(value: Value<V>, location: ValuePointerRef<'_>) -> Result<Self, FieldErrors> {
            Self::new(&validate::text(value, location)?).map_err(|(code, args)| {
                FieldErrors(vec![validate::FieldError { pointer: validate::pointer(location), code, args }])
            })
        }
    }
    impl<const MIN: usize, const MAX: usize> utoipa::PartialSchema for $name<MIN, MAX> {
        fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
            utoipa::openapi::ObjectBuilder::new()
                .schema_type(utoipa::openapi::schema::Type::String)
                .min_length((MIN > 0).then_some(MIN))
                .max_length(Some(MAX))
                .build().into()
        }
    }
    impl<const MIN: usize, const MAX: usize> utoipa::ToSchema for $name<MIN, MAX> {
        fn name() -> std::borrow::Cow<'static, str> { format!(concat!(stringify!($name), "{}To{}"), MIN, MAX).into() }
    }
    impl<const MIN: usize, const MAX: usize, DB: diesel::backend::Backend> diesel::serialize::ToSql<diesel::sql_types::Text, DB> for $name<MIN, MAX>
    where str: diesel::serialize::ToSql<diesel::sql_types::Text, DB> {
        fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
            self.as_str().to_sql(out)
        }
    }
    impl<const MIN: usize, const MAX: usize, DB: diesel::backend::Backend> diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for $name<MIN, MAX>
    where String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB> {
        fn from_sql(value: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
            <String as diesel::deserialize::FromSql<diesel::sql_types::Text, DB>>::from_sql(value).map(Self)
        }
    }
} }

bounded_text! {
    /// One line of `MIN` to `MAX` characters.
    Line, []
}
bounded_text! {
    /// Paragraphs of `MIN` to `MAX` characters altogether: line breaks and tabs are allowed.
    Prose, ['\n', '\r', '\t']
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalises_and_bounds() {
        assert_eq!(Line::<1, 9>::new("  Ha\u{300} Nội ").map(String::from), Ok("Hà Nội".into()));
        for (text, code) in [
            ("", FieldCode::Required),
            ("   ", FieldCode::Required),
            ("a", FieldCode::TooShort),
            ("aaaaaa", FieldCode::TooLong),
            ("a\0b", FieldCode::ControlCharacter),
            ("a\nb", FieldCode::ControlCharacter),
        ] {
            assert_eq!(Line::<2, 5>::new(text).map_err(|e| e.0), Err(code), "{text:?}");
        }
        assert!(Prose::<0, 5>::new("a\nb").is_ok());
        assert_eq!(Prose::<0, 5>::new("a\u{7}b").map_err(|e| e.0), Err(FieldCode::ControlCharacter));
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert!(Line::<1, 4>::new("điện").is_ok());
    }
}
