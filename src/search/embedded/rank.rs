//! Puts matches in order and cuts a page out.

use std::cmp::{Ordering, Reverse};

use super::snapshot::{Columns, Snapshot};
use crate::search::dimension::Dimension;
use crate::search::query::Sort;

/// A match.
#[derive(Debug, Clone, Copy)]
pub(super) struct Match {
    /// Position of its segment.
    pub segment: usize,
    /// Its number there.
    pub doc: u32,
    /// Relevance.
    pub score: f32,
    /// What it is sorted by, the highest first.
    key: i64,
}

impl Match {
    /// A match with its key for this order.
    pub(super) fn new(segment: usize, doc: u32, score: f32, sort: Sort, columns: &Columns) -> Match {
        let last = i64::MIN;
        let key = match sort {
            // The bits of floats that are not negative sort like the floats.
            Sort::Relevance => i64::from(score.max(0.0).to_bits()),
            Sort::PublishedAtDesc => columns.published_at.first(doc).unwrap_or(last),
            Sort::PublishedAtAsc => columns.published_at.first(doc).map_or(last, i64::saturating_neg),
            Sort::PriceAsc => columns.price_low.first(doc).map_or(last, |price| price.saturating_neg()),
            Sort::PriceDesc => match columns.price_high.first(doc) {
                // No upper end: what is known is the lower one.
                Some(i64::MAX) => columns.price_low.first(doc).unwrap_or(last),
                price => price.unwrap_or(last),
            },
            Sort::TrlDesc => level(doc, columns).unwrap_or(last),
            Sort::TrlAsc => level(doc, columns).map_or(last, i64::saturating_neg),
        };
        Match { segment, doc, score, key }
    }
}

fn level(doc: u32, columns: &Columns) -> Option<i64> {
    columns.labels(Dimension::Trl).of(doc).next()?.parse().ok()
}

/// The page of `matches` from `offset`, in order.
pub(super) fn page(mut matches: Vec<Match>, offset: usize, limit: usize, snapshot: &Snapshot) -> Vec<Match> {
    let order = |a: &Match, b: &Match| compare(a, b, snapshot);
    let end = offset.saturating_add(limit);
    if end < matches.len() {
        matches.select_nth_unstable_by(end, order);
        matches.truncate(end);
    }
    matches.sort_unstable_by(order);
    matches.drain(..offset.min(matches.len()));
    matches
}

fn compare(a: &Match, b: &Match, snapshot: &Snapshot) -> Ordering {
    let id = |of: &Match| snapshot.columns.get(of.segment).map(|columns| columns.id(of.doc));
    Reverse(a.key).cmp(&Reverse(b.key)).then_with(|| id(a).cmp(&id(b)))
}
