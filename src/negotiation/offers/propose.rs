//! Making an offer: the first, or one after the last came to nothing, or one that answers the other side's.

use serde_json::json;

use super::super::machine::Life;
use super::super::rooms::{self, EventKind, Negotiation};
use super::life::{OfferStatus, OfferStep};
use super::offer::{NewOffer, Offer};
use super::step::{Told, advance, find_at, require_side};
use super::view::OfferView;
use super::{TAG, store};
use crate::db::types::Json;
use crate::db::{DbError, Failure};
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Path, Reply, SignedIn};
use crate::kernel::access::{Actor, Role};
use crate::kernel::code::Code;
use crate::kernel::digest::sha256_hex;
use crate::kernel::id::{NegotiationId, OfferId, OrganizationId};

pub(super) fn operations() -> [Operation; 2] {
    let first = "One side puts terms on the table: they are checked as a whole and never change. A negotiation has one open offer \
                 at a time; it is answered, taken back, or lapses at `valid_until`. Editors and owners of the two organisations may \
                 make one while the negotiation goes on.";
    let counter = "Answers the other side's open offer with one of one's own, in one step: the first is `countered`, the new one is \
                   open, and says field by field in what it differs. Editors and owners may do it.";
    [
        Operation::post("/v1/negotiations/{id}/offers", "offers_propose", propose)
            .about(TAG, "Make an offer", format!("{first}\n\n{}", OfferStatus::table()))
            .answers::<OfferView>(201, "The offer.")
            .problems(&[Code::OrganizationDeactivated])
            .problems(&[Code::RoleTooLow, Code::NegotiationWrongState, Code::OfferWrongState]),
        Operation::post("/v1/offers/{id}/counter-offer", "offers_counter", counter_with)
            .about(TAG, "Make a counter-offer", format!("{counter}\n\n{}", OfferStatus::table()))
            .answers::<OfferView>(201, "The counter-offer.")
            .if_match()
            .problems(&[Code::OrganizationDeactivated])
            .problems(&[Code::RoleTooLow, Code::OtherSideOnly, Code::NegotiationWrongState, Code::OfferWrongState]),
    ]
}

async fn propose(call: Call<SignedIn>, Path((id,)): Path<(NegotiationId,)>, Body(new): Body<NewOffer>) -> Answer {
    call.write(move |tx, actor| {
        let mut room = rooms::find_for(tx.conn, &actor.organizations(), id)?.ok_or(Code::NotFound)?;
        let side = rooms::acting_side(tx.conn, &room, actor, Role::Editor)?;
        room.require_open()?;
        let last = store::last(tx.conn, id)?;
        if let Some(last) = last.filter(|last| last.status == OfferStatus::Proposed) {
            make_way(tx, &mut room, &last)?;
        }
        put(tx, &mut room, actor, side, (&new, None))
    })
    .await
}

async fn counter_with(call: Call<SignedIn>, Path((id,)): Path<(OfferId,)>, Body(new): Body<NewOffer>) -> Answer {
    let version = call.expected_version();
    call.write(move |tx, actor| {
        let (before, mut room) = find_at(tx, actor, id, version)?;
        let side = require_side(actor, &before, &room, OfferStep::Counter)?;
        rooms::require_active(tx.conn, side)?;
        room.require_open()?;
        let after = before.after(OfferStep::Counter, Some(actor.user_id), tx.now)?;
        let told = Told(EventKind::OfferCountered, Some(side), json!({"offer_id": id}));
        advance(tx, &mut room, (&before, &after), OfferStep::Counter, told)?;
        put(tx, &mut room, actor, side, (&new, Some(&after)))
    })
    .await
}

/// Notes that the last offer has lapsed, if it has; otherwise it stands in the way.
fn make_way(tx: &mut Tx<'_>, room: &mut Negotiation, last: &Offer) -> Result<(), Failure> {
    let now = last.status_at(tx.now);
    if now == OfferStatus::Proposed {
        let over = [OfferStatus::Countered, OfferStatus::Rejected, OfferStatus::Withdrawn, OfferStatus::Lapsed];
        return Err(now.refusal(&over).into());
    }
    let after = last.after(OfferStep::Lapse, None, tx.now)?;
    let told = Told(EventKind::OfferLapsed, None, json!({"offer_id": last.id}));
    advance(tx, room, (last, &after), OfferStep::Lapse, told)
}

/// Puts an offer on the table, which is free.
fn put(
    tx: &mut Tx<'_>,
    room: &mut Negotiation,
    actor: &Actor,
    side: OrganizationId,
    (new, answered): (&NewOffer, Option<&Offer>),
) -> Result<Reply, Failure> {
    new.check(tx.now)?;
    let number = store::last(tx.conn, room.id)?.map_or(0, |last| last.number) + 1;
    let terms = json!(new.terms);
    let canonical = rooms::canonical(&terms).map_err(|error| DbError::Broken(error.to_string()))?;
    let offer = Offer {
        id: tx.id(),
        negotiation_id: room.id,
        number,
        offered_by: side,
        previous_id: answered.map(|answered| answered.id),
        terms: Json(new.terms.clone()),
        terms_sha256: sha256_hex(canonical.as_bytes()),
        valid_until: new.valid_until,
        status: OfferStatus::Proposed,
        reason: None,
        made_by: actor.user_id,
        answered_by: None,
        ended_at: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    let data = json!({
        "offer_id": offer.id, "number": number, "previous_id": offer.previous_id, "terms": terms,
        "terms_sha256": offer.terms_sha256, "valid_until": offer.valid_until,
    });
    // The timeline first: of two that come at once, one waits for the other there.
    rooms::append(tx, room, EventKind::OfferProposed, Some(side), data)?;
    store::insert(tx.conn, &offer)?;
    let change = Change::new("offer.proposed", offer.id.0, 1).of(side);
    tx.record(&change.field("negotiation_id", (), room.id).field("terms_sha256", (), &offer.terms_sha256))?;
    let location = format!("/v1/offers/{}", offer.id);
    Ok(Reply::created(location, &OfferView::new(offer, answered, tx.now))?.version(1))
}
