//! The words an index field knows: how frequent, how completed, which ones are near to a misspelt word.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::Searcher;
use tantivy::index::InvertedIndexReader;
use tantivy::schema::Field;

use super::snapshot::Snapshot;
use crate::search::index::SearchError;

/// How many words of one segment an expansion looks at.
const SCAN: usize = 2_048;

/// A word of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    /// The word.
    pub term: String,
    /// How many documents hold it.
    pub frequency: u64,
}

/// The words of one field over all segments.
pub(super) struct Dictionary {
    segments: Vec<Arc<InvertedIndexReader>>,
}

impl Dictionary {
    /// The dictionary of a field.
    pub(super) fn open(searcher: &Searcher, field: Field) -> Result<Dictionary, SearchError> {
        let segments =
            searcher.segment_readers().iter().map(|reader| reader.inverted_index(field)).collect::<Result<_, _>>()?;
        Ok(Dictionary { segments })
    }

    /// How many documents hold the term.
    pub(super) fn frequency(&self, term: &str) -> Result<u64, SearchError> {
        let mut frequency = 0;
        for segment in &self.segments {
            frequency += segment.terms().get(term)?.map_or(0, |info| u64::from(info.doc_freq));
        }
        Ok(frequency)
    }

    /// Terms that start with the prefix, most frequent first.
    pub(super) fn completions(&self, prefix: &str, limit: usize) -> Result<Vec<Known>, SearchError> {
        let mut found = Found::default();
        for segment in &self.segments {
            let mut terms = segment.terms().range().ge(prefix).into_stream()?;
            let mut scanned = 0;
            while scanned < SCAN && terms.advance() && terms.key().starts_with(prefix.as_bytes()) {
                if let Ok(term) = std::str::from_utf8(terms.key()) {
                    found.add(term, terms.value().doc_freq);
                }
                scanned += 1;
            }
        }
        Ok(found.most_frequent(limit))
    }
}

/// Words of the texts at most this many edits away (a swap of neighbours is one), most frequent first.
pub(super) fn near(snapshot: &Snapshot, term: &str, edits: usize, limit: usize) -> Vec<Known> {
    let mut found = Found::default();
    for columns in &snapshot.columns {
        columns.words.near(term, edits, |word, documents| found.add(word, documents));
    }
    found.most_frequent(limit)
}

/// Terms gathered from several segments.
#[derive(Default)]
struct Found(HashMap<String, u64>);

impl Found {
    fn add(&mut self, term: &str, documents: u32) {
        let frequency = u64::from(documents);
        match self.0.get_mut(term) {
            Some(known) => *known += frequency,
            None => {
                self.0.insert(term.to_owned(), frequency);
            }
        }
    }

    fn most_frequent(self, limit: usize) -> Vec<Known> {
        let mut known: Vec<Known> = self.0.into_iter().map(|(term, frequency)| Known { term, frequency }).collect();
        known.sort_unstable_by(|a, b| b.frequency.cmp(&a.frequency).then_with(|| a.term.cmp(&b.term)));
        known.truncate(limit);
        known
    }
}
