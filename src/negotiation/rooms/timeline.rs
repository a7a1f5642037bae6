//! Writing the timeline of a negotiation, and reading it: the two sides as they are, an officer for a reason that the sides
//! read in the timeline itself.

use deserr::Deserr;
use serde_json::{Value, json};
use utoipa::IntoParams;

use super::event::{Event, EventKind, Saying};
use super::negotiation::Negotiation;
use super::store;
use crate::accounts;
use crate::db::{Conn, DbError, Failure};
use crate::events::{Change, Tx};
use crate::http::{Answer, Call, Reply, SignedIn};
use crate::kernel::access::{Actor, OrganizationKind, Role};
use crate::kernel::code::Code;
use crate::kernel::id::{NegotiationId, OrganizationId};
use crate::kernel::problem::Problem;
use crate::kernel::text::Line;
use crate::kernel::validate::{FieldCode, FieldErrors};

/// Why an officer reads.
pub type Reason = Option<Line<5, 500>>;

/// The query of what takes no other parameter.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReasonQuery {
    /// Why an officer reads it; the two sides read the reason in the timeline. Others need none.
    #[deserr(default)]
    #[param(value_type = Option<String>, min_length = 5, max_length = 500)]
    pub reason: Reason,
}

/// Writes down that something happened.
///
/// # Errors
/// The database's failure.
pub fn append(
    tx: &mut Tx<'_>,
    room: &mut Negotiation,
    kind: EventKind,
    organization_id: Option<OrganizationId>,
    data: Value,
) -> Result<Event, Failure> {
    let saying = Saying { kind, user_id: tx.actor(), organization_id, data };
    let event = Event::following(room.id, (room.head_seq, &room.head_hash), tx.now, saying);
    let event = event.map_err(|error| DbError::Broken(error.to_string()))?;
    store::append(tx.conn, &event)?;
    room.head_seq = event.seq;
    room.head_hash.clone_from(&event.hash);
    room.updated_at = event.at;
    Ok(event)
}

/// The side the actor acts for, with at least this role, in what a deactivated organisation may not do.
///
/// # Errors
/// `not_found` for those who belong to neither, `role_too_low`, `organization_deactivated`.
pub fn acting_side(conn: &mut Conn, room: &Negotiation, actor: &Actor, role: Role) -> Result<OrganizationId, Failure> {
    let side = room.side_of(actor, role)?;
    require_active(conn, side)?;
    Ok(side)
}

/// Checks that an organisation has not been deactivated.
///
/// # Errors
/// `organization_deactivated`.
pub fn require_active(conn: &mut Conn, side: OrganizationId) -> Result<(), Failure> {
    let brief = accounts::organization_brief(conn, side)?.ok_or(Code::NotFound)?;
    if brief.deactivated_at.is_some() { Err(Code::OrganizationDeactivated.into()) } else { Ok(()) }
}

/// Answers somebody who reads a negotiation.
///
/// # Errors
/// `not_found` for those who belong to neither side and are no officers; a field error for an officer without a reason.
pub async fn read(
    call: Call<SignedIn>,
    id: NegotiationId,
    reason: Reason,
    answer: impl Fn(&mut Conn, &Actor, &Negotiation) -> Result<Reply, Failure> + Clone + Send + 'static,
) -> Answer {
    let tell = answer.clone();
    let told = call.read(move |conn, actor| match store::find_for(conn, &actor.organizations(), id)? {
        Some(room) => tell(conn, actor, &room).map(Some),
        None if actor.is_officer() => Ok(None),
        None => Err(Code::NotFound.into()),
    });
    if let Some(reply) = told.await? {
        return Ok(reply);
    }
    call.write(move |tx, actor| {
        let mut room = store::find(tx.conn, id)?.ok_or(Code::NotFound)?;
        let authority = authority_of(actor)?;
        let reason = reason.as_ref().ok_or_else(|| Problem::field("/reason", FieldCode::Required))?;
        append(tx, &mut room, EventKind::ReadByOfficer, Some(authority), json!({"reason": reason}))?;
        let change = Change::new("negotiation.read_by_officer", id.0, room.version).of(authority);
        tx.record(&change.field("reason", (), reason))?;
        answer(tx.conn, actor, &room)
    })
    .await
}

/// The authority an officer belongs to.
fn authority_of(actor: &Actor) -> Result<OrganizationId, Problem> {
    let held = actor.memberships.iter().filter(|_| actor.is_officer());
    let mut held = held.filter(|held| held.kind == OrganizationKind::Authority && held.role >= Role::Editor);
    Ok(held.next().ok_or(Code::NotFound)?.organization_id)
}
