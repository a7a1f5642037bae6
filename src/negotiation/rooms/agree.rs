//! What the acceptance of an offer means for the negotiation.

use super::super::machine::Life;
use super::negotiation::{Negotiation, NegotiationStatus, NegotiationStep};
use super::store;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::kernel::code::Code;
use crate::kernel::id::OrganizationId;

/// Notes that the two sides have agreed, by `side`'s acceptance; the timeline has it as the acceptance.
///
/// # Errors
/// `negotiation_wrong_state`, `stale_version`.
pub fn agree(tx: &mut Tx<'_>, room: &Negotiation, side: OrganizationId) -> Result<(), Failure> {
    let status = room.status.lead(NegotiationStep::Agree)?;
    let next = Negotiation { status, version: room.version + 1, ..room.clone() };
    if !store::save(tx.conn, &next)? {
        return Err(Code::StaleVersion.into());
    }
    let rule = NegotiationStatus::rule(NegotiationStep::Agree)?;
    let change = Change::new(rule.event, room.id.0, next.version).of(side);
    Ok(tx.record(&change.field("status", room.status, status))?)
}
