//! What one search reads: an unchanging view of the index with its columns opened.
//!
//! Segments never change, so the columns of a segment are opened once and shared by later snapshots.

use std::sync::Arc;

use tantivy::columnar::Column;
use tantivy::index::SegmentId;
use tantivy::{Searcher, SegmentReader};

use super::schema::{Fields, column};
use crate::search::index::SearchError;

/// A view of the index.
pub(super) struct Snapshot {
    /// Terms, postings and stored texts.
    pub searcher: Searcher,
    /// The columns, segment by segment in the searcher's order.
    pub columns: Vec<Arc<Columns>>,
    /// The schema's fields.
    pub fields: Fields,
}

impl Snapshot {
    /// Opens a view, taking what it can from the one before.
    pub(super) fn take(searcher: Searcher, fields: Fields, before: Option<&Snapshot>) -> Result<Snapshot, SearchError> {
        let known = before.map_or(&[][..], |before| &before.columns);
        let columns = searcher
            .segment_readers()
            .iter()
            .map(|reader| match known.iter().find(|columns| columns.segment == reader.segment_id()) {
                Some(columns) => Ok(Arc::clone(columns)),
                None => Columns::open(reader).map(Arc::new),
            })
            .collect::<Result<_, _>>()?;
        Ok(Snapshot { searcher, columns, fields })
    }

    /// The segments with their columns.
    pub(super) fn segments(&self) -> impl Iterator<Item = (&SegmentReader, &Columns)> {
        self.searcher.segment_readers().iter().zip(self.columns.iter().map(Arc::as_ref))
    }
}

/// A column of labels: each document has any number of them, out of few different ones.
pub(super) struct Labels {
    /// Positions in `values`, by document.
    pub ordinals: Column<u64>,
    /// The different labels, sorted.
    pub values: Vec<String>,
}

/// The columns of one segment.
pub(super) struct Columns {
    segment: SegmentId,
    pub kind: Labels,
    pub research_field: Labels,
    pub ipc: Labels,
    pub ipc_class: Labels,
    pub transfer_form: Labels,
    pub organization: Labels,
    pub organization_kind: Labels,
    pub province: Labels,
    pub language: Labels,
    pub trl: Labels,
    pub verified: Labels,
    pub id_high: Column<u64>,
    pub id_low: Column<u64>,
    pub published_at: Column<i64>,
    pub price_low: Column<i64>,
    pub price_high: Column<i64>,
}

impl Columns {
    fn open(reader: &SegmentReader) -> Result<Columns, SearchError> {
        let fast = reader.fast_fields();
        let labels = |name: &str| Labels::open(reader, name);
        Ok(Columns {
            segment: reader.segment_id(),
            kind: labels(column::KIND)?,
            research_field: labels(column::RESEARCH_FIELD)?,
            ipc: labels(column::IPC)?,
            ipc_class: labels(column::IPC_CLASS)?,
            transfer_form: labels(column::TRANSFER_FORM)?,
            organization: labels(column::ORGANIZATION)?,
            organization_kind: labels(column::ORGANIZATION_KIND)?,
            province: labels(column::PROVINCE)?,
            language: labels(column::LANGUAGE)?,
            trl: labels(column::TRL)?,
            verified: labels(column::VERIFIED)?,
            id_high: fast.u64(column::ID_HIGH)?,
            id_low: fast.u64(column::ID_LOW)?,
            published_at: fast.i64(column::PUBLISHED_AT)?,
            price_low: fast.i64(column::PRICE_LOW)?,
            price_high: fast.i64(column::PRICE_HIGH)?,
        })
    }

    /// The id of a document, in the order ids sort.
    pub(super) fn id(&self, doc: u32) -> (u64, u64) {
        (self.id_high.first(doc).unwrap_or_default(), self.id_low.first(doc).unwrap_or_default())
    }
}

impl Labels {
    fn open(reader: &SegmentReader, name: &str) -> Result<Labels, SearchError> {
        let Some(column) = reader.fast_fields().str(name)? else {
            return Ok(Labels { ordinals: Column::build_empty_column(reader.max_doc()), values: Vec::new() });
        };
        let mut values = Vec::with_capacity(column.dictionary().num_terms());
        let mut stream = column.dictionary().stream()?;
        while stream.advance() {
            values.push(String::from_utf8_lossy(stream.key()).into_owned());
        }
        Ok(Labels { ordinals: column.ords().clone(), values })
    }

    /// The labels of a document.
    pub(super) fn of(&self, doc: u32) -> impl Iterator<Item = &str> {
        self.ordinals.values_for_doc(doc).filter_map(|ordinal| self.value(ordinal))
    }

    fn value(&self, ordinal: u64) -> Option<&str> {
        self.values.get(usize::try_from(ordinal).ok()?).map(String::as_str)
    }
}
