//! The token in a mail, by which somebody shows that they read the mailbox.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::Serialize;

use crate::kernel::digest::{random_token, sha256_hex};
use crate::kernel::text_enum;
use crate::kernel::validate::{self, FieldErrors};

text_enum! {
    /// What a token in a mail is good for.
    pub enum Purpose {
        /// Confirming the address of a new account.
        VerifyEmail = "verify_email",
        /// Setting a new password.
        ResetPassword = "reset_password",
        /// Confirming the address an account is to change to.
        ChangeEmail = "change_email",
    }
}

impl Purpose {
    /// Hours a token is valid. It goes by a slow channel, but one that opens an account is short-lived (ASVS 5.0, 6.5.5).
    #[must_use]
    pub const fn valid_hours(self) -> i64 {
        match self {
            Self::VerifyEmail | Self::ChangeEmail => 24,
            Self::ResetPassword => 1,
        }
    }
}

/// Seconds between two mails of a kind to one account, so that nobody's mailbox is flooded through us.
pub(super) const MAIL_EVERY: i64 = 60;

/// A token as it stands in the mail. Only its hash is stored; it is shown in no log.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct EmailToken(String);

impl EmailToken {
    /// A new token of 256 random bits.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn random() -> Result<Self, getrandom::Error> {
        random_token().map(Self)
    }

    /// The token as it stands in the mail, for the one who writes the mail.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is stored.
    #[must_use]
    pub fn hash(&self) -> String {
        sha256_hex(self.0.as_bytes())
    }

    /// The token of the examples.
    pub(in crate::accounts) fn sample() -> Self {
        Self("pXkq0jQxWq1nZ5m2cRz6y0b4d8f1h3k5n7r9t2v4x6A".into())
    }
}

impl std::fmt::Debug for EmailToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("********")
    }
}

impl Deserr<FieldErrors> for EmailToken {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        validate::text(value, location).map(|text| Self(text.trim().to_owned()))
    }
}

impl utoipa::PartialSchema for EmailToken {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::schema::Type::String).build().into()
    }
}
impl utoipa::ToSchema for EmailToken {}
