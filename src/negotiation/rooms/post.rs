//! Writing a message.

use deserr::Deserr;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::event::EventKind;
use super::timeline::{acting_side, append};
use super::view::EventView;
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
    Operation::post("/v1/negotiations/{id}/messages", "negotiations_post", post)
        .about(
            TAG,
            "Write a message",
            "Becomes an event of the timeline, which nobody can change or take back. Editors and owners of the two \
             organisations may write while the negotiation goes on.",
        )
        .answers::<EventView>(201, "The message as an event of the timeline.")
        .problems(&[Code::RoleTooLow, Code::NegotiationWrongState, Code::OrganizationDeactivated])
}

/// A message.
#[derive(Clone, Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
struct NewMessage {
    /// What it says.
    text: Prose<1, 10000>,
}

impl Sample for NewMessage {
    fn sample() -> Self {
        Self { text: Prose::literal("Chúng tôi gửi kèm số liệu vận hành ba tháng.") }
    }
}

async fn post(call: Call<SignedIn>, Path((id,)): Path<(NegotiationId,)>, Body(message): Body<NewMessage>) -> Answer {
    call.write(move |tx, actor| write(tx, actor, id, &message)).await
}

fn write(tx: &mut Tx<'_>, actor: &Actor, id: NegotiationId, message: &NewMessage) -> Result<Reply, Failure> {
    let mut room = store::find_for(tx.conn, &actor.organizations(), id)?.ok_or(Code::NotFound)?;
    let side = acting_side(tx.conn, &room, actor, Role::Editor)?;
    room.require_open()?;
    let event = append(tx, &mut room, EventKind::MessagePosted, Some(side), json!({"text": message.text}))?;
    // What it says stands in the timeline and nowhere else.
    tx.record(&Change::new("negotiation.message_posted", id.0, room.version).of(side).field("seq", (), event.seq))?;
    let seq = event.seq;
    let mut written = store::events_before(tx.conn, id, seq + 1, 1)?;
    let view = EventView::new(written.pop().ok_or(Code::InternalError)?);
    Ok(Reply::created(format!("/v1/negotiations/{id}/events/{seq}"), &view)?.version(1))
}
