//! Words that mean the same, ready to be looked up in a query.

use std::collections::HashMap;

use super::words::{term, words};

/// A word or several, in compared form.
pub(super) type Phrase = Vec<String>;

/// The groups, by each of their phrases.
#[derive(Debug, Default)]
pub(super) struct Synonyms {
    others: HashMap<Phrase, Vec<Phrase>>,
    longest: usize,
}

/// A phrase of a query that has synonyms.
#[derive(Debug, PartialEq)]
pub(super) struct Meaning<'a> {
    /// Position of its first word.
    pub start: usize,
    /// How many words it is.
    pub length: usize,
    /// What means the same.
    pub others: &'a [Phrase],
}

impl Synonyms {
    /// From groups as they were written.
    pub(super) fn new(groups: &[Vec<String>]) -> Synonyms {
        let mut all = Synonyms::default();
        for group in groups {
            let phrases: Vec<Phrase> =
                group.iter().map(|text| words(text).map(|word| term(word.text)).collect()).collect();
            for phrase in phrases.iter().filter(|phrase| !phrase.is_empty()) {
                let others: Vec<Phrase> =
                    phrases.iter().filter(|other| *other != phrase && !other.is_empty()).cloned().collect();
                if !others.is_empty() {
                    all.others.entry(phrase.clone()).or_default().extend(others);
                    all.longest = all.longest.max(phrase.len());
                }
            }
        }
        all
    }

    /// The phrases of a query that have synonyms, the longest from each place, none inside another.
    pub(super) fn meanings(&self, query: &[&str]) -> Vec<Meaning<'_>> {
        let mut found = Vec::new();
        let mut start = 0;
        while start < query.len() {
            let longest = self.longest.min(query.len() - start);
            let meaning = (1..=longest).rev().find_map(|length| {
                let phrase: Phrase = query.get(start..start + length)?.iter().map(|word| (*word).to_owned()).collect();
                Some(Meaning { start, length, others: self.others.get(&phrase)? })
            });
            start += meaning.as_ref().map_or(1, |meaning| meaning.length);
            found.extend(meaning);
        }
        found
    }
}

impl Synonyms {
    /// The words with each phrase that is longer than `most` words replaced by its shortest synonym, if that is no longer.
    pub(super) fn shorten(&self, query: Vec<String>, most: usize) -> Vec<String> {
        let words: Vec<&str> = query.iter().map(String::as_str).collect();
        let long = |meaning: &Meaning<'_>| meaning.length > most;
        let short = |meaning: &Meaning<'_>| {
            let other = meaning.others.iter().min_by_key(|other| other.len()).filter(|other| other.len() <= most)?;
            Some((meaning.start, meaning.length, other.clone()))
        };
        let found: Vec<_> = self.meanings(&words).iter().filter(|meaning| long(meaning)).filter_map(short).collect();
        let mut query = query;
        for (start, length, other) in found.into_iter().rev() {
            query.splice(start..start + length, other);
        }
        query
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_is_found_however_it_is_written() {
        let group = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let synonyms =
            Synonyms::new(&[group(&["AI", "Trí tuệ nhân tạo"]), group(&["nhân tạo", "artificial"]), group(&["x"])]);
        let found = synonyms.meanings(&["dung", "tri", "tue", "nhan", "tao", "x", "ai"]);
        let places: Vec<_> = found.iter().map(|meaning| (meaning.start, meaning.length)).collect();
        assert_eq!(places, [(1, 4), (6, 1)]);
        assert_eq!(found[0].others, [["ai".to_owned()]]);
        let query = ["dung", "tri", "tue", "nhan", "tao", "tot"].map(str::to_owned).to_vec();
        assert_eq!(synonyms.shorten(query.clone(), 3), ["dung", "ai", "tot"]);
        assert_eq!(synonyms.shorten(query.clone(), 4), query);
        assert!(Synonyms::default().meanings(&["ai"]).is_empty());
    }
}
