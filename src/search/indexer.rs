//! The indexer: keeps the search index in step with the database. It is told only what changed, reads how things are
//! now, and writes whole documents; so a delivery that comes twice, late or out of order does no harm.

use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

use super::{Change, Document, Kind, SearchError, SearchIndex};
use crate::db::{Conn, Database, DbError, Failure};
use crate::events::{Consumer, Delivery, Failed};

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

    /// What an organisation has that everybody may see.
    ///
    /// # Errors
    /// The database's failure.
    fn of_organization(&self, conn: &mut Conn, organization: Uuid) -> Result<Vec<Uuid>, DbError>;
}

/// Documents read at once.
const CHUNK: usize = 200;

/// The consumer that feeds the index.
pub struct Indexer {
    database: Arc<Database>,
    index: Arc<dyn SearchIndex>,
    kinds: Vec<Arc<dyn Searchable>>,
}

impl Indexer {
    /// An indexer for these kinds.
    #[must_use]
    pub fn new(database: Arc<Database>, index: Arc<dyn SearchIndex>, kinds: Vec<Arc<dyn Searchable>>) -> Self {
        Self { database, index, kinds }
    }

    /// The objects of `kind` that the deliveries touch.
    fn touched(&self, kind: &dyn Searchable, batch: &[Delivery]) -> Result<BTreeSet<Uuid>, Failure> {
        let mut ids = BTreeSet::new();
        for delivery in batch {
            if kind.wants(&delivery.event) {
                ids.insert(delivery.object_id.0);
            } else if is_organization(&delivery.event) {
                ids.extend(self.database.read(|conn| Ok(kind.of_organization(conn, delivery.object_id.0)?))?);
            }
        }
        Ok(ids)
    }

    fn update(&self, batch: &[Delivery]) -> Result<(), String> {
        if batch.iter().any(|delivery| delivery.event == REBUILD_REQUESTED) {
            let documents =
                rebuild(&self.database, &*self.index, &self.kinds, &mut |_| {}).map_err(|error| error.to_string())?;
            tracing::info!(documents, "search index built anew");
        }
        for kind in &self.kinds {
            let ids: Vec<_> =
                self.touched(&**kind, batch).map_err(|failure| format!("{failure:?}"))?.into_iter().collect();
            for ids in ids.chunks(CHUNK) {
                let documents = self
                    .database
                    .read(|conn| Ok(kind.documents(conn, ids)?))
                    .map_err(|failure| format!("{failure:?}"))?;
                let gone = ids.iter().filter(|id| documents.iter().all(|document| document.id != **id));
                let removals = gone.map(|id| Change::Remove { kind: kind.kind(), id: *id });
                let changes: Vec<_> =
                    removals.chain(documents.iter().cloned().map(|document| Change::Put(Box::new(document)))).collect();
                self.index.apply(&changes).map_err(|error| error.to_string())?;
            }
        }
        Ok(())
    }
}

/// The event by which another process asks the one that holds the index to build it anew.
pub const REBUILD_REQUESTED: &str = "search.rebuild_requested";

/// Events that change what is shown of an organisation beside everything it owns.
fn is_organization(event: &str) -> bool {
    matches!(event, "organization.changed" | "organization.verified" | "organization.verification_refused")
}

impl Consumer for Indexer {
    fn name(&self) -> &'static str {
        "search"
    }

    fn wants(&self, event: &str) -> bool {
        event == REBUILD_REQUESTED || is_organization(event) || self.kinds.iter().any(|kind| kind.wants(event))
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
/// # Errors
/// The index's or the database's failure; the old index stays.
pub fn rebuild(
    database: &Database,
    index: &dyn SearchIndex,
    kinds: &[Arc<dyn Searchable>],
    progress: &mut dyn FnMut(u64),
) -> Result<u64, SearchError> {
    let mut read = 0;
    let mut documents = kinds.iter().flat_map(|kind| stream(database, &**kind)).inspect(|_| {
        read += 1;
        progress(read);
    });
    index.rebuild(&mut documents)
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
                Some(vec![Err(SearchError::Source(format!("{failure:?}").into()))])
            }
        }
    });
    chunks.flatten()
}
