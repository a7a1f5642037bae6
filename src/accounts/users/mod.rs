//! People's accounts: registration, confirmation of the e-mail address, one's own data.
//!
//! Owns the tables `users` and `email_tokens`.

mod change;
mod change_email;
mod change_password;
mod close;
mod confirm_email;
mod email;
mod email_token;
mod export;
mod password_rule;
mod personal_data;
mod register;
mod reinstate;
mod request_reset;
mod request_verification;
mod reset_password;
mod show;
mod show_suspension;
pub(super) mod store;
mod suspend;
mod suspension;
mod user;
mod verify_email;
mod view;

pub use email::Email;
pub use email_token::{EmailToken, Purpose as TokenPurpose};
pub use personal_data::{PersonalData, PersonalDataParts};
pub use store::{find, mint_email_token, note_reminder, sweep, withdraw_email_token};
pub use user::{FullName, Profile, User};

pub(in crate::accounts) use password_rule::shortest_password;
pub(in crate::accounts) use personal_data::personal_data;
pub(in crate::accounts) use suspension::subject as subject_of;

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
        export::operation(),
        request_reset::operation(),
        reset_password::operation(),
        change_password::operation(),
        change_email::operation(),
        confirm_email::operation(),
        close::operation(),
        suspend::operation(),
        show_suspension::operation(),
        reinstate::operation(),
    ]
}
