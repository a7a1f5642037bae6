//! What one search reads: an unchanging view of the index with its columns opened.
//!
//! Segments never change, so the columns of a segment are opened once and shared by later snapshots.

use std::sync::Arc;

use tantivy::columnar::Column;
use tantivy::index::SegmentId;
use tantivy::{Searcher, SegmentReader};

use super::schema::{Fields, column};
use super::vocabulary::Vocabulary;
use crate::search::dimension::Dimension;
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
                None => Columns::open(reader, fields).map(Arc::new),
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
    /// The words of its texts.
    pub words: Vocabulary,
    /// One for each dimension, in their order.
    dimensions: Vec<Labels>,
    /// What a missing one would hold.
    none: Labels,
    pub organization: Labels,
    pub verified: Labels,
    pub id_high: Column<u64>,
    pub id_low: Column<u64>,
    pub published_at: Column<i64>,
    pub confirmed_at: Column<i64>,
    pub price_low: Column<i64>,
    pub price_high: Column<i64>,
}

impl Columns {
    fn open(reader: &SegmentReader, fields: Fields) -> Result<Columns, SearchError> {
        let fast = reader.fast_fields();
        let labels = |name: &str| Labels::open(reader, name);
        Ok(Columns {
            segment: reader.segment_id(),
            words: Vocabulary::open(&*reader.inverted_index(fields.text)?)?,
            dimensions: Dimension::ALL.iter().map(|it| labels(it.name())).collect::<Result<_, _>>()?,
            none: Labels::none(reader),
            organization: labels(column::ORGANIZATION)?,
            verified: labels(column::VERIFIED)?,
            id_high: fast.u64(column::ID_HIGH)?,
            id_low: fast.u64(column::ID_LOW)?,
            published_at: fast.i64(column::PUBLISHED_AT)?,
            confirmed_at: fast.i64(column::CONFIRMED_AT)?,
            price_low: fast.i64(column::PRICE_LOW)?,
            price_high: fast.i64(column::PRICE_HIGH)?,
        })
    }

    /// The labels of a dimension.
    pub(super) fn labels(&self, dimension: Dimension) -> &Labels {
        self.dimensions.get(dimension as usize).unwrap_or(&self.none)
    }

    /// The id of a document, in the order ids sort.
    pub(super) fn id(&self, doc: u32) -> (u64, u64) {
        (self.id_high.first(doc).unwrap_or_default(), self.id_low.first(doc).unwrap_or_default())
    }
}

impl Labels {
    fn open(reader: &SegmentReader, name: &str) -> Result<Labels, SearchError> {
        let Some(column) = reader.fast_fields().str(name)? else {
            return Ok(Labels::none(reader));
        };
        let mut values = Vec::with_capacity(column.dictionary().num_terms());
        let mut stream = column.dictionary().stream()?;
        while stream.advance() {
            values.push(String::from_utf8_lossy(stream.key()).into_owned());
        }
        Ok(Labels { ordinals: column.ords().clone(), values })
    }

    fn none(reader: &SegmentReader) -> Labels {
        Labels { ordinals: Column::build_empty_column(reader.max_doc()), values: Vec::new() }
    }

    /// The labels of a document.
    pub(super) fn of(&self, doc: u32) -> impl Iterator<Item = &str> {
        self.ordinals.values_for_doc(doc).filter_map(|ordinal| self.value(ordinal))
    }

    fn value(&self, ordinal: u64) -> Option<&str> {
        self.values.get(usize::try_from(ordinal).ok()?).map(String::as_str)
    }
}
