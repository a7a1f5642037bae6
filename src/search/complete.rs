//! As-you-type suggestions: which of the texts an engine came up with complete what was typed so far.

use std::collections::HashSet;

use super::words::{term, words};

/// Words of the prefix that are used.
const MOST_WORDS: usize = 12;

/// What is being typed, and the texts that complete it.
pub(super) struct Completing {
    /// The words that are complete.
    pub typed: Vec<String>,
    /// The word that may be unfinished.
    pub last: String,
    starting: Vec<String>,
    holding: Vec<String>,
    seen: HashSet<Vec<String>>,
}

impl Completing {
    /// For this prefix; nothing where it has no word.
    pub(super) fn new(prefix: &str) -> Option<Completing> {
        let mut typed: Vec<String> = words(prefix).take(MOST_WORDS).map(|word| term(word.text)).collect();
        let last = typed.pop()?;
        Some(Completing { typed, last, starting: Vec::new(), holding: Vec::new(), seen: HashSet::new() })
    }

    /// Takes a text if it completes what was typed; those offered first are better.
    pub(super) fn offer(&mut self, text: &str) {
        let terms: Vec<String> = words(text).map(|word| term(word.text)).collect();
        let begins = terms.starts_with(&self.typed)
            && terms.get(self.typed.len()).is_some_and(|term| term.starts_with(&self.last));
        let holds =
            self.typed.iter().all(|word| terms.contains(word)) && terms.iter().any(|term| term.starts_with(&self.last));
        if (begins || holds) && self.seen.insert(terms) {
            let list = if begins { &mut self.starting } else { &mut self.holding };
            list.push(text.to_owned());
        }
    }

    /// The best ones: those that begin with what was typed come before those that hold it.
    pub(super) fn best(mut self, limit: usize) -> Vec<String> {
        self.starting.append(&mut self.holding);
        self.starting.truncate(limit);
        self.starting
    }
}
