//! People's accounts: registration, confirmation of the e-mail address, one's own data.
//!
//! Owns the tables `users` and `email_tokens`.

mod change;
mod email;
mod email_token;
mod register;
mod request_verification;
mod show;
pub(super) mod store;
mod user;
mod verify_email;
mod view;

pub use email::Email;
pub use email_token::{EmailToken, VALID_HOURS};
pub use store::{find, mint_email_token, sweep, withdraw_email_token};
pub use user::{FullName, Profile, User};

use crate::http::Operation;

/// The operations.
#[must_use]
pub fn operations() -> Vec<Operation> {
    vec![
        register::operation(),
        verify_email::operation(),
        request_verification::operation(),
        show::operation(),
        change::operation(),
    ]
}
