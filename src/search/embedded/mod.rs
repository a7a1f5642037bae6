//! The engine inside the process: tantivy on a local folder.
//!
//! `folder` keeps the files, `live` one index with its writer, `snapshot` what a search reads (with a `vocabulary` of each
//! segment). A search goes
//! `plan` (`planner`, `guess`) → `score` → `filter` + `facets` → `rank` → highlights, put together in `answer`.

mod analyser;
mod answer;
mod dictionary;
mod explainer;
mod facets;
mod filter;
mod folder;
mod guess;
mod live;
mod meaning;
mod plan;
mod planner;
mod rank;
mod schema;
mod score;
mod snapshot;
mod suggest;
#[cfg(test)]
mod tests;
mod vocabulary;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use self::folder::{Folder, Marker};
use self::live::Live;
use super::document::Document;
use super::index::{Change, Health, SearchError, SearchIndex};
use super::query::{Hits, Query};
use super::synonyms::Synonyms;

/// The embedded index. One process at a time may open a folder.
pub struct EmbeddedIndex {
    live: RwLock<Arc<Live>>,
    /// Held while changes are applied; while a rebuild runs it gathers them, to be applied to the new index as well.
    changes: Mutex<Option<Vec<Change>>>,
    rebuilding: Mutex<()>,
    synonyms: RwLock<Arc<Synonyms>>,
    needs_rebuild: AtomicBool,
    /// Last, so that the lock is let go after the index is closed.
    folder: Folder,
}

impl EmbeddedIndex {
    /// Opens the index in a folder, making it where it is missing.
    ///
    /// An index of another version, or one with damaged files, is replaced by an empty one that
    /// [needs a rebuild](Self::needs_rebuild), as a new one does.
    pub fn open(dir: &Path) -> Result<Self, SearchError> {
        let folder = Folder::open(dir)?;
        let (live, marker) = match reopen(&folder) {
            Some(reopened) => reopened,
            None => start(&folder)?,
        };
        folder.clean(marker.generation)?;
        Ok(EmbeddedIndex {
            live: RwLock::new(Arc::new(live)),
            changes: Mutex::new(None),
            rebuilding: Mutex::new(()),
            synonyms: RwLock::new(Arc::default()),
            needs_rebuild: AtomicBool::new(!marker.complete),
            folder,
        })
    }

    /// Whether the index may lack documents until [`SearchIndex::rebuild`] has run.
    pub fn needs_rebuild(&self) -> bool {
        self.needs_rebuild.load(Ordering::Acquire)
    }

    fn live(&self) -> Arc<Live> {
        Arc::clone(&self.live.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn changes(&self) -> MutexGuard<'_, Option<Vec<Change>>> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Builds the next index and makes it the live one.
    fn replace(
        &self,
        generation: u64,
        documents: &mut dyn Iterator<Item = Result<Document, SearchError>>,
    ) -> Result<u64, SearchError> {
        let next = Live::create(&self.folder.index(generation))?;
        let count = next.fill(documents)?;
        let mut changes = self.changes();
        if let Some(meanwhile) = changes.take().filter(|meanwhile| !meanwhile.is_empty()) {
            next.apply(&meanwhile)?;
        }
        self.folder.publish(Marker::new(generation, true))?;
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
        self.needs_rebuild.store(false, Ordering::Release);
        Ok(count)
    }
}

/// The index the marker names, if both are sound.
fn reopen(folder: &Folder) -> Option<(Live, Marker)> {
    let marker = folder.marker()?;
    match Live::open(&folder.index(marker.generation)) {
        Ok(live) => Some((live, marker)),
        Err(error) => {
            tracing::warn!(%error, "the search index is damaged and starts empty");
            None
        }
    }
}

/// A new, empty index.
fn start(folder: &Folder) -> Result<(Live, Marker), SearchError> {
    let marker = Marker::new(folder.next_generation()?, false);
    let live = Live::create(&folder.index(marker.generation))?;
    folder.publish(marker)?;
    Ok((live, marker))
}

impl SearchIndex for EmbeddedIndex {
    fn apply(&self, changes: &[Change]) -> Result<(), SearchError> {
        let mut gathered = self.changes();
        self.live().apply(changes)?;
        if let Some(gathered) = gathered.as_mut() {
            gathered.extend_from_slice(changes);
        }
        Ok(())
    }

    fn set_synonyms(&self, groups: &[Vec<String>]) -> Result<(), SearchError> {
        *self.synonyms.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Synonyms::new(groups));
        Ok(())
    }

    fn search(&self, query: &Query) -> Result<Hits, SearchError> {
        let synonyms = Arc::clone(&self.synonyms.read().unwrap_or_else(PoisonError::into_inner));
        answer::answer(query, &synonyms, &self.live().snapshot())
    }

    fn suggest(&self, prefix: &str, limit: usize) -> Result<Vec<String>, SearchError> {
        suggest::suggest(prefix, limit, &self.live().snapshot())
    }

    fn rebuild(&self, documents: &mut dyn Iterator<Item = Result<Document, SearchError>>) -> Result<u64, SearchError> {
        let _one_at_a_time = self.rebuilding.lock().unwrap_or_else(PoisonError::into_inner);
        let generation = self.folder.next_generation()?;
        *self.changes() = Some(Vec::new());
        let outcome = self.replace(generation, documents);
        *self.changes() = None;
        // The index that is not live goes; what cannot be removed now is removed at the next start.
        if let Some(live) = self.folder.marker()
            && let Err(error) = self.folder.clean(live.generation)
        {
            tracing::warn!(%error, "an old search index stays on disk until the next start");
        }
        outcome
    }

    fn documents(&self) -> Result<u64, SearchError> {
        Ok(self.live().snapshot().searcher.num_docs())
    }

    fn health(&self) -> Result<Health, SearchError> {
        Ok(Health { engine: "embedded", documents: self.documents()?, needs_rebuild: self.needs_rebuild() })
    }
}
