//! Approaches: how a negotiation begins. An organisation expresses its interest in a listing or proposes something on an
//! order, and the other one answers; only the two see it.
//!
//! Owns the table `approaches`.

mod approach;
mod expire;
mod life;
mod list;
mod send;
mod show;
mod step;
mod store;
mod view;

use serde_json::json;

use super::machine::Tells;
use super::{Notice, TAG};
use crate::accounts::PersonalData;
use crate::db::{Conn, DbError};
use crate::http::Operation;
use crate::kernel::id::ApproachId;

pub(super) use approach::{Approach, ApproachKind};
pub(super) use expire::job;
pub use life::{ApproachStatus, ApproachStep};

/// The operations.
pub(super) fn operations() -> Vec<Operation> {
    let beginning = send::operations().into_iter().chain([list::operation(), show::operation()]);
    beginning.chain(step::operations()).collect()
}

/// Which approaches a person sent or answered; what they say belongs to the organisations.
pub(super) fn personal_data() -> PersonalData {
    PersonalData {
        name: "approaches",
        read: |conn, user| {
            let told = store::of_person(conn, user)?.into_iter();
            let told = told.map(|(id, kind, at, sent)| {
                json!({"id": id, "kind": kind, "created_at": at, "role": if sent { "sent" } else { "answered" }})
            });
            Ok(told.collect())
        },
        erase: |_, _| Ok(()),
    }
}

/// Whom to tell of something that happened to an approach, and what.
///
/// # Errors
/// The database's failure.
pub(super) fn notice(conn: &mut Conn, tells: Tells, id: ApproachId) -> Result<Option<Notice>, DbError> {
    let told = |approach: Approach| Notice {
        organizations: tells.of(approach.sender_id, approach.receiver_id),
        title: approach.title,
        path: format!("/v1/approaches/{id}"),
    };
    Ok(store::find(conn, id)?.map(told))
}
