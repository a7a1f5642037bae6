//! What is shown of a search.

use serde::Serialize;
use utoipa::ToSchema;

use super::query::SearchKind;
use crate::catalogue::listings::ListingSummary;
use crate::catalogue::orders::OrderSummary;
use crate::http::{Cursor, Sample};
use crate::search::{self, HighlightField, Hit};

/// What a search found.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchResult {
    /// The hits, in the order asked for.
    pub items: Vec<SearchItem>,
    /// How many were found altogether.
    #[schema(example = 1)]
    pub total: usize,
    /// What was found, counted by facet.
    pub facets: Vec<FacetView>,
    /// Whether the search index does not answer at the moment: only what was published last was looked through, and
    /// there are no facets.
    pub degraded: bool,
    /// Pass it as `cursor` to get the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub next_cursor: Option<String>,
}

/// One hit.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchItem {
    /// What it is.
    pub kind: SearchKind,
    /// How well it fits; comparable within one answer only.
    #[schema(example = 12.5)]
    pub score: f32,
    /// The listing, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub listing: Option<ListingSummary>,
    /// The order, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub order: Option<OrderSummary>,
    /// Where the words were found.
    pub highlights: Vec<HighlightView>,
    /// Why it was found; with `explain=true` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub explanation: Option<ExplanationView>,
}

/// Why something was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExplanationView {
    /// Which words of the query met which words of the texts; at most 40.
    pub matches: Vec<WordMatchView>,
    /// What the score is made of. The embedded engine adds up `words`, `title_and_keywords`, `diacritics` and
    /// `neighbours`; Meilisearch compares by `words`, `typo`, `proximity`, `attribute` and `exactness`, one after the other.
    pub parts: Vec<ScorePartView>,
}

/// A word of the query and what it met.
#[derive(Debug, Serialize, ToSchema)]
pub struct WordMatchView {
    /// The word as it is compared: lower case, without diacritics.
    #[schema(example = "nuoc")]
    pub word: String,
    /// What stands in the text.
    #[schema(example = "nước")]
    pub found: String,
    /// The field: `title`, `keywords`, `summary`, `body` (the other texts), `organization_name` or `ipc`.
    #[schema(example = "title")]
    pub field: &'static str,
    /// `exact` (diacritics and case aside), `prefix` (the word may be unfinished), `typo`, `joined` (blanks stand
    /// elsewhere) or `synonym`.
    #[schema(example = "exact")]
    pub how: &'static str,
}

/// A part of a score.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScorePartView {
    /// The engine's rule.
    #[schema(example = "words")]
    pub name: String,
    /// What it gave.
    #[schema(example = 7.5)]
    pub value: f32,
}

/// A piece of text in which words were found.
#[derive(Debug, Serialize, ToSchema)]
pub struct HighlightView {
    /// The field it is from: `title`, `summary` or `body`, which is everything else.
    #[schema(example = "title")]
    pub field: &'static str,
    /// The piece, cut where it begins or ceases to match; put together, the segments are the text.
    pub segments: Vec<SegmentView>,
}

/// A part of a piece of text.
#[derive(Debug, Serialize, ToSchema)]
pub struct SegmentView {
    /// Plain text.
    #[schema(example = "nước thải")]
    pub text: String,
    /// Whether it matches.
    #[schema(example = true)]
    pub hit: bool,
}

/// What was found, counted by one property.
#[derive(Debug, Serialize, ToSchema)]
pub struct FacetView {
    /// The property.
    #[schema(example = "research_field")]
    pub name: &'static str,
    /// Its values, most frequent first.
    pub values: Vec<FacetValue>,
}

/// How often a value was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct FacetValue {
    /// The value.
    #[schema(example = "engineering_and_technology")]
    pub value: String,
    /// How many were found that have it.
    #[schema(example = 1)]
    pub count: usize,
}

impl SearchResult {
    pub(super) fn new(
        items: Vec<SearchItem>,
        total: usize,
        facets: Vec<search::Facet>,
        next: Option<Cursor>,
        degraded: bool,
    ) -> Self {
        let value = |(value, count)| FacetValue { value, count };
        let facet = |facet: search::Facet| FacetView {
            name: facet.name,
            values: facet.values.into_iter().map(value).collect(),
        };
        Self {
            items,
            total,
            facets: facets.into_iter().map(facet).collect(),
            degraded,
            next_cursor: next.map(|cursor| cursor.encode()),
        }
    }
}

impl SearchItem {
    pub(super) fn listing(row: ListingSummary, hit: Hit) -> Self {
        Self { listing: Some(row), ..Self::new(SearchKind::Listing, hit) }
    }

    pub(super) fn order(row: OrderSummary, hit: Hit) -> Self {
        Self { order: Some(row), ..Self::new(SearchKind::Order, hit) }
    }

    fn new(kind: SearchKind, hit: Hit) -> Self {
        let explanation = hit.explanation.map(ExplanationView::new);
        Self { kind, score: hit.score, listing: None, order: None, highlights: views(&hit.highlights), explanation }
    }
}

impl ExplanationView {
    fn new(from: search::Explanation) -> Self {
        let view = |it: search::WordMatch| WordMatchView {
            word: it.word,
            found: it.found,
            field: it.field,
            how: it.how.as_str(),
        };
        let part = |it: search::ScorePart| ScorePartView { name: it.name, value: it.value };
        Self {
            matches: from.matches.into_iter().map(view).collect(),
            parts: from.parts.into_iter().map(part).collect(),
        }
    }
}

fn views(highlights: &[search::Highlight]) -> Vec<HighlightView> {
    let segment = |segment: &search::Segment| SegmentView { text: segment.text.clone(), hit: segment.hit };
    let view = |highlight: &search::Highlight| HighlightView {
        field: match highlight.field {
            HighlightField::Title => "title",
            HighlightField::Summary => "summary",
            HighlightField::Body => "body",
        },
        segments: highlight.segments.iter().map(segment).collect(),
    };
    highlights.iter().map(view).collect()
}

impl Sample for SearchResult {
    fn sample() -> Self {
        let segments = vec![
            SegmentView { text: "Xử lý ".into(), hit: false },
            SegmentView { text: "nước thải".into(), hit: true },
            SegmentView { text: " làng nghề dệt nhuộm".into(), hit: false },
        ];
        let item = SearchItem {
            kind: SearchKind::Listing,
            score: 12.5,
            listing: Some(ListingSummary::sample()),
            order: None,
            highlights: vec![HighlightView { field: "title", segments }],
            explanation: None,
        };
        let value = FacetValue { value: "engineering_and_technology".into(), count: 1 };
        let facets = vec![FacetView { name: "research_field", values: vec![value] }];
        Self { items: vec![item], total: 1, facets, degraded: false, next_cursor: None }
    }
}
