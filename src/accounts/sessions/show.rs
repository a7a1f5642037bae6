//! Reading one of one's own sessions.

use super::store;
use super::view::SessionView;
use crate::http::{Answer, Call, Operation, Path, Reply, SignedIn};
use crate::kernel::code::Code;
use crate::kernel::id::SessionId;

pub(super) fn operation() -> Operation {
    Operation::get("/v1/sessions/{id}", "sessions_show", show)
        .about("Sessions", "Read one of your sessions", "One session of your own; there is none once it has ended.")
        .answers::<SessionView>(200, "The session.")
}

async fn show(call: Call<SignedIn>, Path((id,)): Path<(SessionId,)>) -> Answer {
    let now = call.app().clock.now();
    let view = call
        .read(move |conn, actor| {
            let session = store::find_live(conn, actor.user_id, id, now)?.ok_or(Code::NotFound)?;
            Ok(SessionView::new(&session, Some(actor.session()?)))
        })
        .await?;
    Ok(Reply::ok(&view)?.content_tagged())
}
