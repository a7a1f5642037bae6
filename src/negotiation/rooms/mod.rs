//! Rooms: negotiations between two organisations, with a timeline in which each event is linked to the one before. The two
//! sides read and write; an officer reads for a reason that they see; nobody else learns that there is one.
//!
//! Owns the tables `negotiations`, `negotiation_events` and `negotiation_reads`.

mod agree;
mod end;
mod event;
mod events;
mod export;
mod list;
mod mark;
mod negotiation;
mod open;
mod post;
mod show;
mod store;
mod timeline;
mod verify;
mod view;

use serde_json::json;

use super::machine::Tells;
use super::{Notice, TAG};
use crate::accounts::PersonalData;
use crate::db::{Conn, DbError};
use crate::http::Operation;
use crate::kernel::id::NegotiationId;

pub(super) use agree::agree;
pub(super) use event::{EventKind, canonical};
pub(super) use negotiation::{Negotiation, NegotiationStatus};
pub(super) use open::open;
pub(super) use store::{find, find_for};
pub(super) use timeline::{acting_side, append, require_active};
pub use verify::{Verified, verify};

/// Whom to tell of something that happened to a negotiation, and what.
///
/// # Errors
/// The database's failure.
pub(super) fn notice(conn: &mut Conn, tells: Tells, id: NegotiationId) -> Result<Option<Notice>, DbError> {
    let told = |room: Negotiation| Notice {
        organizations: tells.of(room.transferor_id, room.transferee_id),
        title: room.title,
        path: format!("/v1/negotiations/{id}"),
    };
    Ok(find(conn, id)?.map(told))
}

/// The operations.
pub(super) fn operations() -> Vec<Operation> {
    let mut operations = vec![
        list::operation(),
        show::operation(),
        post::operation(),
        mark::operation(),
        end::operation(),
        export::operation(),
    ];
    operations.extend(events::operations());
    operations
}

/// Up to where a person has read; what was said belongs to the organisations.
pub(super) fn personal_data() -> PersonalData {
    PersonalData {
        name: "negotiations",
        read: |conn, user| {
            let marks = store::marks_of(conn, user)?.into_iter();
            Ok(marks.map(|(id, seq)| json!({"id": id, "read_until": seq})).collect())
        },
        erase: |tx, user| Ok(store::forget_marks(tx.conn, user.id)?),
    }
}
