//! Non-disclosure agreements: offered by one side of a negotiation, signed by signatories of both. While one is in force, the
//! confidential part of the listing is open to the transferee, by a grant like any other.
//!
//! Owns the tables `ndas` and `nda_templates`.

mod life;
mod nda;
mod offer;
mod show;
mod step;
mod store;
mod template;
mod view;

use serde_json::json;

use super::machine::Tells;
use super::{Notice, TAG};
use crate::accounts::PersonalData;
use crate::db::{Conn, DbError};
use crate::http::Operation;
use crate::kernel::id::NdaId;

pub(super) use life::NdaStatus;
pub(super) use step::job;

/// The operations.
pub(super) fn operations() -> Vec<Operation> {
    let beginning = [template::operation(), offer::operation()].into_iter().chain(show::operations());
    beginning.chain(step::operations()).collect()
}

/// What a person signed.
pub(super) fn personal_data() -> PersonalData {
    PersonalData {
        name: "nda_signatures",
        read: |conn, user| {
            let signed = store::signed_by(conn, user)?.into_iter();
            Ok(signed.map(|(id, at)| json!({"nda_id": id, "at": at})).collect())
        },
        erase: |_, _| Ok(()),
    }
}

/// Whom to tell of something that happened to an agreement, and what.
///
/// # Errors
/// The database's failure.
pub(super) fn notice(conn: &mut Conn, tells: Tells, id: NdaId) -> Result<Option<Notice>, DbError> {
    Ok(store::find(conn, id)?.map(|(nda, room)| Notice {
        organizations: tells.of(nda.offered_by, room.across(nda.offered_by)),
        title: room.title,
        path: format!("/v1/ndas/{id}"),
    }))
}
