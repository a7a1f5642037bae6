//! Full-text search over the public catalogue: one contract ([`SearchIndex`]) and the engines that keep it.
//!
//! The index is a projection of the database. Callers hand over whole current documents ([`Change::Put`]) and ask
//! [`Query`]s in the product's words; nothing here knows a table, and nothing outside knows an engine.

#[cfg(test)]
mod contract;
mod document;
pub mod embedded;
mod highlight;
mod index;
mod indexer;
mod none;
mod query;
mod words;

pub use document::{Document, Kind};
pub use embedded::EmbeddedIndex;
pub use index::{Change, Health, SearchError, SearchIndex};
pub use indexer::{Indexer, REBUILD_REQUESTED, Searchable, rebuild};
pub use none::NoIndex;
pub use query::{Facet, Filters, Highlight, HighlightField, Hit, Hits, Query, Segment, Sort};
