//! As-you-type suggestions: titles and key words that hold what was typed so far.

use meilisearch_sdk::search::{MatchingStrategies, SearchQuery, Selectors};

use super::link::Link;
use super::row::Found;
use crate::search::complete::Completing;
use crate::search::index::SearchError;

/// Documents whose titles and key words are looked at.
const MOST_DOCUMENTS: usize = 64;
const SEARCHED: [&str; 2] = ["title", "keywords"];
const SHOWN: [&str; 4] = ["kind", "id", "title", "keywords"];

/// Completes a prefix.
pub(super) fn suggest(prefix: &str, limit: usize, link: &Link, live: &str) -> Result<Vec<String>, SearchError> {
    let Some(mut completing) = Completing::new(prefix) else {
        return Ok(Vec::new());
    };
    let text = completing.typed.iter().chain([&completing.last]).map(String::as_str).collect::<Vec<_>>().join(" ");
    let index = link.client.index(live);
    let mut query = SearchQuery::new(&index);
    query.with_query(&text).with_limit(MOST_DOCUMENTS).with_matching_strategy(MatchingStrategies::ALL);
    query.with_attributes_to_search_on(&SEARCHED).with_attributes_to_retrieve(Selectors::Some(&SHOWN));
    let found = link.ask(query.execute::<Found>())?;
    for hit in &found.hits {
        for text in std::iter::once(&hit.result.title).chain(&hit.result.keywords) {
            completing.offer(text);
        }
    }
    Ok(completing.best(limit))
}
