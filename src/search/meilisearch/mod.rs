//! The engine on a server of its own, which several processes share: Meilisearch.
//!
//! `link` is the way to the server, `row` and `settings` what an index looks like, `filter`, `answer` and `suggest` how
//! it is asked. An index under the live name is complete: it gets that name only when a rebuild has filled it.

mod answer;
mod filter;
mod gather;
mod link;
mod rebuild;
mod row;
mod settings;
mod shown;
mod suggest;
#[cfg(test)]
mod tests;
mod text;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use self::link::{CHANGE_WITHIN, Link, finished, is_missing};
use super::document::Document;
use super::index::{Change, Health, SearchError, SearchIndex};
use super::query::{Hits, Query};
use super::synonyms::Synonyms;
use crate::kernel::clock::Clock;

/// Where the server is.
#[derive(Clone, Debug)]
pub struct MeilisearchOptions {
    /// Its address.
    pub url: String,
    /// The key to it; empty where it asks for none.
    pub key: String,
    /// What the names of this exchange's indexes begin with.
    pub prefix: String,
}

/// An index on a Meilisearch server.
pub struct MeilisearchIndex {
    link: Link,
    clock: Arc<dyn Clock>,
    /// Name of the index searches read.
    live: String,
    /// Held while changes are applied; while a rebuild runs it gathers them, to be applied to the new index as well.
    changes: Mutex<Option<Vec<Change>>>,
    rebuilding: Mutex<()>,
    /// As they were written, for the settings of an index, and ready to be looked up.
    synonyms: RwLock<(Vec<Vec<String>>, Arc<Synonyms>)>,
}

impl MeilisearchIndex {
    /// The index on this server. The server is not asked yet: it may come later, and go.
    ///
    /// # Errors
    /// An address or a key that cannot be used.
    pub fn new(options: &MeilisearchOptions, clock: Arc<dyn Clock>) -> Result<Self, SearchError> {
        Ok(Self {
            link: Link::new(&options.url, &options.key)?,
            clock,
            live: format!("{}_{}", options.prefix, row::FORMAT),
            changes: Mutex::new(None),
            rebuilding: Mutex::new(()),
            synonyms: RwLock::default(),
        })
    }

    fn changes(&self) -> MutexGuard<'_, Option<Vec<Change>>> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends changes to an index that exists, and sees them through.
    fn send(&self, index: &str, changes: &[Change]) -> Result<(), SearchError> {
        let (rows, gone) = row::net(changes);
        let client = &self.link.client;
        self.link.within(CHANGE_WITHIN, async {
            // A missing index would be made by the first document, without its settings.
            let index = client.get_index(index).await?;
            let mut accepted = Vec::new();
            if !gone.is_empty() {
                accepted.push(index.delete_documents(&gone).await?);
            }
            if !rows.is_empty() {
                accepted.push(index.add_or_replace(&rows, Some(row::KEY)).await?);
            }
            for task in &accepted {
                finished(client, task).await?;
            }
            Ok(())
        })
    }

    /// How many documents the live index holds, if it is there.
    fn count(&self) -> Result<Option<u64>, SearchError> {
        let index = self.link.client.index(&self.live);
        self.link.ask(async {
            match index.get_stats().await {
                Ok(stats) => Ok(Some(stats.number_of_documents as u64)),
                Err(error) if is_missing(&error) => Ok(None),
                Err(error) => Err(error),
            }
        })
    }
}

impl SearchIndex for MeilisearchIndex {
    fn is_local(&self) -> bool {
        false
    }

    fn apply(&self, changes: &[Change]) -> Result<(), SearchError> {
        let mut gathered = self.changes();
        self.send(&self.live, changes)?;
        if let Some(gathered) = gathered.as_mut() {
            gathered.extend_from_slice(changes);
        }
        Ok(())
    }

    fn set_synonyms(&self, groups: &[Vec<String>]) -> Result<(), SearchError> {
        *self.synonyms.write().unwrap_or_else(PoisonError::into_inner) =
            (groups.to_vec(), Arc::new(Synonyms::new(groups)));
        let client = &self.link.client;
        self.link.within(CHANGE_WITHIN, async {
            match client.get_index(&self.live).await {
                Ok(index) => finished(client, &index.set_settings(&settings::settings(groups)).await?).await,
                Err(error) if is_missing(&error) => Ok(()),
                Err(error) => Err(error),
            }
        })
    }

    fn search(&self, query: &Query) -> Result<Hits, SearchError> {
        let synonyms = Arc::clone(&self.synonyms.read().unwrap_or_else(PoisonError::into_inner).1);
        answer::answer(query, &synonyms, &self.link, &self.live)
    }

    fn suggest(&self, prefix: &str, limit: usize) -> Result<Vec<String>, SearchError> {
        suggest::suggest(prefix, limit, &self.link, &self.live)
    }

    fn rebuild(&self, documents: &mut dyn Iterator<Item = Result<Document, SearchError>>) -> Result<u64, SearchError> {
        let _one_at_a_time = self.rebuilding.lock().unwrap_or_else(PoisonError::into_inner);
        let next = self.next_name()?;
        *self.changes() = Some(Vec::new());
        let outcome = self.replace(&next, documents);
        *self.changes() = None;
        self.clean(&next);
        outcome
    }

    fn documents(&self) -> Result<u64, SearchError> {
        Ok(self.count()?.unwrap_or_default())
    }

    fn health(&self) -> Result<Health, SearchError> {
        let count = self.count()?;
        Ok(Health { engine: "meilisearch", documents: count.unwrap_or_default(), needs_rebuild: count.is_none() })
    }
}
