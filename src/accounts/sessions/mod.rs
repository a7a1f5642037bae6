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

pub(in crate::accounts) use session::EndReason;
pub(in crate::accounts) use store::{end_all, step_up};

use serde_json::json;

use super::users::PersonalData;
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

/// The sessions of a person that have not been forgotten yet.
pub(in crate::accounts) fn personal_data() -> PersonalData {
    PersonalData {
        name: "sessions",
        read: |conn, user| {
            let told = |session: &session::Session| {
                let shown = view::SessionView::new(session, None);
                json!({"session": shown, "ended_at": session.ended_at, "end_reason": session.end_reason})
            };
            Ok(store::list_all(conn, user)?.iter().map(told).collect())
        },
        erase: |tx, user| {
            end_all(tx.conn, user.id, None, EndReason::AccountClosed, tx.now)?;
            Ok(store::forget_devices(tx.conn, user.id)?)
        },
    }
}
