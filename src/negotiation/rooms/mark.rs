//! Noting up to where a person has read.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use super::{TAG, store};
use crate::http::{Answer, Body, Call, Operation, Path, Reply, Sample, SignedIn};
use crate::kernel::code::Code;
use crate::kernel::id::NegotiationId;
use crate::kernel::validate::FieldErrors;

pub(super) fn operation() -> Operation {
    Operation::post("/v1/negotiations/{id}/read-mark", "negotiations_mark", mark)
        .about(
            TAG,
            "Mark as read",
            "Notes for you alone up to which event you have read; `unread` counts from there. A number beyond the last event \
             means the last one. For members of the two organisations.",
        )
        .answers_nothing("It is noted.")
}

/// Up to where one has read.
#[derive(Clone, Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
struct ReadMark {
    /// The number of the last event that was read.
    seq: u32,
}

impl Sample for ReadMark {
    fn sample() -> Self {
        Self { seq: 12 }
    }
}

async fn mark(call: Call<SignedIn>, Path((id,)): Path<(NegotiationId,)>, Body(read): Body<ReadMark>) -> Answer {
    call.write(move |tx, actor| {
        let room = store::find_for(tx.conn, &actor.organizations(), id)?.ok_or(Code::NotFound)?;
        store::mark(tx.conn, actor.user_id, id, i64::from(read.seq).min(room.head_seq))?;
        Ok(Reply::no_content())
    })
    .await
}
