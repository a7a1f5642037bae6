//! Why a document was found: which words of the query met which words of its texts, and how.

use super::query::{How, WordMatch};
use super::words::{term, words};

/// Matches of one document that are told.
const MOST_MATCHES: usize = 40;
/// Bytes of a text that are looked through.
const LOOK: usize = 8_192;

/// A term that an engine looked up, or found, and why.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reason {
    /// The word of the query, in compared form.
    pub word: String,
    /// What stands in the texts: a term, or two that stand side by side.
    pub term: String,
    /// Why the one leads to the other.
    pub how: How,
}

impl Reason {
    /// The reason, as far as the two words tell it themselves.
    pub(super) fn new(word: &str, term: &str) -> Reason {
        let how = if word == term {
            How::Exact
        } else if term.replace(' ', "") == word {
            How::Joined
        } else if term.starts_with(word) {
            How::Prefix
        } else if term.contains(word) {
            How::Joined
        } else {
            How::Typo
        };
        Reason { word: word.to_owned(), term: term.to_owned(), how }
    }
}

/// The places in these texts that the reasons lead to, each different word of a field once.
pub(super) fn matches<'a>(
    reasons: &[Reason],
    texts: impl IntoIterator<Item = (&'static str, &'a str)>,
) -> Vec<WordMatch> {
    let mut all: Vec<WordMatch> = Vec::new();
    for (field, text) in texts {
        let found: Vec<(&str, String)> =
            words(text).take_while(|word| word.start < LOOK).map(|word| (word.text, term(word.text))).collect();
        for (at, (written, found_term)) in found.iter().enumerate() {
            for reason in reasons {
                let written = match reason.term.split_once(' ') {
                    None if *found_term == reason.term => (*written).to_owned(),
                    Some((first, second)) if found_term == first => match found.get(at + 1) {
                        Some((next, term)) if term == second => format!("{written} {next}"),
                        _ => continue,
                    },
                    _ => continue,
                };
                let new = WordMatch { word: reason.word.clone(), found: written, field, how: reason.how };
                if !all.contains(&new) {
                    all.push(new);
                }
                if all.len() == MOST_MATCHES {
                    return all;
                }
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_tell_how_they_belong_together() {
        for (word, term, how) in [
            ("nuoc", "nuoc", How::Exact),
            ("nuo", "nuoc", How::Prefix),
            ("nuco", "nuoc", How::Typo),
            ("vikhuan", "vi khuan", How::Joined),
            ("phone", "telephone", How::Joined),
        ] {
            assert_eq!(Reason::new(word, term).how, how, "{word} {term}");
        }
    }

    #[test]
    fn each_word_of_a_field_is_told_once() {
        let reasons = [Reason::new("nuoc", "nuoc"), Reason { how: How::Synonym, ..Reason::new("ai", "nhan tao") }];
        let texts = [("title", "Nước, nước và nước"), ("summary", "trí tuệ nhân tạo, tạo nước")];
        let told: Vec<_> =
            matches(&reasons, texts).into_iter().map(|it| (it.word, it.found, it.field, it.how)).collect();
        let told: Vec<_> = told.iter().map(|it| (it.0.as_str(), it.1.as_str(), it.2, it.3)).collect();
        assert_eq!(
            told,
            [
                ("nuoc", "Nước", "title", How::Exact),
                ("nuoc", "nước", "title", How::Exact),
                ("ai", "nhân tạo", "summary", How::Synonym),
                ("nuoc", "nước", "summary", How::Exact),
            ]
        );
    }
}
