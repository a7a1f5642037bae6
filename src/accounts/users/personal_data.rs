//! What the exchange holds about a person: each slice that holds something says how it is read, and how it is erased when the
//! account is closed.

use serde_json::{Value, json};

use super::store;
use super::user::User;
use super::view::UserView;
use crate::db::{Conn, Failure};
use crate::events::{self, Tx};
use crate::kernel::code::Code;
use crate::kernel::id::UserId;

/// One part of what the exchange holds about people.
#[derive(Clone, Copy)]
pub struct PersonalData {
    /// Its name in the export.
    pub name: &'static str,
    /// Reads what there is about a person, in the form in which the person sees it elsewhere.
    pub read: fn(&mut Conn, UserId) -> Result<Value, Failure>,
    /// Erases it when the person closes the account, in the transaction of the closing.
    pub erase: fn(&mut Tx<'_>, &User) -> Result<(), Failure>,
}

/// All the parts there are.
pub struct PersonalDataParts(pub Vec<PersonalData>);

/// Entries of the audit log of either sort in an export; of whom there are more asks the operator for the rest.
const MOST_ENTRIES: i64 = 10_000;

/// The account, what its owner did, and what others did to it. The audit log is kept as it is (see `users_close`).
pub(in crate::accounts) fn personal_data() -> [PersonalData; 3] {
    [
        PersonalData {
            name: "account",
            read: |conn, id| {
                let user = store::find(conn, id)?.ok_or(Code::NotFound)?;
                Ok(json!({"profile": UserView::load(conn, &user)?, "pending_email": user.pending_email}))
            },
            erase: |tx, user| {
                let erased = store::erase(tx.conn, user, tx.now)?;
                if erased { Ok(()) } else { Err(Code::StaleVersion.into()) }
            },
        },
        PersonalData {
            name: "activity",
            read: |conn, id| Ok(json!(events::deeds_of(conn, id, MOST_ENTRIES)?)),
            erase: |_, _| Ok(()),
        },
        PersonalData {
            name: "history",
            read: |conn, id| Ok(json!(events::entries_about(conn, id, MOST_ENTRIES)?)),
            erase: |_, _| Ok(()),
        },
    ]
}
