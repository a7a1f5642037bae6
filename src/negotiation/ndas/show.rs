//! Reading non-disclosure agreements.

use super::super::rooms;
use super::view::{NdaView, Ndas};
use super::{TAG, store};
use crate::http::{Answer, Call, Operation, Path, Reply, SignedIn};
use crate::kernel::code::Code;
use crate::kernel::id::{NdaId, NegotiationId};

pub(super) fn operations() -> [Operation; 2] {
    [
        Operation::get("/v1/negotiations/{id}/ndas", "ndas_list", list)
            .about(
                TAG,
                "List the non-disclosure agreements of a negotiation",
                "The latest first, those that are over too. For members of the two organisations.",
            )
            .answers::<Ndas>(200, "The agreements."),
        Operation::get("/v1/ndas/{id}", "ndas_show", show)
            .about(TAG, "Read a non-disclosure agreement", "For members of the two organisations.")
            .answers::<NdaView>(200, "The agreement."),
    ]
}

async fn list(call: Call<SignedIn>, Path((id,)): Path<(NegotiationId,)>) -> Answer {
    call.read(move |conn, actor| {
        let room = rooms::find_for(conn, &actor.organizations(), id)?.ok_or(Code::NotFound)?;
        let rows = store::of_negotiation(conn, id)?.into_iter();
        let items = rows.map(|nda| NdaView::new(nda, room.sides())).collect();
        Ok(Reply::ok(&Ndas { items })?.content_tagged())
    })
    .await
}

async fn show(call: Call<SignedIn>, Path((id,)): Path<(NdaId,)>) -> Answer {
    call.read(move |conn, actor| {
        let (nda, room) = store::find_for(conn, &actor.organizations(), id)?.ok_or(Code::NotFound)?;
        let version = nda.version;
        Ok(Reply::ok(&NdaView::new(nda, room.sides()))?.version(version))
    })
    .await
}
