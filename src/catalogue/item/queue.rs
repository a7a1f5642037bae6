//! The officers' queue of submitted items.

use super::model::{Item, Summary};
use super::pages::QueueQuery;
use crate::http::{Answer, Call, Cursor, Officer, Operation, Page, Query, page};
use crate::kernel::code::Code;

pub(super) fn operation<I: Item>() -> Operation {
    let (path, id) = I::NAMES.queue;
    Operation::get(path, id, handle::<I>)
        .about("Moderation", "List what is submitted", "What waits for an officer's decision, longest waiting first.")
        .answers::<Page<I::Summary>>(200, "A page.")
        .problems(&[Code::MalformedCursor])
}

async fn handle<I: Item>(call: Call<Officer>, Query { params, url }: Query<QueueQuery>) -> Answer {
    call.read(move |conn, _| {
        let rows = I::list_submitted(conn, &params)?;
        let key = |row: &I::Summary| row.submitted_at().map(|at| at.to_string()).unwrap_or_default();
        Ok(page(rows, params.limit, &url, |row| Cursor { sort: QueueQuery::SORT.into(), key: key(row), id: row.id() })?)
    })
    .await
}
