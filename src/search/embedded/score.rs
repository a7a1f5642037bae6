//! Scores every document against a [`Plan`], clause by clause.
//!
//! Facets and totals need all matches, so nothing is gained by skipping: each posting list is read once and added into
//! one cell per document. A clause scores like BM25, a document taking its best variant; all variants share one rarity
//! (that of the clause), so an exotic misspelling does not outrank what was meant.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::Postings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, SegmentReader, TERMINATED};

use super::plan::{Clause, Lane, Plan};
use super::snapshot::Snapshot;
use crate::search::index::SearchError;

/// Saturation of repeated words.
const K1: f32 = 1.2;
/// Share of the best coverage below which a document no longer matches a short query.
const ENOUGH: f32 = 0.5;
/// In a long query, about as many words must be met as this.
const ENOUGH_WORDS: f32 = 2.0;

/// Weight of a lane, and how much a long field counts against a document there.
fn tuning(lane: Lane) -> (f32, f32) {
    match lane {
        Lane::Text => (1.0, 0.75),
        Lane::Head => (1.0, 0.6),
        Lane::Exact => (0.3, 0.75),
        Lane::Pairs => (0.5, 0.75),
    }
}

/// What a document has gathered.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cell {
    /// Relevance.
    pub score: f32,
    /// Rarity of the words it holds, summed.
    coverage: f32,
}

/// The scores of all documents, segment by segment.
pub(super) struct Scores {
    segments: Vec<Vec<Cell>>,
    threshold: f32,
}

impl Scores {
    /// Scores everything.
    pub(super) fn of(plan: &Plan, snapshot: &Snapshot) -> Result<Scores, SearchError> {
        let mut lanes = Lanes::default();
        for clause in &plan.clauses {
            lanes.open(clause.lane, snapshot)?;
        }
        let documents = snapshot.searcher.segment_readers().iter().map(|reader| u64::from(reader.max_doc())).sum();
        let mut segments: Vec<Vec<Cell>> = snapshot.searcher.segment_readers().iter().map(cells).collect();
        let mut best = Best::default();
        for clause in &plan.clauses {
            if let Some(lane) = lanes.get(clause.lane) {
                let rarity = rarity(lane.frequency(clause)?, documents);
                for (part, cells) in lane.segments.iter().zip(&mut segments) {
                    part.add(clause, rarity, &mut best, cells)?;
                }
            }
        }
        let words = plan.clauses.iter().filter(|clause| clause.counts).count();
        let enough = ENOUGH.min(ENOUGH_WORDS / words.max(1) as f32);
        let mut covered: f32 = 0.0;
        for (reader, cells) in snapshot.searcher.segment_readers().iter().zip(&mut segments) {
            covered = covered.max(settle(reader, cells));
        }
        Ok(Scores { segments, threshold: covered * enough })
    }

    /// What a document has gathered, whether it matches or not.
    pub(super) fn of_document(&self, segment: usize, doc: u32) -> f32 {
        let cell = self.segments.get(segment).and_then(|cells| cells.get(doc as usize));
        cell.map_or(0.0, |cell| cell.score)
    }

    /// The matching documents of a segment with their scores.
    pub(super) fn matches(&self, segment: usize) -> impl Iterator<Item = (u32, f32)> {
        let cells = self.segments.get(segment).map(Vec::as_slice).unwrap_or_default();
        let matching = move |cell: &Cell| cell.coverage > 0.0 && cell.coverage >= self.threshold;
        (0..).zip(cells).filter(move |(_, cell)| matching(cell)).map(|(doc, cell)| (doc, cell.score))
    }
}

fn cells(reader: &SegmentReader) -> Vec<Cell> {
    vec![Cell::default(); reader.max_doc() as usize]
}

/// Clears deleted documents and answers the best coverage of the others.
fn settle(reader: &SegmentReader, cells: &mut [Cell]) -> f32 {
    if let Some(alive) = reader.alive_bitset() {
        for (doc, cell) in (0..).zip(cells.iter_mut()) {
            if !alive.is_alive(doc) {
                *cell = Cell::default();
            }
        }
    }
    cells.iter().fold(0.0, |best, cell| best.max(cell.coverage))
}

/// Inverse document frequency.
fn rarity(frequency: u64, documents: u64) -> f32 {
    let frequency = frequency.min(documents) as f32;
    (1.0 + (documents as f32 - frequency + 0.5) / (frequency + 0.5)).ln()
}

/// The lanes a plan uses.
#[derive(Default)]
struct Lanes(Vec<(Lane, Opened)>);

/// A lane over all segments.
struct Opened {
    segments: Vec<Part>,
}

/// A lane in one segment.
struct Part {
    inverted: Arc<InvertedIndexReader>,
    /// Where a term of two words is looked up that stands among single words.
    pairs: Option<Arc<InvertedIndexReader>>,
    lengths: FieldNormReader,
    /// For each length code, what is added to the count of a word in BM25's fraction.
    damping: [f32; 256],
    boost: f32,
}

impl Lanes {
    fn open(&mut self, lane: Lane, snapshot: &Snapshot) -> Result<(), SearchError> {
        if self.get(lane).is_none() {
            let fields = snapshot.fields;
            let field = match lane {
                Lane::Text => fields.text,
                Lane::Head => fields.head,
                Lane::Exact => fields.exact,
                Lane::Pairs => fields.pairs,
            };
            self.0.push((lane, Opened::new(lane, field, snapshot)?));
        }
        Ok(())
    }

    fn get(&self, lane: Lane) -> Option<&Opened> {
        self.0.iter().find(|(opened, _)| *opened == lane).map(|(_, opened)| opened)
    }
}

impl Opened {
    fn new(lane: Lane, field: Field, snapshot: &Snapshot) -> Result<Opened, SearchError> {
        let (boost, weight_of_length) = tuning(lane);
        let readers = snapshot.searcher.segment_readers();
        let mut inverted = Vec::with_capacity(readers.len());
        let mut pairs = Vec::with_capacity(readers.len());
        let (mut tokens, mut documents) = (0, 0);
        for reader in readers {
            let segment = reader.inverted_index(field)?;
            tokens += segment.total_num_tokens();
            documents += u64::from(reader.max_doc());
            inverted.push(segment);
            pairs.push((lane == Lane::Text).then(|| reader.inverted_index(snapshot.fields.pairs)).transpose()?);
        }
        let average = (tokens as f32 / documents.max(1) as f32).max(1.0);
        let mut damping = [0.0; 256];
        for (code, damping) in (0..=u8::MAX).zip(&mut damping) {
            let length = FieldNormReader::id_to_fieldnorm(code) as f32;
            *damping = K1 * (1.0 - weight_of_length + weight_of_length * length / average);
        }
        let segments = readers
            .iter()
            .zip(inverted.into_iter().zip(pairs))
            .map(|(reader, (inverted, pairs))| {
                let lengths = reader.get_fieldnorms_reader(field)?;
                Ok(Part { inverted, pairs, lengths, damping, boost })
            })
            .collect::<Result<_, SearchError>>()?;
        Ok(Opened { segments })
    }

    /// In how many documents the clause is met, weighted by how sure each variant is.
    fn frequency(&self, clause: &Clause) -> Result<u64, SearchError> {
        let mut frequency = 0.0;
        for variant in &clause.variants {
            for part in &self.segments {
                let found = part.reader(&variant.term).terms().get(&variant.term)?;
                frequency += found.map_or(0.0, |info| info.doc_freq as f32) * variant.weight;
            }
        }
        Ok(frequency.ceil() as u64)
    }
}

/// The best variant of the present clause, for the documents touched so far.
#[derive(Default)]
struct Best {
    cells: Vec<Cell>,
    touched: Vec<u32>,
}

impl Part {
    fn add(&self, clause: &Clause, rarity: f32, best: &mut Best, cells: &mut [Cell]) -> Result<(), SearchError> {
        let counted = if clause.counts { rarity } else { 0.0 };
        if let [variant] = clause.variants.as_slice() {
            return self.each(&variant.term, |doc, share| {
                if let Some(cell) = cells.get_mut(doc as usize) {
                    cell.score += share * rarity * variant.weight;
                    cell.coverage += counted * variant.weight;
                }
            });
        }
        if best.cells.len() < cells.len() {
            best.cells.resize(cells.len(), Cell::default());
        }
        for variant in &clause.variants {
            self.each(&variant.term, |doc, share| {
                if let Some(cell) = best.cells.get_mut(doc as usize) {
                    if cell.coverage == 0.0 {
                        best.touched.push(doc);
                    }
                    cell.score = cell.score.max(share * variant.weight);
                    cell.coverage = cell.coverage.max(variant.weight);
                }
            })?;
        }
        for doc in best.touched.drain(..) {
            if let (Some(from), Some(to)) = (best.cells.get_mut(doc as usize), cells.get_mut(doc as usize)) {
                to.score += from.score * rarity;
                to.coverage += from.coverage * counted;
                *from = Cell::default();
            }
        }
        Ok(())
    }

    fn reader(&self, term: &str) -> &InvertedIndexReader {
        self.pairs.as_deref().filter(|_| term.contains(' ')).unwrap_or(&self.inverted)
    }

    /// Visits each document with the term, with the term's BM25 share before rarity.
    fn each(&self, term: &str, mut visit: impl FnMut(u32, f32)) -> Result<(), SearchError> {
        let reader = self.reader(term);
        let Some(info) = reader.terms().get(term)? else {
            return Ok(());
        };
        let mut postings = reader.read_postings_from_terminfo(&info, IndexRecordOption::WithFreqs)?;
        let mut doc = postings.doc();
        while doc != TERMINATED {
            let count = postings.term_freq() as f32;
            let damping = self.damping.get(usize::from(self.lengths.fieldnorm_id(doc))).copied().unwrap_or(K1);
            visit(doc, self.boost * count * (K1 + 1.0) / (count + damping));
            doc = postings.advance();
        }
        Ok(())
    }
}
