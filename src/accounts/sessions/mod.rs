//! Sessions: signing in and out, renewing, seeing and ending one's sessions.
//!
//! Owns the tables `sessions` and `refresh_tokens`.

mod create;
mod end;
mod list;
mod renew;
mod session;
mod show;
mod sign_out;
mod store;
mod view;

pub use store::{actor, sweep};

use crate::http::Operation;

/// The operations.
#[must_use]
pub fn operations() -> Vec<Operation> {
    vec![
        create::operation(),
        renew::operation(),
        list::operation(),
        show::operation(),
        end::operation(),
        sign_out::operation(),
    ]
}
