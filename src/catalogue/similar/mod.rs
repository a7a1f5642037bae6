//! Published listings that look like a text: what to look at before offering the same again, or before ordering what is
//! offered already. It warns and never stands in the way.

mod likeness;
mod list;
mod view;

use super::{listings, search};
use crate::db::Conn;
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
        let rows = if ids.is_empty() { Vec::new() } else { listings::summaries(conn, &ids)? };
        Ok(most_alike((&title, &summary), rows))
    };
    search::ask(
        call,
        move |index| index.search(&query),
        move |conn, hits| hits.map(|hits| alike(conn, hits)).transpose(),
    )
    .await
}

fn most_alike(texts: (&str, &str), rows: Vec<listings::ListingSummary>) -> Vec<SimilarListing> {
    let rate = |listing: listings::ListingSummary| {
        let other = (listing.title.as_str(), listing.summary.as_deref().unwrap_or_default());
        SimilarListing { likeness: likeness::of(texts, other), listing }
    };
    let mut found: Vec<_> = rows.into_iter().map(rate).filter(|similar| similar.likeness >= LEAST).collect();
    found.sort_by_key(|similar| (std::cmp::Reverse(similar.likeness), similar.listing.id));
    found.truncate(AT_MOST);
    found
}
