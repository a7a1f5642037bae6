//! Searching without an index: documents are gone through one by one. It is what is left while the engine does not
//! answer; words have to be spelt right, and nothing is counted by facet.

use std::cmp::Reverse;

use super::complete::Completing;
use super::dimension::Dimension;
use super::document::Document;
use super::explain::{Reason, matches};
use super::highlight::Highlighter;
use super::query::{Explanation, Filters, HighlightField, Hit, Hits, Query, Sort};
use super::words::{term, words};

/// Different words of a query that are looked for.
const MOST_WORDS: usize = 16;
/// What a word in the title or among the key words counts, against one elsewhere.
const HEAD: f32 = 2.0;

/// Answers a query from these documents.
#[must_use]
pub fn scan(documents: &[Document], query: &Query) -> Hits {
    let wanted = wanted(&query.text);
    let mut found: Vec<(f32, &Document)> = documents
        .iter()
        .filter(|document| passes(document, &query.filters))
        .filter_map(|document| Some((score(document, &wanted)?, document)))
        .collect();
    found.sort_by_key(|(score, document)| (key(query.sort, *score, !wanted.is_empty(), document), document.id));
    let highlighter = Highlighter::new(wanted.iter().map(String::as_str));
    let reasons: Vec<Reason> = wanted.iter().map(|word| Reason::new(word, word)).collect();
    let show = query.highlight && !wanted.is_empty();
    let hit = |(score, document): &(f32, &Document)| Hit {
        kind: document.kind,
        id: document.id,
        score: *score,
        highlights: if show {
            let parts = [(HighlightField::Title, &document.title), (HighlightField::Summary, &document.summary)];
            parts.into_iter().filter_map(|(field, text)| highlighter.highlight(field, text)).collect()
        } else {
            Vec::new()
        },
        explanation: query
            .explain
            .then(|| Explanation { matches: matches(&reasons, texts(document)), parts: Vec::new() }),
    };
    let hits = found.iter().skip(query.offset).take(query.limit).map(hit).collect();
    Hits { hits, total: found.len(), facets: Vec::new() }
}

/// Completes what was typed so far from the titles and key words of these documents.
#[must_use]
pub fn scan_suggestions(documents: &[Document], prefix: &str, limit: usize) -> Vec<String> {
    let Some(mut completing) = Completing::new(prefix) else {
        return Vec::new();
    };
    for text in documents.iter().flat_map(|document| std::iter::once(&document.title).chain(&document.keywords)) {
        completing.offer(text);
    }
    completing.best(limit)
}

/// The different words of a text.
fn wanted(text: &str) -> Vec<String> {
    let mut wanted = Vec::new();
    for term in words(text).map(|word| term(word.text)).filter(|term| !term.is_empty()) {
        if !wanted.contains(&term) {
            wanted.push(term);
        }
    }
    wanted.truncate(MOST_WORDS);
    wanted
}

/// How well a document fits; nothing where it lacks more than half of the words.
fn score(document: &Document, wanted: &[String]) -> Option<f32> {
    if wanted.is_empty() {
        return Some(0.0);
    }
    let head = std::iter::once(&document.title).chain(&document.keywords);
    let rest = [&document.summary, &document.body, &document.organization_name];
    let mut best = vec![0.0_f32; wanted.len()];
    let parts = head.map(|text| (text, HEAD)).chain(rest.map(|text| (text, 1.0)));
    for (text, worth) in parts {
        for word in words(text).map(|word| term(word.text)) {
            if let Some(known) = wanted.iter().position(|term| *term == word).and_then(|at| best.get_mut(at)) {
                *known = known.max(worth);
            }
        }
    }
    let held = best.iter().filter(|worth| **worth > 0.0).count();
    (held * 2 >= wanted.len()).then(|| best.iter().sum())
}

/// What a hit is sorted by, the lowest first.
fn key(sort: Sort, score: f32, scored: bool, document: &Document) -> (bool, Reverse<i64>) {
    let value = match sort {
        // The bits of floats that are not negative sort like the floats.
        Sort::Relevance if scored => Some(i64::from(score.to_bits())),
        Sort::Relevance | Sort::PublishedAtDesc => Some(document.published_at),
        Sort::PublishedAtAsc => Some(document.published_at.saturating_neg()),
        Sort::PriceAsc => document.price_from.or(document.price_to.map(|_| 0)).map(i64::saturating_neg),
        Sort::PriceDesc => document.price_to.or(document.price_from),
        Sort::TrlDesc => document.trl.map(i64::from),
        Sort::TrlAsc => document.trl.map(|level| -i64::from(level)),
    };
    (value.is_none(), Reverse(value.unwrap_or_default()))
}

/// The texts of a document, by the names of its fields.
fn texts(document: &Document) -> impl Iterator<Item = (&'static str, &str)> {
    let keywords = document.keywords.iter().map(|keyword| ("keywords", keyword.as_str()));
    let rest =
        [("summary", &document.summary), ("body", &document.body), ("organization_name", &document.organization_name)];
    let rest = rest.into_iter().map(|(field, text)| (field, text.as_str()));
    std::iter::once(("title", document.title.as_str())).chain(keywords).chain(rest)
}

/// Whether a document meets the filters.
fn passes(document: &Document, filters: &Filters) -> bool {
    let labelled = |(dimension, wanted): &(Dimension, Vec<String>)| {
        document.labels.iter().any(|(other, label)| other == dimension && wanted.contains(label))
    };
    let priced = document.price_from.is_some() || document.price_to.is_some();
    let (low, high) = (document.price_from.unwrap_or(0), document.price_to.unwrap_or(i64::MAX));
    (filters.kinds.is_empty() || filters.kinds.contains(&document.kind))
        && filters.labels.iter().all(labelled)
        && filters.organization_id.is_none_or(|wanted| wanted == document.organization_id)
        && filters.trl_min.is_none_or(|level| document.trl.is_some_and(|trl| trl >= level))
        && filters.trl_max.is_none_or(|level| document.trl.is_some_and(|trl| trl <= level))
        && filters.price_min.is_none_or(|amount| priced && high >= amount)
        && filters.price_max.is_none_or(|amount| priced && low <= amount)
        && (!filters.verified_only || document.verified)
        && filters.published_after.is_none_or(|bound| document.published_at > bound)
        && filters.confirmed_after.is_none_or(|bound| document.confirmed_at.is_some_and(|at| at > bound))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::contract::document;

    fn find(documents: &[Document], query: &Query) -> Vec<u64> {
        scan(documents, query).hits.iter().map(|hit| hit.id.as_u64_pair().1).collect()
    }

    #[test]
    fn words_without_diacritics_find_and_titles_weigh_more() {
        let documents =
            [document(1, "Máy sấy", "nước thải"), document(2, "Xử lý nước thải", ""), document(3, "Vật liệu", "")];
        let query = |text: &str| Query { text: text.to_owned(), ..Query::default() };
        assert_eq!(find(&documents, &query("NUOC thai")), [2, 1]);
        assert_eq!(find(&documents, &query("vat lieu xay dung")), [3]);
        assert_eq!(find(&documents, &query("vat lieu xay dung cau")), [0_u64; 0]);
        assert_eq!(scan(&documents, &Query { limit: 1, ..query("") }).total, 3);
    }

    #[test]
    fn filters_and_orders_hold() {
        let priced = |number, trl, price| Document { trl, price_from: price, ..document(number, "Máy", "") };
        let documents = [priced(1, Some(3), None), priced(2, Some(9), Some(50)), priced(3, None, Some(20))];
        let sorted = |sort| find(&documents, &Query { sort, ..Query::default() });
        assert_eq!(sorted(Sort::PriceAsc), [3, 2, 1]);
        assert_eq!(sorted(Sort::PriceDesc), [2, 3, 1]);
        assert_eq!(sorted(Sort::TrlDesc), [2, 1, 3]);
        let filtered = |filters| find(&documents, &Query { filters, ..Query::default() });
        assert_eq!(filtered(Filters { trl_min: Some(4), ..Filters::default() }), [2]);
        assert_eq!(filtered(Filters { price_max: Some(30), ..Filters::default() }), [3]);
        assert_eq!(filtered(Filters { verified_only: true, ..Filters::default() }), [0_u64; 0]);
    }
}
