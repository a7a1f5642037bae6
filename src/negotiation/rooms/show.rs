//! Opening the door of a negotiation.

use super::timeline::{ReasonQuery, read};
use super::view::{EventView, NegotiationView, Room};
use super::{TAG, store};
use crate::db::{Conn, Failure};
use crate::http::{Answer, Call, Operation, Path, Query, Reply, SignedIn};
use crate::kernel::access::Actor;
use crate::kernel::code::Code;
use crate::kernel::id::NegotiationId;

use super::negotiation::Negotiation;

/// Events that come along.
const LATEST: i64 = 50;

pub(super) fn operation() -> Operation {
    Operation::get("/v1/negotiations/{id}", "negotiations_show", show)
        .about(
            TAG,
            "Read a negotiation",
            "The negotiation with the latest 50 events of its timeline. For members of the two organisations; an officer gives a \
             `reason`, and the reading with its reason becomes an event that the two sides see. For everybody else there is \
             no such thing.",
        )
        .answers::<Room>(200, "The negotiation.")
}

async fn show(call: Call<SignedIn>, Path((id,)): Path<(NegotiationId,)>, query: Query<ReasonQuery>) -> Answer {
    read(call, id, query.params.reason, room).await
}

fn room(conn: &mut Conn, actor: &Actor, row: &Negotiation) -> Result<Reply, Failure> {
    let mut events = store::events_before(conn, row.id, i64::MAX, LATEST)?;
    events.reverse();
    let shown = NegotiationView::all(conn, actor, std::slice::from_ref(row))?.pop().ok_or(Code::InternalError)?;
    let room = Room { negotiation: shown, events: events.into_iter().map(EventView::new).collect() };
    Ok(Reply::ok(&room)?.version(row.version))
}
