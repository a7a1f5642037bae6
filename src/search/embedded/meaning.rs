//! Adds what means the same as the words of a query.

use super::plan::Variant;
use super::planner::Planner;
use crate::search::explain::Reason;
use crate::search::index::SearchError;
use crate::search::query::How;
use crate::search::synonyms::{Phrase, Synonyms};
use crate::search::words::pair;

/// Weight of a synonym against the word that was asked for.
const SYNONYM: f32 = 0.8;
/// Synonyms of one phrase that are looked up.
const MOST_SYNONYMS: usize = 8;

impl Planner<'_> {
    /// Gives every word of a phrase the phrase's synonyms, so that a document that holds one of them has met them all.
    pub(super) fn add_synonyms(&mut self, synonyms: &Synonyms) -> Result<(), SearchError> {
        let slot = |position: &usize| self.slots.get(*position).map(|slot| slot.term.as_str());
        let query: Vec<&str> = self.sequence.iter().filter_map(slot).collect();
        for meaning in synonyms.meanings(&query) {
            let mut variants = Vec::new();
            for other in meaning.others.iter().take(MOST_SYNONYMS) {
                variants.extend(self.telling(other)?.map(|term| Variant::new(term, SYNONYM)));
            }
            for at in meaning.start..meaning.start + meaning.length {
                let Some(slot) = self.sequence.get(at).and_then(|&position| self.slots.get_mut(position)) else {
                    continue;
                };
                slot.used |= !variants.is_empty();
                let new = variants.iter().filter(|new| slot.variants.iter().all(|known| known.term != new.term));
                let new: Vec<Variant> = new.cloned().collect();
                let reasons = new.iter().map(|new| Reason { how: How::Synonym, ..Reason::new(&slot.term, &new.term) });
                self.plan.reasons.extend(reasons);
                slot.variants.extend(new);
            }
        }
        Ok(())
    }

    /// Notes for each word what is looked up for it, besides its synonyms, which are noted already.
    pub(super) fn give_reasons(&mut self) {
        let mut reasons = Vec::new();
        for slot in self.slots.iter().filter(|slot| slot.used) {
            let known = |term: &str| self.plan.reasons.iter().any(|it| it.word == slot.term && it.term == term);
            let own = slot.variants.iter().map(|variant| variant.term.as_str()).filter(|term| !known(term));
            let split = self.plan.clauses.iter().filter(|clause| clause.counts).flat_map(|clause| &clause.variants);
            let split = split.map(|variant| variant.term.as_str()).filter(|term| term.replace(' ', "") == slot.term);
            reasons.extend(own.chain(split).map(|term| Reason::new(&slot.term, term)));
        }
        self.plan.reasons.extend(reasons);
    }

    /// The term that stands for a phrase: its only word, or its rarest pair of neighbours; nothing where no document can
    /// hold the phrase.
    fn telling(&mut self, phrase: &Phrase) -> Result<Option<String>, SearchError> {
        if let [word] = phrase.as_slice() {
            return Ok((self.text.frequency(word)? > 0).then(|| word.clone()));
        }
        let mut rarest: Option<(u64, String)> = None;
        for (first, second) in phrase.iter().zip(phrase.iter().skip(1)) {
            let term = pair(first, second);
            match self.pair_frequency(term.clone())? {
                0 => return Ok(None),
                frequency if rarest.as_ref().is_none_or(|(known, _)| frequency < *known) => {
                    rarest = Some((frequency, term))
                }
                _ => {}
            }
        }
        Ok(rarest.map(|(_, term)| term))
    }
}
