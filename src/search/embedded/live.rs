//! One tantivy index on disk with its writer and the snapshot searches read.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tantivy::directory::MmapDirectory;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy, NoMergePolicy};
use tantivy::store::Compressor;
use tantivy::{Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, TantivyError};

use super::analyser::analysers;
use super::schema::{Fields, schema};
use super::snapshot::Snapshot;
use crate::search::document::Document;
use crate::search::index::{Change, SearchError};

/// Memory of the one indexing thread, the least tantivy accepts.
const ARENA: usize = 15_000_000;
/// Stored texts are cut in small blocks, because a page of hits opens one block per hit.
const STORE_BLOCK: usize = 4_096;
/// Decompressed blocks kept per segment.
const STORE_CACHE: usize = 256;

/// An open index.
pub(super) struct Live {
    index: Index,
    reader: IndexReader,
    writer: Mutex<IndexWriter>,
    snapshot: RwLock<Arc<Snapshot>>,
    fields: Fields,
}

impl Live {
    /// Makes an empty index in a folder that does not exist.
    pub(super) fn create(path: &Path) -> Result<Live, SearchError> {
        std::fs::create_dir_all(path)?;
        let settings = IndexSettings {
            docstore_compression: Compressor::Lz4,
            docstore_blocksize: STORE_BLOCK,
            docstore_compress_dedicated_thread: false,
            ..IndexSettings::default()
        };
        let (schema, fields) = schema();
        let index = Index::builder().schema(schema).settings(settings).tokenizers(analysers());
        Live::start(index.create_in_dir(path)?, fields)
    }

    /// Opens an index; an error where any of its files is damaged.
    pub(super) fn open(path: &Path) -> Result<Live, SearchError> {
        let directory = MmapDirectory::open(path).map_err(TantivyError::from)?;
        let mut index = Index::open(directory)?;
        let (schema, fields) = schema();
        if index.schema() != schema {
            return Err(SearchError::Engine("the index has another schema".to_owned()));
        }
        let damaged = index.validate_checksum()?;
        if !damaged.is_empty() {
            return Err(SearchError::Engine(format!("damaged files: {damaged:?}")));
        }
        index.set_tokenizers(analysers());
        Live::start(index, fields)
    }

    fn start(index: Index, fields: Fields) -> Result<Live, SearchError> {
        let options = IndexWriterOptions::builder().num_worker_threads(1).num_merge_threads(1);
        let writer = index.writer_with_options(options.memory_budget_per_thread(ARENA).build())?;
        writer.set_merge_policy(Box::new(merging()));
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(STORE_CACHE)
            .try_into()?;
        let snapshot = Snapshot::take(reader.searcher(), fields, None)?;
        Ok(Live { index, reader, writer: Mutex::new(writer), snapshot: RwLock::new(Arc::new(snapshot)), fields })
    }

    /// What searches read; stays as it is while changes go on.
    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Applies changes as one commit and shows them.
    pub(super) fn apply(&self, changes: &[Change]) -> Result<(), SearchError> {
        let mut writer = self.writer();
        match self.write(&mut writer, changes) {
            Ok(true) => self.show(),
            Ok(false) => Ok(()),
            Err(error) => {
                // Drops what the failed batch has already queued, and revives a writer whose thread has died.
                if let Err(rollback) = writer.rollback() {
                    tracing::error!(error = %rollback, "the search index writer did not recover");
                }
                Err(error)
            }
        }
    }

    /// Answers whether there was anything to do: most removals are of drafts, which never were in the index, and a
    /// commit is dear.
    fn write(&self, writer: &mut IndexWriter, changes: &[Change]) -> Result<bool, SearchError> {
        let snapshot = self.snapshot();
        let mut changed = false;
        for change in changes {
            match change {
                Change::Put(document) => {
                    self.put(writer, document)?;
                    changed = true;
                }
                Change::Remove { kind, id } => {
                    let key = self.fields.key(*kind, *id);
                    if changed || snapshot.searcher.doc_freq(&key)? > 0 {
                        writer.delete_term(key);
                        changed = true;
                    }
                }
            }
        }
        if changed {
            writer.commit()?;
        }
        Ok(changed)
    }

    /// Adds the documents of a rebuild and packs them for searching; answers how many came.
    pub(super) fn fill(
        &self,
        documents: &mut dyn Iterator<Item = Result<Document, SearchError>>,
    ) -> Result<u64, SearchError> {
        let mut writer = self.writer();
        // One merge at the end instead of several on the way, and none that runs into it.
        writer.set_merge_policy(Box::new(NoMergePolicy));
        let mut count = 0;
        for document in documents {
            self.put(&writer, &document?)?;
            count += 1;
        }
        writer.commit()?;
        let segments = self.index.searchable_segment_ids()?;
        if segments.len() > 1 {
            writer.merge(&segments).wait()?;
        }
        writer.set_merge_policy(Box::new(merging()));
        self.show()?;
        Ok(count)
    }

    fn put(&self, writer: &IndexWriter, document: &Document) -> Result<(), SearchError> {
        writer.delete_term(self.fields.key(document.kind, document.id));
        writer.add_document(self.fields.document(document))?;
        Ok(())
    }

    /// Lets the next search see the last commit.
    fn show(&self) -> Result<(), SearchError> {
        self.reader.reload()?;
        let before = self.snapshot();
        let snapshot = Snapshot::take(self.reader.searcher(), self.fields, Some(&before))?;
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
        Ok(())
    }

    fn writer(&self) -> MutexGuard<'_, IndexWriter> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Few segments: each one costs every search a little.
fn merging() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(4);
    policy
}

impl From<TantivyError> for SearchError {
    fn from(error: TantivyError) -> Self {
        SearchError::Engine(error.to_string())
    }
}
