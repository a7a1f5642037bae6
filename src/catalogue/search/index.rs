//! Asking the index, and doing without it where it does not answer.

use std::sync::Arc;

use crate::app::App;
use crate::catalogue::projection;
use crate::db::{Conn, DbError, Failure};
use crate::http::{Access, Call};
use crate::kernel::code::Code;
use crate::kernel::problem::Problem;
use crate::search::{Document, Kind, SearchError, SearchIndex};

/// Documents of each kind that are gone through where there is no index.
const NEWEST: i64 = 1_000;

/// Asks the index and makes an answer of what it says: `None` where it does not answer. An index on another machine is
/// asked before a database connection is taken, so that its slowness holds none.
pub(in crate::catalogue) async fn ask<A: Access, T: Send + 'static, R: Send + 'static>(
    call: &Call<A>,
    question: impl FnOnce(&dyn SearchIndex) -> Result<T, SearchError> + Send + 'static,
    answer: impl FnOnce(&mut Conn, Option<T>) -> Result<R, Failure> + Send + 'static,
) -> Result<R, Problem> {
    let app = Arc::clone(call.app());
    if app.search.is_local() {
        return call.read(move |conn, _| answer(conn, heard(&app, question(&*app.search)))).await;
    }
    let heard = actix_web::web::block(move || heard(&app, question(&*app.search))).await;
    let heard = heard.map_err(|_| Code::Overloaded)?;
    call.read(move |conn, _| answer(conn, heard)).await
}

fn heard<T>(app: &App, outcome: Result<T, SearchError>) -> Option<T> {
    outcome
        .inspect_err(|error| {
            tracing::warn!(%error, "searching without the index");
            app.metrics.searched_without_index();
        })
        .ok()
}

/// What was published last of these kinds; of all where none is named.
pub(super) fn newest(conn: &mut Conn, kinds: &[Kind]) -> Result<Vec<Document>, DbError> {
    let mut documents = Vec::new();
    for side in projection().kinds.iter().filter(|side| kinds.is_empty() || kinds.contains(&side.kind())) {
        documents.extend(side.newest(conn, NEWEST)?);
    }
    Ok(documents)
}
