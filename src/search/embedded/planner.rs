//! Makes a [`Plan`] out of a query text, with the dictionaries at hand.
//!
//! All work is bounded: long texts keep their rarest words, which carry the relevance.

use std::collections::HashMap;

use super::dictionary::Dictionary;
use super::plan::{Clause, Lane, Plan, Variant};
use super::snapshot::Snapshot;
use crate::search::index::SearchError;
use crate::search::synonyms::Synonyms;
use crate::search::words::{exact, pair, term, words};

/// Bytes of a query that are read.
const LONGEST_TEXT: usize = 4_096;
/// Words of a query that are read.
const MOST_WORDS: usize = 160;
/// Different words that are looked up.
const MOST_SLOTS: usize = 32;
/// Neighbouring pairs that are looked up.
const MOST_PAIRS: usize = 24;
/// Words for which the dictionary is searched for similar ones.
pub(super) const MOST_REPAIRS: usize = 4;
/// Alternatives of one word.
pub(super) const MOST_VARIANTS: usize = 8;

/// A different word of the query.
pub(super) struct Slot {
    /// Folded.
    pub term: String,
    exact: Option<String>,
    /// In how many documents it is.
    pub frequency: u64,
    /// What is looked up for it.
    pub variants: Vec<Variant>,
    /// Whether it is looked up at all.
    pub used: bool,
}

/// The words of a query on their way into a plan.
pub(super) struct Planner<'a> {
    /// The index as it is.
    pub snapshot: &'a Snapshot,
    /// The words of the texts.
    pub text: Dictionary,
    /// The pairs of neighbours.
    pub pairs: Dictionary,
    known_pairs: HashMap<String, u64>,
    /// The query's different words.
    pub slots: Vec<Slot>,
    /// The query's words in order, as positions in `slots`.
    pub sequence: Vec<usize>,
    /// The plan so far.
    pub plan: Plan,
}

impl<'a> Planner<'a> {
    /// Opens the dictionaries.
    pub(super) fn open(snapshot: &'a Snapshot) -> Result<Self, SearchError> {
        Ok(Planner {
            snapshot,
            text: Dictionary::open(&snapshot.searcher, snapshot.fields.text)?,
            pairs: Dictionary::open(&snapshot.searcher, snapshot.fields.pairs)?,
            known_pairs: HashMap::new(),
            slots: Vec::new(),
            sequence: Vec::new(),
            plan: Plan::default(),
        })
    }

    /// Plans a text.
    pub(super) fn plan(mut self, text: &str, synonyms: &Synonyms) -> Result<Plan, SearchError> {
        let typing = self.read(text)?;
        self.thin_out();
        self.repair()?;
        if typing {
            self.complete()?;
        }
        self.split()?;
        self.join()?;
        self.neighbours()?;
        self.add_synonyms(synonyms)?;
        Ok(self.finish())
    }

    /// Plans a text to which others are compared: its rarest pairs of neighbours, or its words where it has no pair that is
    /// known.
    pub(super) fn plan_example(mut self, text: &str) -> Result<Plan, SearchError> {
        self.read(text)?;
        self.neighbours()?;
        if self.plan.clauses.is_empty() {
            self.thin_out();
            return Ok(self.finish());
        }
        self.plan.clauses.iter_mut().for_each(|clause| clause.counts = true);
        Ok(self.plan)
    }

    /// Reads the words; answers whether the last one may still be growing.
    fn read(&mut self, text: &str) -> Result<bool, SearchError> {
        let mut end = LONGEST_TEXT.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let text = text.get(..end).unwrap_or_default();
        let mut positions: HashMap<String, usize> = HashMap::new();
        let mut last_end = 0;
        for word in words(text).take(MOST_WORDS) {
            last_end = word.end();
            let folded = term(word.text);
            if folded.is_empty() {
                continue;
            }
            let position = match positions.get(&folded) {
                Some(position) => *position,
                None => {
                    let frequency = self.text.frequency(&folded)?;
                    let variants = if frequency > 0 { vec![Variant::new(folded.clone(), 1.0)] } else { Vec::new() };
                    let slot = Slot { term: folded.clone(), exact: exact(word.text), frequency, variants, used: true };
                    self.slots.push(slot);
                    positions.insert(folded, self.slots.len() - 1);
                    self.slots.len() - 1
                }
            };
            self.sequence.push(position);
        }
        Ok(last_end == text.len())
    }

    /// Keeps the rarest words of a long text, and few unknown ones.
    fn thin_out(&mut self) {
        let mut order: Vec<(u64, usize)> = Vec::new();
        let mut unknown = 0;
        for (position, slot) in self.slots.iter_mut().enumerate() {
            if slot.frequency > 0 {
                order.push((slot.frequency, position));
            } else {
                unknown += 1;
                slot.used = unknown <= MOST_REPAIRS;
            }
        }
        order.sort_unstable();
        for (_, position) in order.into_iter().skip(MOST_SLOTS) {
            if let Some(slot) = self.slots.get_mut(position) {
                slot.used = false;
            }
        }
    }

    /// In how many documents these neighbours stand.
    pub(super) fn pair_frequency(&mut self, pair: String) -> Result<u64, SearchError> {
        if let Some(frequency) = self.known_pairs.get(&pair) {
            return Ok(*frequency);
        }
        let frequency = self.pairs.frequency(&pair)?;
        self.known_pairs.insert(pair, frequency);
        Ok(frequency)
    }

    /// Neighbours in the query, as positions in `slots`.
    pub(super) fn adjacent(&self) -> impl Iterator<Item = (usize, usize)> {
        self.sequence.iter().copied().zip(self.sequence.iter().copied().skip(1))
    }

    /// Adds the pairs of neighbours that exist, the rarest ones where there are many.
    fn neighbours(&mut self) -> Result<(), SearchError> {
        let mut adjacent: Vec<(usize, usize)> = self.adjacent().collect();
        adjacent.sort_unstable();
        adjacent.dedup();
        let mut found = Vec::new();
        for (first, second) in adjacent {
            let mut frequency = 0;
            let mut variants = Vec::new();
            for option in self.options(first, second) {
                let known = self.pair_frequency(option.term.clone())?;
                if known > 0 {
                    frequency += known;
                    variants.push(option);
                }
            }
            if !variants.is_empty() {
                found.push((frequency, Clause::bonus(Lane::Pairs, variants)));
            }
        }
        found.sort_by_key(|(frequency, _)| *frequency);
        self.plan.clauses.extend(found.into_iter().take(MOST_PAIRS).map(|(_, clause)| clause));
        Ok(())
    }

    /// Every way two neighbours may have been meant together.
    fn options(&self, first: usize, second: usize) -> Vec<Variant> {
        let (Some(a), Some(b)) = (self.slots.get(first), self.slots.get(second)) else {
            return Vec::new();
        };
        if !a.used && !b.used {
            return Vec::new();
        }
        let mut options = Vec::new();
        for a in a.variants.iter().take(MOST_VARIANTS) {
            for b in b.variants.iter().take(MOST_VARIANTS) {
                options.push(Variant::new(pair(&a.term, &b.term), a.weight * b.weight));
            }
        }
        options
    }

    fn finish(mut self) -> Plan {
        self.give_reasons();
        for slot in self.slots.into_iter().filter(|slot| slot.used && !slot.variants.is_empty()) {
            if let Some(term) = slot.exact {
                let variants = vec![Variant::new(term, 1.0)];
                self.plan.clauses.push(Clause::bonus(Lane::Exact, variants));
            }
            self.plan.clauses.push(Clause::bonus(Lane::Head, slot.variants.clone()));
            self.plan.clauses.push(Clause::matching(Lane::Text, slot.variants));
        }
        self.plan
    }
}
