//! The second factor: time-based one-time codes from an authenticator app (TOTP, RFC 6238), recovery codes for the day the
//! app is lost, and the step-up that proves the factor anew within a session (OWASP ASVS 5.0, 6.5 and 7.5).
//!
//! Owns the tables `second_factors` and `recovery_codes`.

mod code;
mod confirm;
mod factor;
mod prepare;
mod prove;
mod recover;
mod remove;
mod reset;
mod show;
mod step_up;
mod store;
mod view;

pub(in crate::accounts) use code::FactorCode;
pub(in crate::accounts) use prove::demand;
pub(in crate::accounts) use store::{is_on, remove};

use super::users::PersonalData;
use crate::http::Operation;

/// The operations.
#[must_use]
pub fn operations() -> Vec<Operation> {
    vec![
        show::operation(),
        prepare::operation(),
        confirm::operation(),
        remove::operation(),
        recover::operation(),
        step_up::operation(),
        reset::operation(),
    ]
}

/// How far a person has come with the second factor.
pub(in crate::accounts) fn personal_data() -> PersonalData {
    PersonalData {
        name: "second_factor",
        read: |conn, user| {
            let factor = store::find(conn, user)?;
            Ok(serde_json::json!(view::FactorView::new(factor.as_ref(), store::recovery_left(conn, user)?)))
        },
        erase: |tx, user| Ok(remove(tx.conn, user.id)?),
    }
}
