//! Ending a negotiation without an agreement.

use deserr::Deserr;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::super::machine::Life;
use super::event::EventKind;
use super::negotiation::{Negotiation, NegotiationStatus, NegotiationStep};
use super::timeline::append;
use super::view::NegotiationView;
use super::{TAG, store};
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Body, Call, Operation, Path, Reply, Sample, SignedIn};
use crate::kernel::access::{Actor, Role};
use crate::kernel::code::Code;
use crate::kernel::id::NegotiationId;
use crate::kernel::text::Prose;
use crate::kernel::validate::FieldErrors;

pub(super) fn operation() -> Operation {
    let about = "Either side ends the negotiation without an agreement and says why; what happened stays readable. Editors and \
                 owners of the two organisations may do it.";
    Operation::post("/v1/negotiations/{id}/ending", "negotiations_end", end)
        .about(TAG, "End a negotiation", format!("{about}\n\n{}", NegotiationStatus::table()))
        .answers::<NegotiationView>(200, "The negotiation, ended.")
        .if_match()
        .problems(&[Code::RoleTooLow, Code::NegotiationWrongState])
}

/// Why a negotiation is ended.
#[derive(Clone, Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
struct Ending {
    /// Why; the other side reads it.
    reason: Prose<3, 2000>,
}

impl Sample for Ending {
    fn sample() -> Self {
        Self { reason: Prose::literal("Hai bên không thống nhất được phạm vi độc quyền.") }
    }
}

async fn end(call: Call<SignedIn>, Path((id,)): Path<(NegotiationId,)>, Body(ending): Body<Ending>) -> Answer {
    let version = call.expected_version();
    call.write(move |tx, actor| leave(tx, actor, id, version, &ending)).await
}

fn leave(tx: &mut Tx<'_>, actor: &Actor, id: NegotiationId, version: i64, ending: &Ending) -> Result<Reply, Failure> {
    let before = store::find_for(tx.conn, &actor.organizations(), id)?.ok_or(Code::NotFound)?;
    let side = before.side_of(actor, Role::Editor)?;
    if before.version != version {
        return Err(Code::StaleVersion.into());
    }
    let status = before.status.lead(NegotiationStep::End)?;
    let mut room = Negotiation { status, version: version + 1, ..before };
    if !store::save(tx.conn, &room)? {
        return Err(Code::StaleVersion.into());
    }
    append(tx, &mut room, EventKind::Ended, Some(side), json!({"reason": ending.reason}))?;
    tx.record(&Change::new("negotiation.ended", id.0, room.version).of(side).field("status", before.status, status))?;
    let shown = NegotiationView::all(tx.conn, actor, std::slice::from_ref(&room))?.pop().ok_or(Code::InternalError)?;
    Ok(Reply::ok(&shown)?.version(room.version))
}
