//! The index of a process that has none: commands that run beside the server.

use super::{Change, Document, Health, Hits, Query, SearchError, SearchIndex};

/// Answers nothing and takes nothing.
pub struct NoIndex;

fn absent<T>() -> Result<T, SearchError> {
    Err(SearchError::Engine("this process has no search index".into()))
}

impl SearchIndex for NoIndex {
    fn apply(&self, _: &[Change]) -> Result<(), SearchError> {
        absent()
    }

    fn set_synonyms(&self, _: &[Vec<String>]) -> Result<(), SearchError> {
        absent()
    }

    fn search(&self, _: &Query) -> Result<Hits, SearchError> {
        absent()
    }

    fn suggest(&self, _: &str, _: usize) -> Result<Vec<String>, SearchError> {
        absent()
    }

    fn rebuild(&self, _: &mut dyn Iterator<Item = Result<Document, SearchError>>) -> Result<u64, SearchError> {
        absent()
    }

    fn documents(&self) -> Result<u64, SearchError> {
        absent()
    }

    fn health(&self) -> Result<Health, SearchError> {
        absent()
    }
}
