//! Invitations: an owner asks an address to join an organisation, and whoever reads that mailbox says yes or no.
//!
//! Owns the table `invitations`. It is the one way by which people become members through the API, and it tells nobody
//! whether an address has an account.

mod accept;
mod create;
mod decline;
mod invitation;
mod letter;
mod list;
mod resend;
mod show;
mod store;
mod view;
mod withdraw;

pub use letter::{InvitationLetter, letter, mint};
pub use store::sweep;

use crate::http::Operation;

/// The operations.
#[must_use]
pub fn operations() -> Vec<Operation> {
    vec![
        create::operation(),
        list::operation(),
        show::operation(),
        resend::operation(),
        withdraw::operation(),
        accept::operation(),
        decline::operation(),
    ]
}
