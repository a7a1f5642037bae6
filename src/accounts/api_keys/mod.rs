//! API keys: by which machines of an organisation call without a person.
//!
//! Owns the table `api_keys`. A key works as long as the person who made it is an owner of the organisation, so that nobody
//! who was removed keeps a way in.

mod create;
mod key;
mod list;
mod revoke;
mod show;
mod store;
mod view;

pub(in crate::accounts) use key::KeySecret;
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
    }
}
