//! Offers: structured terms that one side puts on the table and the other answers. They never change: an answer with other
//! terms is an offer of its own.
//!
//! Owns the table `offers`.

mod diff;
mod life;
mod offer;
mod propose;
mod show;
mod step;
mod store;
mod terms;
mod view;

use serde_json::json;

use super::machine::Tells;
use super::{Notice, TAG};
use crate::accounts::PersonalData;
use crate::db::{Conn, DbError};
use crate::http::Operation;
use crate::kernel::id::OfferId;

pub use life::{OfferStatus, OfferStep};
pub(super) use step::job;

/// The operations.
pub(super) fn operations() -> Vec<Operation> {
    propose::operations().into_iter().chain(show::operations()).chain(step::operations()).collect()
}

/// Which offers a person made or answered; what they say belongs to the organisations.
pub(super) fn personal_data() -> PersonalData {
    PersonalData {
        name: "offers",
        read: |conn, user| {
            let told = store::of_person(conn, user)?.into_iter();
            let role = |made: bool| if made { "made" } else { "answered" };
            Ok(told.map(|(id, at, made)| json!({"id": id, "created_at": at, "role": role(made)})).collect())
        },
        erase: |_, _| Ok(()),
    }
}

/// Whom to tell of something that happened to an offer, and what.
///
/// # Errors
/// The database's failure.
pub(super) fn notice(conn: &mut Conn, tells: Tells, id: OfferId) -> Result<Option<Notice>, DbError> {
    Ok(store::find(conn, id)?.map(|(offer, room)| Notice {
        organizations: tells.of(offer.offered_by, room.across(offer.offered_by)),
        title: room.title,
        path: format!("/v1/offers/{id}"),
    }))
}
