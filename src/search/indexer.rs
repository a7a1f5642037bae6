//! The indexer: keeps the search index in step with the database. It is told only what changed, reads how things are
//! now, and writes whole documents; so a delivery that comes twice, late or out of order does no harm.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use uuid::Uuid;

use super::{Change, Document, Kind, SearchError, SearchIndex};
use crate::db::{Conn, Database, DbError, Failure};
use crate::events::{Consumer, Delivery, Failed, recorded_since};
use crate::kernel::clock::Clock;
use crate::kernel::id::ObjectId;

/// A kind of thing that can be found by searching; its slice makes the documents.
pub trait Searchable: Send + Sync {
    /// The kind.
    fn kind(&self) -> Kind;

    /// Whether this event changes what is found of the object it happened to.
    fn wants(&self, event: &str) -> bool;

    /// The documents of those that everybody may see; the others are left out.
    ///
    /// # Errors
    /// The database's failure.
    fn documents(&self, conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<Document>, DbError>;

    /// The next documents after an id, in the order of ids.
    ///
    /// # Errors
    /// The database's failure.
    fn after(&self, conn: &mut Conn, id: Uuid, limit: i64) -> Result<Vec<Document>, DbError>;

    /// How many there are that everybody may see.
    ///
    /// # Errors
    /// The database's failure.
    fn count(&self, conn: &mut Conn) -> Result<i64, DbError>;

    /// The documents of those published last, newest first.
    ///
    /// # Errors
    /// The database's failure.
    fn newest(&self, conn: &mut Conn, limit: i64) -> Result<Vec<Document>, DbError>;

    /// What an organisation has that everybody may see.
    ///
    /// # Errors
    /// The database's failure.
    fn of_organization(&self, conn: &mut Conn, organization: Uuid) -> Result<Vec<Uuid>, DbError>;
}

/// Everything that can be found, and how.
pub struct Projection {
    /// The kinds.
    pub kinds: Vec<Arc<dyn Searchable>>,
    /// Reads the groups of words that mean the same.
    pub synonyms: fn(&mut Conn) -> Result<Vec<Vec<String>>, DbError>,
}

/// Documents read at once.
const CHUNK: usize = 200;

/// The consumer that feeds the index.
pub struct Indexer {
    database: Arc<Database>,
    index: Arc<dyn SearchIndex>,
    projection: Projection,
    clock: Arc<dyn Clock>,
    knows_synonyms: AtomicBool,
}

impl Indexer {
    /// An indexer of what can be found.
    #[must_use]
    pub fn new(
        database: Arc<Database>,
        index: Arc<dyn SearchIndex>,
        projection: Projection,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { database, index, projection, clock, knows_synonyms: AtomicBool::new(false) }
    }

    fn update(&self, batch: &[Delivery]) -> Result<(), String> {
        if batch.iter().any(|delivery| delivery.event == REBUILD_REQUESTED) {
            self.build().map_err(|error| error.to_string())?;
        }
        if batch.iter().any(|delivery| is_synonym(&delivery.event)) {
            self.learn_synonyms().map_err(|error| error.to_string())?;
        }
        for kind in &self.projection.kinds {
            let events = batch.iter().map(|delivery| (delivery.event.as_str(), delivery.object_id));
            let ids = touched(&self.database, &**kind, events).map_err(|failure| format!("{failure:?}"))?;
            for ids in ids.chunks(CHUNK) {
                project(&self.database, &*self.index, &**kind, ids).map_err(|error| error.to_string())?;
            }
        }
        Ok(())
    }

    fn build(&self) -> Result<(), SearchError> {
        let documents = rebuild(&self.database, &*self.index, &self.projection, &*self.clock, &mut |_| {})?;
        tracing::info!(documents, "search index built anew");
        Ok(())
    }

    fn learn_synonyms(&self) -> Result<(), SearchError> {
        let groups = self.database.read(|conn| Ok((self.projection.synonyms)(conn)?)).map_err(source)?;
        self.index.set_synonyms(&groups)?;
        self.knows_synonyms.store(true, Ordering::Release);
        Ok(())
    }
}

/// How often documents that other processes keep changing are written in a row.
const MOST_ROUNDS: usize = 5;

/// Writes these objects as they are now. Another process may have read a later state and written it before this one wrote
/// an earlier one; so, where an index is shared, what was written is compared with the database afterwards.
fn project(
    database: &Database,
    index: &dyn SearchIndex,
    kind: &dyn Searchable,
    ids: &[Uuid],
) -> Result<(), SearchError> {
    let read = || database.read(|conn| Ok(kind.documents(conn, ids)?)).map_err(source);
    let mut documents = read()?;
    for _ in 0..MOST_ROUNDS {
        let gone = ids.iter().filter(|id| documents.iter().all(|document| document.id != **id));
        let removals = gone.map(|id| Change::Remove { kind: kind.kind(), id: *id });
        let changes: Vec<_> =
            removals.chain(documents.iter().cloned().map(|document| Change::Put(Box::new(document)))).collect();
        index.apply(&changes)?;
        if index.is_local() {
            return Ok(());
        }
        let now = read()?;
        if now.len() == documents.len() && now.iter().all(|document| documents.contains(document)) {
            return Ok(());
        }
        documents = now;
    }
    Err(SearchError::Engine("the documents keep changing".to_owned()))
}

fn source(failure: Failure) -> SearchError {
    SearchError::Source(format!("{failure:?}").into())
}

/// The event by which another process asks the one that holds the index to build it anew.
pub const REBUILD_REQUESTED: &str = "search.rebuild_requested";

/// Events that change what is shown of an organisation beside everything it owns.
fn is_organization(event: &str) -> bool {
    event.starts_with("organization.") && event != "organization.created"
}

/// Events that change which words mean the same.
fn is_synonym(event: &str) -> bool {
    matches!(event, "synonym.created" | "synonym.changed" | "synonym.removed")
}

impl Consumer for Indexer {
    fn name(&self) -> &'static str {
        "search"
    }

    fn wants(&self, event: &str) -> bool {
        event == REBUILD_REQUESTED
            || is_organization(event)
            || is_synonym(event)
            || self.projection.kinds.iter().any(|kind| kind.wants(event))
    }

    /// The index has to know the synonyms; one that is somewhere else has to answer, and is filled where it is missing.
    fn prepare(&self) -> Result<(), String> {
        let ready = || {
            if !self.index.is_local() && self.index.health()?.needs_rebuild {
                self.build()?;
            }
            if self.knows_synonyms.load(Ordering::Acquire) { Ok(()) } else { self.learn_synonyms() }
        };
        ready().map_err(|error: SearchError| error.to_string())
    }

    fn handle(&self, batch: &[Delivery]) -> Vec<Failed> {
        match self.update(batch) {
            Ok(()) => Vec::new(),
            Err(error) => batch.iter().map(|delivery| Failed { id: delivery.id, error: error.clone() }).collect(),
        }
    }
}

/// Builds the index anew from the database, beside the live one, and swaps it in; tells how many documents it holds.
/// `progress` is called with the number of documents read so far.
///
/// What other processes write meanwhile goes into the index that is being replaced; it is made up for afterwards from what
/// has been recorded since a little before the beginning.
///
/// # Errors
/// The index's or the database's failure; the old index stays.
pub fn rebuild(
    database: &Database,
    index: &dyn SearchIndex,
    projection: &Projection,
    clock: &dyn Clock,
    progress: &mut dyn FnMut(u64),
) -> Result<u64, SearchError> {
    let Projection { kinds, synonyms } = projection;
    index.set_synonyms(&database.read(|conn| Ok(synonyms(conn)?)).map_err(source)?)?;
    let began = clock.now().plus_seconds(-SLOWEST_WRITE_SECONDS);
    let mut read = 0;
    let mut documents = kinds.iter().flat_map(|kind| stream(database, &**kind)).inspect(|_| {
        read += 1;
        progress(read);
    });
    let count = index.rebuild(&mut documents)?;
    if !index.is_local() {
        let events = database.read(|conn| Ok(recorded_since(conn, began)?)).map_err(source)?;
        for kind in kinds {
            let ids =
                touched(database, &**kind, events.iter().map(|(event, id)| (event.as_str(), *id))).map_err(source)?;
            for ids in ids.chunks(CHUNK) {
                project(database, index, &**kind, ids)?;
            }
        }
    }
    Ok(count)
}

/// How long before its commit a write may have recorded what it does.
const SLOWEST_WRITE_SECONDS: i64 = 60;

/// The objects of `kind` that events touch.
fn touched<'a>(
    database: &Database,
    kind: &dyn Searchable,
    events: impl Iterator<Item = (&'a str, ObjectId)>,
) -> Result<Vec<Uuid>, Failure> {
    let mut ids = BTreeSet::new();
    for (event, object) in events {
        if kind.wants(event) {
            ids.insert(object.0);
        } else if is_organization(event) {
            ids.extend(database.read(|conn| Ok(kind.of_organization(conn, object.0)?))?);
        }
    }
    Ok(ids.into_iter().collect())
}

/// All documents of a kind, read in chunks.
fn stream<'a>(
    database: &'a Database,
    kind: &'a dyn Searchable,
) -> impl Iterator<Item = Result<Document, SearchError>> + 'a {
    let mut last = Some(Uuid::nil());
    let chunks = std::iter::from_fn(move || {
        let after = last?;
        let limit = i64::try_from(CHUNK).unwrap_or(i64::MAX);
        match database.read(|conn| Ok(kind.after(conn, after, limit)?)) {
            Ok(documents) => {
                last = documents.last().map(|document| document.id);
                (!documents.is_empty()).then(|| documents.into_iter().map(Ok).collect::<Vec<_>>())
            }
            Err(failure) => {
                last = None;
                Some(vec![Err(source(failure))])
            }
        }
    });
    chunks.flatten()
}
