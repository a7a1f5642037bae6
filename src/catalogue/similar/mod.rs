//! Published listings that look like a text: what to look at before offering the same again, or before ordering what is
//! offered already. It warns and never stands in the way.

mod likeness;
mod list;
mod view;

use super::{listings, search};
use crate::db::{Conn, DbError};
use crate::http::{Access, Call, Operation};
use crate::kernel::id::ListingId;
use crate::kernel::problem::Problem;
use crate::search::{Hits, Kind, Query, Reading};

pub use view::SimilarListing;

/// How many the index proposes, and how many of them are told at most.
const CANDIDATES: usize = 20;
const AT_MOST: usize = 5;
/// What looks less alike than this, in percent, is not told.
const LEAST: u8 = 40;

/// The endpoint.
pub(super) fn operations() -> Vec<Operation> {
    vec![list::operation()]
}

/// The published listings that look most like these texts, most alike first; never `except`. The index proposes, the
/// database tells what is public, and [`likeness`] decides. `None` where the index does not answer.
///
/// # Errors
/// Why the person was not let in, or the database's failure.
pub async fn to<A: Access>(
    call: &Call<A>,
    title: String,
    summary: String,
    except: Option<ListingId>,
) -> Result<Option<Vec<SimilarListing>>, Problem> {
    let text = format!("{title}\n{summary}");
    let mut query = Query { text, reading: Reading::Example, limit: CANDIDATES, ..Query::default() };
    query.filters.kinds = vec![Kind::Listing];
    let alike = move |conn: &mut Conn, hits: Hits| {
        let ids: Vec<_> = hits.hits.iter().map(|hit| ListingId(hit.id)).filter(|id| Some(*id) != except).collect();
        Ok(most_alike(conn, (&title, &summary), &ids)?)
    };
    search::ask(
        call,
        move |index| index.search(&query),
        move |conn, hits| hits.map(|hits| alike(conn, hits)).transpose(),
    )
    .await
}

/// Those of `ids` that are alike enough, whole.
fn most_alike(conn: &mut Conn, texts: (&str, &str), ids: &[ListingId]) -> Result<Vec<SimilarListing>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut alike: Vec<(u8, ListingId)> = listings::heads(conn, ids)?
        .into_iter()
        .map(|(id, title, summary)| (likeness::of(texts, (&title, summary.as_deref().unwrap_or_default())), id))
        .filter(|(likeness, _)| *likeness >= LEAST)
        .collect();
    alike.sort_by_key(|&(likeness, id)| (std::cmp::Reverse(likeness), id));
    alike.truncate(AT_MOST);
    if alike.is_empty() {
        return Ok(Vec::new());
    }
    let chosen: Vec<_> = alike.iter().map(|&(_, id)| id).collect();
    let mut rows = listings::summaries(conn, &chosen)?;
    let whole = |(likeness, id)| {
        let at = rows.iter().position(|listing| listing.id == id)?;
        Some(SimilarListing { likeness, listing: rows.swap_remove(at) })
    };
    Ok(alike.into_iter().filter_map(whole).collect())
}
