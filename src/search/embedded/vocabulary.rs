//! The words of one segment, laid out for finding those that are written almost like another.
//!
//! An automaton over the term dictionary visits most of its upper nodes for every misspelt word. Here the words stand by
//! length, each with a mask of its letters: one edit changes at most two bits, so nearly all words are ruled out by one
//! comparison of integers, and only the rest are looked at letter by letter.

use tantivy::index::InvertedIndexReader;

use crate::search::index::SearchError;
use crate::search::words::distance;

/// The words of a segment.
#[derive(Default)]
pub(super) struct Vocabulary {
    /// By number of letters.
    lengths: Vec<Words>,
}

/// Words of one length.
#[derive(Default)]
struct Words {
    masks: Vec<u32>,
    /// Where in `text` each ends.
    ends: Vec<u32>,
    text: String,
    /// In how many documents each is.
    frequencies: Vec<u32>,
}

impl Vocabulary {
    /// Reads a segment's dictionary.
    pub(super) fn open(terms: &InvertedIndexReader) -> Result<Vocabulary, SearchError> {
        let mut vocabulary = Vocabulary::default();
        let mut stream = terms.terms().stream()?;
        while stream.advance() {
            if let Ok(word) = std::str::from_utf8(stream.key()) {
                vocabulary.add(word, stream.value().doc_freq);
            }
        }
        vocabulary.lengths.iter_mut().for_each(Words::shrink);
        Ok(vocabulary)
    }

    fn add(&mut self, word: &str, frequency: u32) {
        let (length, mask) = outline(word);
        if self.lengths.len() <= length {
            self.lengths.resize_with(length + 1, Words::default);
        }
        if let Some(words) = self.lengths.get_mut(length) {
            words.text.push_str(word);
            words.masks.push(mask);
            words.ends.push(u32::try_from(words.text.len()).unwrap_or(u32::MAX));
            words.frequencies.push(frequency);
        }
    }

    /// Visits the words at most this many edits away (a swap of neighbours is one), itself left out, with the number of
    /// documents each is in.
    pub(super) fn near(&self, term: &str, edits: usize, mut visit: impl FnMut(&str, u32)) {
        let (length, mask) = outline(term);
        let lengths = length.saturating_sub(edits)..=length + edits;
        let most_bits = 2 * u32::try_from(edits).unwrap_or(u32::MAX / 2);
        for words in lengths.filter_map(|length| self.lengths.get(length)) {
            for (at, other) in words.masks.iter().enumerate() {
                if (mask ^ other).count_ones() <= most_bits
                    && let Some((word, frequency)) = words.get(at)
                    && word != term
                    && within(term, word, edits)
                {
                    visit(word, frequency);
                }
            }
        }
    }
}

impl Words {
    fn get(&self, at: usize) -> Option<(&str, u32)> {
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        let word = self.text.get(start as usize..*self.ends.get(at)? as usize)?;
        Some((word, *self.frequencies.get(at)?))
    }

    fn shrink(&mut self) {
        self.masks.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.text.shrink_to_fit();
        self.frequencies.shrink_to_fit();
    }
}

/// How many letters a word has, and which ones.
fn outline(word: &str) -> (usize, u32) {
    word.chars().fold((0, 0), |(length, mask), letter| (length + 1, mask | 1 << (u32::from(letter) & 31)))
}

/// Whether at most so many edits lead from one word to the other.
fn within(a: &str, b: &str, edits: usize) -> bool {
    let (a, b) = differing(a, b);
    // What differs at both ends and is longer than a swap is more than one edit.
    if edits == 1 && a.chars().count().max(b.chars().count()) > 2 {
        return false;
    }
    distance(a, b) <= edits
}

/// The two words without what they begin and end with alike.
fn differing<'a>(a: &'a str, b: &'a str) -> (&'a str, &'a str) {
    let alike = |pair: &(char, char)| pair.0 == pair.1;
    let bytes = |pair: (char, char)| pair.0.len_utf8();
    let begin: usize = a.chars().zip(b.chars()).take_while(alike).map(bytes).sum();
    let (a, b) = (a.get(begin..).unwrap_or_default(), b.get(begin..).unwrap_or_default());
    let end: usize = a.chars().rev().zip(b.chars().rev()).take_while(alike).map(bytes).sum();
    (a.get(..a.len() - end).unwrap_or_default(), b.get(..b.len() - end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn near_words_are_those_within_the_distance(
            words in proptest::collection::btree_set("[a-cđ1]{0,6}", 0..60), term in "[a-cđ1]{0,6}", edits in 1usize..=2,
        ) {
            let mut vocabulary = Vocabulary::default();
            words.iter().for_each(|word| vocabulary.add(word, 7));
            let mut found = Vec::new();
            vocabulary.near(&term, edits, |word, frequency| found.push((word.to_owned(), frequency)));
            found.sort();
            let close = words.iter().filter(|word| **word != term && distance(word, &term) <= edits);
            let expected: Vec<(String, u32)> = close.map(|word| (word.clone(), 7)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
