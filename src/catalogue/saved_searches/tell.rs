//! Alerts: what is newly published and fits a saved search is told to its owner, once.

use std::sync::Arc;

use super::saved_search::{Alert, Finding, OVERLAP_SECONDS, SavedSearch};
use super::store;
use crate::catalogue::search::{to_index, widen};
use crate::db::Failure;
use crate::events::{Change, Job, Run};
use crate::kernel::clock::Day;
use crate::kernel::code::Code;
use crate::kernel::problem::Problem;
use crate::search::{Query, SearchIndex, Sort};

/// Seconds between two looks for alerts that are due.
const EVERY_SECONDS: i64 = 900;
/// Seconds after which to look again where the index does not answer.
const AGAIN_AFTER: u64 = 60;
/// Saved searches looked at in a row.
const BATCH: i64 = 100;
/// Things one alert tells of; whoever wants the rest runs the search.
const MOST_FINDINGS: usize = 20;

/// The job that looks for news.
pub fn job(index: Arc<dyn SearchIndex>) -> Job {
    Job::new("saved_search_alerts", EVERY_SECONDS, move |run| tell_all(run, &*index))
}

fn tell_all(run: &Run<'_>, index: &dyn SearchIndex) -> Result<usize, Failure> {
    let mut told = 0;
    loop {
        let due = run.read(|conn| Ok(store::due(conn, run.now, BATCH)?))?;
        if due.is_empty() {
            return Ok(told);
        }
        for search in due {
            told += tell(run, index, search)?;
        }
    }
}

/// Looks for what is new to one saved search and notes it, so that it is told by mail; answers how much it is.
fn tell(run: &Run<'_>, index: &dyn SearchIndex, search: SavedSearch) -> Result<usize, Failure> {
    let found = news(run, index, &search)?;
    let count = found.len();
    run.write(move |tx| {
        if store::told(tx.conn, &search, &found, tx.now)? && !found.is_empty() {
            tx.record(&Change::new("saved_search.found", search.id.0, search.version))?;
        }
        Ok(())
    })?;
    Ok(count)
}

/// What was published since the last alert. The index may have learnt of something a little later than it was published,
/// so each look begins a little before the last one ended, and leaves out what that one told.
fn news(run: &Run<'_>, index: &dyn SearchIndex, search: &SavedSearch) -> Result<Vec<Finding>, Failure> {
    let Ok(params) = search.query.0.parse() else {
        return Ok(Vec::new());
    };
    let mut query = Query { sort: Sort::PublishedAtDesc, limit: 2 * MOST_FINDINGS, ..to_index(&params)? };
    (query.facets, query.highlight) = (false, false);
    let since = search.alerted_at.plus_seconds(-OVERLAP_SECONDS).micros();
    query.filters.published_after = Some(query.filters.published_after.map_or(since, |asked| asked.max(since)));
    run.read(|conn| Ok(widen(conn, &mut query.filters, Day::in_vietnam(run.now))?))?;
    let hits = index.search(&query).map_err(|error| {
        tracing::warn!(%error, "alerts wait for the search index");
        Problem::retry_later(Code::Overloaded, AGAIN_AFTER)
    })?;
    let all = hits.hits.into_iter().map(|hit| Finding { kind: hit.kind, id: hit.id });
    Ok(all.filter(|finding| !search.found.0.contains(finding)).take(MOST_FINDINGS).collect())
}

impl Alert {
    /// Seconds between two alerts; none where there are none.
    pub(super) fn period(self) -> Option<i64> {
        match self {
            Self::None => None,
            Self::Daily => Some(24 * 3_600),
            Self::Weekly => Some(7 * 24 * 3_600),
        }
    }
}
