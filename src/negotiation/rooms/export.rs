//! Exporting a negotiation, so that it can be kept and checked elsewhere.

use super::timeline::{ReasonQuery, read};
use super::verify::FORMAT;
use super::view::{NegotiationExport, NegotiationView};
use super::{TAG, store};
use crate::http::{Answer, Call, Operation, Path, Query, Reply, SignedIn};
use crate::kernel::code::Code;
use crate::kernel::id::NegotiationId;

pub(super) fn operation() -> Operation {
    Operation::get("/v1/negotiations/{id}/export", "negotiations_export", export)
        .about(
            TAG,
            "Export a negotiation",
            "Everything that happened, as it is kept. `techex verify FILE` checks it without the exchange and names the first \
             event that is not as it was written down: each `hash` is SHA-256 over the canonical JSON (RFC 8785) of the \
             event's other members, among them the hash of the event before. For members of the two organisations; an officer \
             gives a `reason`, as for the negotiation itself.",
        )
        .answers::<NegotiationExport>(200, "The export.")
}

async fn export(call: Call<SignedIn>, Path((id,)): Path<(NegotiationId,)>, query: Query<ReasonQuery>) -> Answer {
    let exported_at = call.app().clock.now();
    read(call, id, query.params.reason, move |conn, actor, room| {
        let shown = NegotiationView::all(conn, actor, std::slice::from_ref(room))?.pop().ok_or(Code::InternalError)?;
        let events = store::all_events(conn, room.id)?;
        let export = NegotiationExport { format: FORMAT, exported_at, negotiation: shown, events };
        Ok(Reply::ok(&export)?.content_tagged())
    })
    .await
}
