//! Reading offers.

use super::super::rooms;
use super::view::{OfferView, Offers};
use super::{TAG, store};
use crate::http::{Answer, Call, Operation, Path, Reply, SignedIn};
use crate::kernel::code::Code;
use crate::kernel::id::{NegotiationId, OfferId};

pub(super) fn operations() -> [Operation; 2] {
    [
        Operation::get("/v1/negotiations/{id}/offers", "offers_list", list)
            .about(
                TAG,
                "List the offers of a negotiation",
                "The latest first, each with what it changes. For members of the two organisations.",
            )
            .answers::<Offers>(200, "The offers."),
        Operation::get("/v1/offers/{id}", "offers_show", show)
            .about(TAG, "Read an offer", "For members of the two organisations.")
            .answers::<OfferView>(200, "The offer."),
    ]
}

async fn list(call: Call<SignedIn>, Path((id,)): Path<(NegotiationId,)>) -> Answer {
    let now = call.app().clock.now();
    call.read(move |conn, actor| {
        let room = rooms::find_for(conn, &actor.organizations(), id)?.ok_or(Code::NotFound)?;
        let rows = store::of_negotiation(conn, room.id)?;
        let previous = |row: &super::offer::Offer| rows.iter().find(|other| Some(other.id) == row.previous_id);
        let items = rows.iter().map(|row| OfferView::new(row.clone(), previous(row), now)).collect();
        Ok(Reply::ok(&Offers { items })?.content_tagged())
    })
    .await
}

async fn show(call: Call<SignedIn>, Path((id,)): Path<(OfferId,)>) -> Answer {
    let now = call.app().clock.now();
    call.read(move |conn, actor| {
        let (offer, _) = store::find_for(conn, &actor.organizations(), id)?.ok_or(Code::NotFound)?;
        let version = offer.version;
        Ok(Reply::ok(&OfferView::load(conn, offer, now)?)?.version(version))
    })
    .await
}
