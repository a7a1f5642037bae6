//! The words of a query, as they are sent and compared.

use std::collections::HashSet;

use crate::search::synonyms::Synonyms;
use crate::search::words::{Word, exact, term, words};

/// Words of a query that are read.
const MOST_READ: usize = 160;
/// Words of the longest phrase whose synonyms the server looks up.
const LONGEST_PHRASE: usize = 3;

/// The words of a query.
#[derive(Debug)]
pub(super) struct Text {
    /// In compared form.
    pub words: Vec<String>,
    /// The exact forms of those that have one of their own.
    pub exact: HashSet<String>,
    /// Whether the last one may be unfinished.
    pub typing: bool,
}

impl Text {
    /// Reads a query.
    pub(super) fn new(text: &str, synonyms: &Synonyms) -> Text {
        let read: Vec<Word<'_>> = words(text).take(MOST_READ).collect();
        let terms: Vec<String> = read.iter().map(|word| term(word.text)).collect();
        let last = terms.last().cloned();
        // The server knows synonyms of up to three words, and finds a longer one from any of the others.
        let words = synonyms.shorten(terms, LONGEST_PHRASE);
        Text {
            typing: words.last() == last.as_ref() && read.last().is_none_or(|word| word.end() == text.len()),
            words,
            exact: read.iter().filter_map(|word| exact(word.text)).collect(),
        }
    }

    /// As it is sent, without anything the server would take for an instruction; a blank at the end says that the last
    /// word is complete.
    pub(super) fn asked(&self) -> String {
        let mut asked = self.words.join(" ");
        if !asked.is_empty() && !self.typing {
            asked.push(' ');
        }
        asked
    }
}
