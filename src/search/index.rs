//! The contract every search engine keeps.

use std::path::PathBuf;

use uuid::Uuid;

use super::document::{Document, Kind};
use super::query::{Hits, Query};

/// A change of the projection.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The document is now this; replaces any earlier one of the same kind and id.
    Put(Box<Document>),
    /// The document is no longer public. Removing what is not there is fine.
    Remove {
        /// Kind of the document.
        kind: Kind,
        /// Its id.
        id: Uuid,
    },
}

/// How an index is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Name of the engine.
    pub engine: &'static str,
    /// Documents searchable now.
    pub documents: u64,
    /// Whether the index is known to be incomplete until [`SearchIndex::rebuild`] has run.
    pub needs_rebuild: bool,
}

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// Another process uses the index folder.
    #[error("the search index in {0} is in use by another process")]
    Locked(PathBuf),
    /// The disk failed.
    #[error("search index storage: {0}")]
    Io(#[from] std::io::Error),
    /// The engine is somewhere else and does not answer, or only in a way that says it is in trouble.
    #[error("search engine unavailable: {0}")]
    Unavailable(String),
    /// The engine failed.
    #[error("search engine: {0}")]
    Engine(String),
    /// The documents of a rebuild could not be read.
    #[error("reading documents for the search index: {0}")]
    Source(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A search index. Synchronous: callers run it in blocking threads. All methods may be called concurrently.
pub trait SearchIndex: Send + Sync {
    /// Whether this process answers by itself. One that has to ask another machine should not be asked while a database
    /// connection is held, and its callers have to reckon with its absence.
    fn is_local(&self) -> bool {
        true
    }

    /// Applies the changes in order. When it returns they are durable and the next search sees them. After an error some
    /// of them may have been applied, and all of them may be applied again.
    fn apply(&self, changes: &[Change]) -> Result<(), SearchError>;

    /// Takes over which words mean the same, instead of what was known before. A rebuilt index keeps them.
    fn set_synonyms(&self, groups: &[Vec<String>]) -> Result<(), SearchError>;

    /// Answers a query.
    fn search(&self, query: &Query) -> Result<Hits, SearchError>;

    /// Titles and key words that complete what was typed so far, best first; diacritics and case do not matter.
    fn suggest(&self, prefix: &str, limit: usize) -> Result<Vec<String>, SearchError>;

    /// Replaces the content by these documents, beside the live index and swapped in at once; answers how many.
    ///
    /// Searches see the old index until the swap. Changes applied meanwhile are kept: they are applied again to the
    /// new index before the swap. An error, or a crash at any moment, leaves the old index.
    fn rebuild(&self, documents: &mut dyn Iterator<Item = Result<Document, SearchError>>) -> Result<u64, SearchError>;

    /// How many documents are indexed.
    fn documents(&self) -> Result<u64, SearchError>;

    /// How the index is doing.
    fn health(&self) -> Result<Health, SearchError>;
}
