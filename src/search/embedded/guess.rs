//! What a word may have been meant as: repairs, completions, splits and joins.
//!
//! Vietnamese syllables are short, so one letter more or less reaches many of them. What tells them apart are the
//! neighbours: of the words similar to `pan` in `pan mem`, `phan` is the one known to stand before `mem`.

use super::dictionary::{Known, near};
use super::plan::{Clause, Lane, Variant};
use super::planner::{MOST_REPAIRS, MOST_VARIANTS, Planner, Slot};
use crate::search::index::SearchError;
use crate::search::words::pair;

/// Up to this many words, a known word that fits none of its neighbours is suspected of being a slip.
const SUSPECT_UP_TO: usize = 10;
/// Similar words that are tried on the neighbours.
const MOST_SIMILAR: usize = 64;
/// Similar words that fit no neighbour, kept beside those that do.
const FEW_VARIANTS: usize = 2;
/// From this length, a word with nothing near may be two edits away.
const LONG_WORD: usize = 7;
/// Weight of a similar word that nothing but its frequency speaks for.
const UNSURE: f32 = 0.5;
/// Weight of a repair that something else speaks for.
const SURE: f32 = 0.9;
/// Weight of a repair of a word that exists as it was written.
const SLIP: f32 = 0.7;
/// Weight of completions of a word that is not complete, and of one that may be.
const COMPLETION: f32 = 0.8;
const FURTHER: f32 = 0.4;

impl Planner<'_> {
    /// Gives misspelt words the words they may have been meant as.
    pub(super) fn repair(&mut self) -> Result<(), SearchError> {
        let mut repairs = 0;
        let few = self.slots.len() <= SUSPECT_UP_TO && self.slots.len() > 1;
        for at in 0..self.sequence.len() {
            let Some(slot) = self.slot(at) else {
                continue;
            };
            let unknown = slot.frequency == 0 && slot.variants.is_empty();
            if repairs == MOST_REPAIRS || !slot.used || !(unknown || few && slot.variants.len() == 1) {
                continue;
            }
            let term = slot.term.clone();
            if !unknown && self.fits(at, &term)? > 0 {
                continue;
            }
            repairs += 1;
            let meant = self.meant(at, &term, unknown)?;
            if let Some(slot) = self.slot_mut(at) {
                slot.variants.extend(meant);
            }
        }
        Ok(())
    }

    /// Similar words, those first that are known to stand next to the neighbours.
    fn meant(&mut self, at: usize, term: &str, unknown: bool) -> Result<Vec<Variant>, SearchError> {
        let length = term.chars().count();
        if length < 2 && !self.has_neighbours(at) {
            return Ok(Vec::new());
        }
        let mut similar = near(self.snapshot, term, 1, MOST_SIMILAR);
        if similar.is_empty() && unknown && length >= LONG_WORD {
            similar = near(self.snapshot, term, 2, MOST_SIMILAR);
        }
        let mut fitting: Vec<(u64, Known)> = Vec::new();
        let mut others = Vec::new();
        for known in similar {
            match self.fits(at, &known.term)? {
                0 => others.push(known),
                fit => fitting.push((fit, known)),
            }
        }
        fitting.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit));
        let weight = if unknown { SURE } else { SLIP };
        let mut variants: Vec<Variant> =
            fitting.into_iter().take(MOST_VARIANTS).map(|(_, known)| Variant::new(known.term, weight)).collect();
        if unknown && length > 2 {
            let spare = if variants.is_empty() { MOST_VARIANTS } else { FEW_VARIANTS };
            variants.extend(others.into_iter().take(spare).map(|known| Variant::new(known.term, UNSURE)));
        }
        Ok(variants)
    }

    fn has_neighbours(&self, at: usize) -> bool {
        at > 0 || at + 1 < self.sequence.len()
    }

    /// In how many documents `term` in this place stands next to what surrounds it.
    fn fits(&mut self, at: usize, term: &str) -> Result<u64, SearchError> {
        let mut fit = 0;
        if let Some(before) = at.checked_sub(1).and_then(|before| self.word(before)) {
            fit += self.pair_frequency(pair(&before, term))?;
        }
        if let Some(after) = self.word(at + 1) {
            fit += self.pair_frequency(pair(term, &after))?;
        }
        Ok(fit)
    }

    /// The word in this place, if the index knows it.
    fn word(&self, at: usize) -> Option<String> {
        let slot = self.slot(at)?;
        (slot.frequency > 0).then(|| slot.term.clone())
    }

    fn slot(&self, at: usize) -> Option<&Slot> {
        self.slots.get(*self.sequence.get(at)?)
    }

    fn slot_mut(&mut self, at: usize) -> Option<&mut Slot> {
        self.slots.get_mut(*self.sequence.get(at)?)
    }

    /// Completes the last word: as its neighbour suggests, then by frequency.
    pub(super) fn complete(&mut self) -> Result<(), SearchError> {
        let Some(last) = self.sequence.len().checked_sub(1) else {
            return Ok(());
        };
        let before = last.checked_sub(1).and_then(|before| self.word(before));
        let Some(slot) = self.sequence.get(last).and_then(|&position| self.slots.get_mut(position)) else {
            return Ok(());
        };
        let weight = if slot.frequency > 0 { FURTHER } else { COMPLETION };
        let mut completions = Vec::new();
        if let Some(before) = before {
            let known = self.pairs.completions(&pair(&before, &slot.term), MOST_VARIANTS)?;
            completions.extend(known.into_iter().filter_map(|known| Some(known.term.split_once(' ')?.1.to_owned())));
        }
        if completions.is_empty() && slot.term.len() > 1 || self.sequence.len() == 1 {
            let known = self.text.completions(&slot.term, MOST_VARIANTS)?;
            completions.extend(known.into_iter().map(|known| known.term));
        }
        slot.used |= !completions.is_empty();
        for term in completions {
            if slot.variants.iter().all(|variant| variant.term != term) {
                slot.variants.push(Variant::new(term, weight));
            }
        }
        Ok(())
    }

    /// Finds `vikhuan` as `vi khuan`, where no similar word fits.
    pub(super) fn split(&mut self) -> Result<(), SearchError> {
        let unknown = |slot: &&mut Slot| slot.used && slot.frequency == 0 && slot.term.len() > 3;
        for slot in self.slots.iter_mut().filter(unknown) {
            if slot.variants.iter().any(|variant| variant.weight > UNSURE) {
                continue;
            }
            let mut variants = Vec::new();
            for (at, _) in slot.term.char_indices().skip(1) {
                let (first, second) = slot.term.split_at(at);
                let term = pair(first, second);
                if self.pairs.frequency(&term)? > 0 {
                    variants.push(Variant::new(term, SURE));
                }
            }
            if !variants.is_empty() {
                slot.variants.clear();
                self.plan.clauses.push(Clause::matching(Lane::Pairs, variants));
            }
        }
        Ok(())
    }

    /// Finds `tele phone` as `telephone`, where the two do not stand side by side anywhere.
    pub(super) fn join(&mut self) -> Result<(), SearchError> {
        let neighbours: Vec<(usize, usize)> = self.adjacent().take(SUSPECT_UP_TO).collect();
        for (first, second) in neighbours {
            let (Some(a), Some(b)) = (self.slots.get(first), self.slots.get(second)) else {
                continue;
            };
            let (apart, joined) = (pair(&a.term, &b.term), format!("{}{}", a.term, b.term));
            if self.pair_frequency(apart)? > 0 || self.text.frequency(&joined)? == 0 {
                continue;
            }
            for position in [first, second] {
                if let Some(slot) = self.slots.get_mut(position) {
                    slot.variants.push(Variant::new(joined.clone(), SURE));
                }
            }
        }
        Ok(())
    }
}
