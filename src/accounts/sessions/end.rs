//! Ending one of one's own sessions.

use super::session::EndReason;
use super::store;
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::http::{Answer, Call, Operation, Path, Reply, SignedIn};
use crate::kernel::code::Code;
use crate::kernel::id::{SessionId, UserId};

pub(super) fn operation() -> Operation {
    Operation::delete("/v1/sessions/{id}", "sessions_end", end)
        .about(
            "Sessions",
            "End one of your sessions",
            "Its tokens are refused from the next request on. Use it for a device that was lost.",
        )
        .answers_nothing("The session has ended.")
}

async fn end(call: Call<SignedIn>, Path((id,)): Path<(SessionId,)>) -> Answer {
    call.write(move |tx, actor| close(tx, actor.user_id, id, EndReason::Revoked)).await
}

/// Ends a person's session, for the reason given.
pub(super) fn close(tx: &mut Tx<'_>, user: UserId, id: SessionId, reason: EndReason) -> Result<Reply, Failure> {
    let now = tx.now;
    if !store::end(tx.conn, user, id, reason, now)? {
        return Err(Code::NotFound.into());
    }
    let change = Change::new("session.ended", id.0, 2).field("ended_at", (), now).field("end_reason", (), reason);
    tx.record(&change)?;
    Ok(Reply::no_content())
}
