//! What is shown of a search.

use serde::Serialize;
use utoipa::ToSchema;

use super::query::SearchKind;
use crate::catalogue::listings::ListingSummary;
use crate::catalogue::orders::OrderSummary;
use crate::http::{Cursor, Sample};
use crate::search::{self, HighlightField};

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
    pub(super) fn new(items: Vec<SearchItem>, total: usize, facets: Vec<search::Facet>, next: Option<Cursor>) -> Self {
        let value = |(value, count)| FacetValue { value, count };
        let facet = |facet: search::Facet| FacetView {
            name: facet.name,
            values: facet.values.into_iter().map(value).collect(),
        };
        Self {
            items,
            total,
            facets: facets.into_iter().map(facet).collect(),
            next_cursor: next.map(|cursor| cursor.encode()),
        }
    }
}

impl SearchItem {
    pub(super) fn listing(row: ListingSummary, score: f32, highlights: &[search::Highlight]) -> Self {
        Self { kind: SearchKind::Listing, score, listing: Some(row), order: None, highlights: views(highlights) }
    }

    pub(super) fn order(row: OrderSummary, score: f32, highlights: &[search::Highlight]) -> Self {
        Self { kind: SearchKind::Order, score, listing: None, order: Some(row), highlights: views(highlights) }
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
        let mut item = SearchItem::listing(ListingSummary::sample(), 12.5, &[]);
        item.highlights = vec![HighlightView { field: "title", segments }];
        let value = FacetValue { value: "engineering_and_technology".into(), count: 1 };
        let facets = vec![FacetView { name: "research_field", values: vec![value] }];
        Self { items: vec![item], total: 1, facets, next_cursor: None }
    }
}
