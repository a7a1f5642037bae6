//! Full-text search over the public catalogue: one contract ([`SearchIndex`]) and the engines that keep it.
//!
//! The index is a projection of the database. Callers hand over whole current documents ([`Change::Put`]) and ask
//! [`Query`]s in the product's words; nothing here knows a table, and nothing outside knows an engine.

mod complete;
#[cfg(test)]
mod contract;
mod dimension;
mod document;
pub mod embedded;
mod explain;
mod highlight;
mod index;
mod indexer;
pub mod meilisearch;
mod none;
mod query;
mod scan;
mod synonyms;
mod words;

pub use dimension::Dimension;
pub use document::{Document, Kind};
pub use embedded::EmbeddedIndex;
pub use index::{Change, Health, SearchError, SearchIndex};
pub use indexer::{Indexer, Projection, REBUILD_REQUESTED, Searchable, rebuild};
pub use meilisearch::{MeilisearchIndex, MeilisearchOptions};
pub use none::NoIndex;
pub use query::{
    Explanation, Facet, Filters, Highlight, HighlightField, Hit, Hits, How, Query, Reading, ScorePart, Segment, Sort,
    WordMatch,
};
pub use scan::{scan, scan_suggestions};
