//! Answers a [`Query`]: one request, which counts the facets along the way. A long one takes a few more.

use meilisearch_sdk::client::Client;
use meilisearch_sdk::errors::Error;
use meilisearch_sdk::indexes::Index;
use meilisearch_sdk::search::{
    MatchingStrategies, MultiSearchQuery, MultiSearchResponse, SearchQuery, SearchResults, Selectors,
};
use std::collections::{HashMap, HashSet};

use super::filter::Conditions;
use super::gather::gather;
use super::link::Link;
use super::row::{Found, counted, key};
use super::settings::DEEPEST;
use super::shown::hit;
use super::text::Text;
use crate::search::dimension::Dimension;
use crate::search::index::SearchError;
use crate::search::query::{Facet, Filters, Hit, Hits, Query, Sort};
use crate::search::synonyms::Synonyms;
use crate::search::words::{Word, exact, words};

type Http = meilisearch_sdk::reqwest::ReqwestClient;

/// Words of a query the server looks at; it leaves the rest out.
const MOST_WORDS: usize = 10;
/// The score of a hit that holds half of the words.
const HALF: f32 = 0.5;
/// Hits that are ordered among themselves by diacritics.
const STRETCH: usize = 40;
/// What is needed of a hit, and what besides to highlight it.
const BARE: [&str; 2] = ["kind", "id"];
const SHOWN: [&str; 5] = ["kind", "id", "title", "summary", "body"];
/// What is needed to explain it.
const EXPLAINED: [&str; 8] = ["kind", "id", "title", "summary", "body", "keywords", "organization_name", "ipc_written"];

/// Answers a query from the index `live`.
pub(super) fn answer(query: &Query, synonyms: &Synonyms, link: &Link, live: &str) -> Result<Hits, SearchError> {
    let text = Text::new(&query.text, synonyms);
    if text.words.len() < 2 || text.words.len() <= MOST_WORDS && holds_together(query, &text, link, live)? {
        return directly(query, &text, link, live);
    }
    let gathered = by_gathering(query, &text, link, live)?;
    // Words that are one word in the texts are known to the server only side by side.
    if gathered.total > 0 || text.words.len() > MOST_WORDS { Ok(gathered) } else { directly(query, &text, link, live) }
}

/// Whether any document holds more than half of the words. Where none does, the one the server insists on is as good as any
/// other, and documents that hold the others would be missed.
fn holds_together(query: &Query, text: &Text, link: &Link, live: &str) -> Result<bool, SearchError> {
    let best = Query { sort: Sort::Relevance, limit: 1, offset: 0, facets: false, highlight: false, ..query.clone() };
    let conditions = Conditions::new(&query.filters);
    let order = Order { sort: Vec::new(), offset: 0, limit: 1, texts: false };
    let response = link.ask(request(&best, &text.asked(), &conditions, &order, &link.client, live))?;
    let hits = assemble(&best, text, response, |_, hit| hit)?.hits;
    Ok(hits.first().is_some_and(|hit| hit.score > HALF))
}

/// Lets the server match and rank. It knows no diacritics; so where words have some, hits that it finds equal are ordered by
/// them here, within stretches of the list that stay the same whichever page is asked for.
fn directly(query: &Query, text: &Text, link: &Link, live: &str) -> Result<Hits, SearchError> {
    let asked = text.asked();
    let conditions = Conditions::new(&query.filters);
    let sort = sorting(query.sort, !text.words.is_empty());
    let by_marks = query.sort == Sort::Relevance && !text.exact.is_empty() && query.offset < DEEPEST;
    if !by_marks {
        let order = Order { sort, offset: query.offset, limit: query.limit, texts: false };
        return assemble(
            query,
            text,
            link.ask(request(query, &asked, &conditions, &order, &link.client, live))?,
            |_, hit| hit,
        );
    }
    let before = query.offset % STRETCH;
    let limit = (before + query.limit.min(DEEPEST)).next_multiple_of(STRETCH);
    let order = Order { sort, offset: query.offset - before, limit, texts: true };
    let mut marks = HashMap::new();
    let response = link.ask(request(query, &asked, &conditions, &order, &link.client, live))?;
    let mut all = assemble(query, text, response, |found, hit| {
        marks.insert((hit.kind, hit.id), marked(found, text));
        hit
    })?;
    let held = |hit: &Hit| marks.get(&(hit.kind, hit.id)).copied().unwrap_or_default();
    for stretch in all.hits.chunks_mut(STRETCH) {
        stretch.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| held(b).cmp(&held(a))));
    }
    all.hits = all.hits.into_iter().skip(before).take(query.limit).collect();
    Ok(all)
}

/// How many of the query's words with diacritics stand in a hit just so.
fn marked(found: &Found, text: &Text) -> usize {
    let written = |word: &Word<'_>| exact(word.text).is_some_and(|form| text.exact.contains(&form));
    let held: HashSet<&str> =
        found.texts().flat_map(|(_, text)| words(text).filter(written)).map(|word| word.text).collect();
    held.len()
}

/// Gathers the documents that hold the rarest words, and lets the server filter, count and sort them.
fn by_gathering(query: &Query, text: &Text, link: &Link, live: &str) -> Result<Hits, SearchError> {
    let words: Vec<&str> = text.words.iter().map(String::as_str).collect();
    let gathered = gather(&words, text.typing, link, live)?;
    let scores: HashMap<&str, f32> = gathered.iter().map(|it| (it.key.as_str(), it.score)).collect();
    let conditions = Conditions::new(&query.filters).among(gathered.iter().map(|it| it.key.as_str()));
    let by_score = query.sort == Sort::Relevance;
    // The server does not know the scores: where they order the hits, it hands over all that pass, and they are cut here.
    let order = if by_score {
        Order { sort: Vec::new(), offset: 0, limit: DEEPEST, texts: false }
    } else {
        Order { sort: sorting(query.sort, true), offset: query.offset, limit: query.limit, texts: false }
    };
    let score = |_: &Found, hit: Hit| Hit {
        score: scores.get(key(hit.kind, hit.id).as_str()).copied().unwrap_or_default(),
        ..hit
    };
    if !by_score {
        return assemble(query, text, link.ask(request(query, "", &conditions, &order, &link.client, live))?, score);
    }
    let bare = Query { highlight: false, explain: false, ..query.clone() };
    let response = link.ask(request(&bare, "", &conditions, &order, &link.client, live))?;
    let mut all = assemble(&bare, text, response, score)?;
    all.hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
    all.hits = all.hits.into_iter().skip(query.offset).take(query.limit).collect();
    if (query.highlight || query.explain) && !all.hits.is_empty() {
        show(query, text, &mut all.hits, link, live)?;
    }
    Ok(all)
}

/// Adds what is shown of these hits.
fn show(query: &Query, text: &Text, hits: &mut [Hit], link: &Link, live: &str) -> Result<(), SearchError> {
    let keys: Vec<String> = hits.iter().map(|hit| key(hit.kind, hit.id)).collect();
    let conditions = Conditions::new(&Filters::default()).among(keys.iter().map(String::as_str));
    let order = Order { sort: Vec::new(), offset: 0, limit: hits.len(), texts: false };
    let query = Query { facets: false, ..query.clone() };
    let shown =
        assemble(&query, text, link.ask(request(&query, "", &conditions, &order, &link.client, live))?, |_, hit| hit)?;
    for hit in hits {
        if let Some(shown) = shown.hits.iter().find(|shown| (shown.kind, shown.id) == (hit.kind, hit.id)) {
            hit.highlights.clone_from(&shown.highlights);
            hit.explanation.clone_from(&shown.explanation);
        }
    }
    Ok(())
}

/// Which part of the hits, in which order.
struct Order {
    sort: Vec<&'static str>,
    offset: usize,
    limit: usize,
    /// Whether the texts come along, whatever is shown.
    texts: bool,
}

/// Makes hits of a response.
fn assemble(
    query: &Query,
    text: &Text,
    response: MultiSearchResponse<Found>,
    mut finish: impl FnMut(&Found, Hit) -> Hit,
) -> Result<Hits, SearchError> {
    let mut results = response.results.into_iter();
    let found = results.next().ok_or_else(|| SearchError::Unavailable("an answer without results".to_owned()))?;
    let facets = if query.facets { facets(query, &found, results) } else { Vec::new() };
    let total = found.estimated_total_hits.unwrap_or_default();
    let hits = found.hits.iter().map(|result| finish(&result.result, hit(query, text, result))).collect();
    Ok(Hits { hits, total, facets })
}

/// The page with the facets nobody filters by, and for each of the others a count without its own filter.
async fn request(
    query: &Query,
    text: &str,
    conditions: &Conditions,
    order: &Order,
    client: &Client,
    live: &str,
) -> Result<MultiSearchResponse<Found>, Error> {
    let index = client.index(live);
    let all = Dimension::COUNTED.map(counted);
    let shown = match query {
        Query { explain: true, .. } => &EXPLAINED[..],
        Query { highlight: true, .. } => &SHOWN[..],
        _ if order.texts => &SHOWN[..],
        _ => &BARE[..],
    };
    let mut page = question(&index, text, conditions, None);
    page.with_offset(order.offset.min(DEEPEST)).with_limit(order.limit.min(DEEPEST)).with_sort(&order.sort);
    page.with_attributes_to_retrieve(Selectors::Some(shown)).with_show_ranking_score(true);
    page.with_show_matches_position((query.highlight || query.explain) && !text.is_empty());
    page.with_show_ranking_score_details(query.explain);
    if query.facets {
        page.with_facets(Selectors::Some(&all));
    }
    let filtered: Vec<Dimension> = filtered(query).collect();
    let names: Vec<[&str; 1]> = filtered.iter().map(|dimension| [counted(*dimension)]).collect();
    let mut requests = MultiSearchQuery::new(client);
    requests.with_search_query(page);
    for (dimension, name) in filtered.iter().zip(&names) {
        let mut counting = question(&index, text, conditions, Some(*dimension));
        counting.with_limit(0).with_facets(Selectors::Some(name));
        requests.with_search_query(counting);
    }
    requests.execute().await
}

fn question<'a>(
    index: &'a Index<Http>,
    text: &'a str,
    conditions: &'a Conditions,
    left_out: Option<Dimension>,
) -> SearchQuery<'a, Http> {
    let mut question = SearchQuery::new(index);
    question.with_query(text).with_matching_strategy(MatchingStrategies::FREQUENCY);
    question.with_array_filter(conditions.without(left_out));
    question
}

/// The facets that have to be counted apart.
fn filtered(query: &Query) -> impl Iterator<Item = Dimension> {
    Dimension::COUNTED.into_iter().filter(|dimension| query.facets && dimension.is_filtered(&query.filters))
}

fn sorting(sort: Sort, scored: bool) -> Vec<&'static str> {
    match sort {
        Sort::Relevance if !scored => vec!["published_at:desc"],
        Sort::Relevance => Vec::new(),
        Sort::PublishedAtDesc => vec!["published_at:desc"],
        Sort::PublishedAtAsc => vec!["published_at:asc"],
        Sort::PriceAsc => vec!["price_low:asc"],
        Sort::PriceDesc => vec!["price_top:desc"],
        Sort::TrlDesc => vec!["trl:desc"],
        Sort::TrlAsc => vec!["trl:asc"],
    }
}

/// All facets: from the page, but those that are filtered by from their own counts.
fn facets(query: &Query, page: &SearchResults<Found>, apart: impl Iterator<Item = SearchResults<Found>>) -> Vec<Facet> {
    let apart: Vec<(Dimension, SearchResults<Found>)> = filtered(query).zip(apart).collect();
    let facet = |dimension: Dimension| {
        let source = apart.iter().find(|(apart, _)| *apart == dimension).map_or(page, |(_, results)| results);
        let counts = source.facet_distribution.as_ref().and_then(|all| all.get(counted(dimension)));
        dimension.facet(counts.into_iter().flatten().map(|(value, count)| (value.clone(), *count)))
    };
    Dimension::COUNTED.into_iter().map(facet).collect()
}
