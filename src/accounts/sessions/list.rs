//! Listing one's own sessions.

use super::super::paging::{Paging, start};
use super::store;
use super::view::SessionView;
use crate::http::{Answer, Call, Cursor, Operation, Page, Query, SignedIn, page};
use crate::kernel::code::Code;

pub(super) fn operation() -> Operation {
    Operation::get("/v1/sessions", "sessions_list", list)
        .about(
            "Sessions",
            "List your sessions",
            "The devices on which you are signed in, the latest first; `current` marks the one this request comes from.",
        )
        .answers::<Page<SessionView>>(200, "Your sessions.")
        .problems(&[Code::MalformedCursor])
}

const SORT: &str = "-created_at";

async fn list(call: Call<SignedIn>, query: Query<Paging>) -> Answer {
    let Query { params: Paging { limit, cursor }, url } = query;
    let from = start(cursor, SORT)?;
    let now = call.app().clock.now();
    let views: Vec<_> = call
        .read(move |conn, actor| {
            let current = Some(actor.session()?);
            let rows = store::list_live(conn, actor.user_id, from, limit.probe(), now)?;
            Ok(rows.iter().map(|session| SessionView::new(session, current)).collect())
        })
        .await?;
    page(views, limit, &url, |view: &SessionView| Cursor {
        sort: SORT.into(),
        key: view.created_at.to_string(),
        id: view.id.0,
    })
}
