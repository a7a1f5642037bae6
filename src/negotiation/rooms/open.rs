//! Opening a negotiation: what the acceptance of an approach leads to.

use serde_json::json;

use super::super::approaches::{Approach, ApproachKind};
use super::event::EventKind;
use super::negotiation::Negotiation;
use super::{store, timeline};
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::kernel::id::{ListingId, NegotiationId, OrderId};

/// Opens the negotiation that an accepted approach leads to. Whoever offers the technology is the transferor.
///
/// # Errors
/// The database's failure.
pub fn open(tx: &mut Tx<'_>, approach: &Approach) -> Result<NegotiationId, Failure> {
    let subject = approach.subject_id.0;
    let (sides, listing_id, order_id) = match approach.kind {
        ApproachKind::Interest => ((approach.receiver_id, approach.sender_id), Some(ListingId(subject)), None),
        ApproachKind::Proposal => {
            let offered = approach.proposal.as_ref().and_then(|proposal| proposal.0.listing_id);
            ((approach.sender_id, approach.receiver_id), offered, Some(OrderId(subject)))
        }
    };
    let about = (approach.id, approach.title.clone());
    let new = Negotiation::new(tx.id(), about, tx.now, sides);
    let mut room = Negotiation { listing_id, order_id, ..new };
    store::insert(tx.conn, &room)?;
    let data = json!({
        "approach_id": approach.id, "listing_id": listing_id, "order_id": order_id, "title": approach.title,
        "transferor_id": room.transferor_id, "transferee_id": room.transferee_id,
    });
    timeline::append(tx, &mut room, EventKind::Opened, Some(approach.receiver_id), data)?;
    let change = Change::new("negotiation.opened", room.id.0, 1).of(approach.receiver_id);
    tx.record(&change.field("approach_id", (), approach.id))?;
    Ok(room.id)
}
