//! API keys: by which machines of an organisation call without a person.
//!
//! Owns the table `api_keys`. A key falls for good with the person who made it, when that person is no owner of the
//! organisation any more, so that nobody who was removed keeps a way in. It sleeps while that person's account is suspended, or
//! the organisation deactivated.

mod create;
mod key;
mod list;
mod revoke;
mod show;
mod store;
mod view;

pub(in crate::accounts) use key::KeySecret;
pub(in crate::accounts) use revoke::revoke_made_by;
pub(in crate::accounts) use store::{actor, note_uses};

use super::users::PersonalData;
use crate::http::Operation;

/// The operations.
#[must_use]
pub fn operations() -> Vec<Operation> {
    vec![create::operation(), list::operation(), show::operation(), revoke::operation()]
}

/// The keys a person made.
pub(in crate::accounts) fn personal_data() -> PersonalData {
    PersonalData {
        name: "api_keys",
        read: |conn, user| {
            let keys = store::made_by(conn, user)?;
            Ok(keys.into_iter().map(|key| serde_json::json!(view::ApiKeyView::from(key))).collect())
        },
        // Leaving the organisations has revoked them; what they are called is the organisation's.
        erase: |_, _| Ok(()),
    }
}
