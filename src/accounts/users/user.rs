//! A person's account: the row and what may be changed on it.

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::password::PasswordHash;
use super::email::Email;
use crate::db::MultiBackend;
use crate::db::schema::users;
use crate::http::Sample;
use crate::kernel::clock::At;
use crate::kernel::id::UserId;
use crate::kernel::locale::Locale;
use crate::kernel::text::Line;
use crate::kernel::text_enum;
use crate::kernel::validate::FieldErrors;

/// A person's full name.
pub type FullName = Line<1, 200>;

/// What people change about their own account.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserr, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[diesel(table_name = users, check_for_backend(MultiBackend))]
pub struct Profile {
    /// The person's full name.
    pub full_name: FullName,
    /// The language of mails.
    pub locale: Locale,
}

impl Sample for Profile {
    fn sample() -> Self {
        Self { full_name: Line::literal("Nhà nghiên cứu"), locale: Locale::Vi }
    }
}

text_enum! {
    /// Whether an account may be used.
    pub enum AccountState {
        /// It may.
        Active = "active",
        /// An officer has closed it for the time being.
        Suspended = "suspended",
        /// Its owner has closed it for good.
        Closed = "closed",
    }
}

/// An account.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = users, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct User {
    /// Identifier.
    pub id: UserId,
    /// The address people sign in with, in the form of [`super::Email`].
    pub email: String,
    /// What the person may change.
    #[diesel(embed)]
    pub profile: Profile,
    /// The hashed password.
    pub password_hash: PasswordHash,
    /// When the address was confirmed; until then nobody can sign in.
    pub email_verified_at: Option<At>,
    /// When the account was closed to its owner.
    pub disabled_at: Option<At>,
    /// Counts changes.
    pub version: i64,
    /// When the account was made.
    pub created_at: At,
    /// When it was last changed.
    pub updated_at: At,
    /// The address the person wants to change to and has not confirmed yet.
    pub pending_email: Option<String>,
    /// Why the account was closed to its owner, where an officer did it.
    pub disabled_reason: Option<String>,
}

impl User {
    /// A new account whose address is not confirmed.
    #[must_use]
    pub fn new(id: UserId, email: &Email, profile: Profile, password_hash: PasswordHash, now: At) -> Self {
        Self {
            id,
            email: email.as_str().to_owned(),
            profile,
            password_hash,
            email_verified_at: None,
            disabled_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
            pending_email: None,
            disabled_reason: None,
        }
    }

    /// Whether its owner may come back.
    #[must_use]
    pub fn state(&self) -> AccountState {
        match (self.disabled_at, &self.disabled_reason) {
            (None, _) => AccountState::Active,
            (Some(_), Some(_)) => AccountState::Suspended,
            (Some(_), None) => AccountState::Closed,
        }
    }

    /// Whether the account may be used: its address is confirmed and it is not closed.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.email_verified_at.is_some() && self.disabled_at.is_none()
    }
}
