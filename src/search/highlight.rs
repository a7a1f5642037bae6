//! Cuts fragments out of stored texts and marks the matching words.
//!
//! Independent of the engine: it needs only the terms that matched, in the form of
//! [`term`](super::words::term).

use std::collections::HashMap;

use super::query::{Highlight, HighlightField, Segment};
use super::words::{Word, term_into, words};
use crate::kernel::fold::fold_into;

/// Length of a fragment in bytes, before it is widened to whole words.
const FRAGMENT: usize = 200;
/// Text before the first match of a fragment.
const LEAD: usize = 40;
/// Bytes of a text that are looked through.
const LOOK: usize = 8_192;
/// Matches of a text that are weighed.
const MOST_MATCHES: usize = 256;

/// Marks the words of one query.
pub(super) struct Highlighter {
    terms: HashMap<String, usize>,
    /// Whether a term starts with this byte: most words of a text are ruled out by their first letter.
    first: [bool; 256],
}

/// A matching word.
struct Mark {
    start: usize,
    end: usize,
    term: usize,
}

impl Highlighter {
    /// For these terms.
    pub(super) fn new<'a>(terms: impl Iterator<Item = &'a str>) -> Highlighter {
        let mut highlighter = Highlighter { terms: HashMap::new(), first: [false; 256] };
        for term in terms {
            let number = highlighter.terms.len();
            highlighter.terms.entry(term.to_owned()).or_insert(number);
            if let Some(first) = term.bytes().next().and_then(|byte| highlighter.first.get_mut(usize::from(byte))) {
                *first = true;
            }
        }
        highlighter
    }

    /// The best fragment of a text (the whole of a title), or nothing where no word matches.
    pub(super) fn highlight(&self, field: HighlightField, text: &str) -> Option<Highlight> {
        let marks = self.marks(text);
        let (from, to) = match field {
            HighlightField::Title => (0, text.len()),
            HighlightField::Summary | HighlightField::Body => around(text, best(&marks)?),
        };
        let segments = segments(text, from, to, &marks);
        segments.iter().any(|segment| segment.hit).then_some(Highlight { field, segments })
    }

    fn marks(&self, text: &str) -> Vec<Mark> {
        let mut buffer = String::new();
        words(text)
            .take_while(|word| word.start < LOOK)
            .filter_map(|word| {
                let term = self.matching(&word, &mut buffer)?;
                Some(Mark { start: word.start, end: word.end(), term })
            })
            .take(MOST_MATCHES)
            .collect()
    }

    fn matching(&self, word: &Word<'_>, buffer: &mut String) -> Option<usize> {
        let letter = word.text.chars().next()?;
        buffer.clear();
        fold_into(letter.encode_utf8(&mut [0; 4]), buffer);
        let first = buffer.bytes().next()?;
        if !*self.first.get(usize::from(first))? {
            return None;
        }
        term_into(word.text, buffer);
        self.terms.get(buffer.as_str()).copied()
    }
}

/// The first mark of the stretch that holds the most different terms, then the most marks.
fn best(marks: &[Mark]) -> Option<&Mark> {
    let mut best: Option<(usize, &Mark)> = None;
    for (at, mark) in marks.iter().enumerate() {
        let stretch = marks.iter().skip(at).take_while(|other| other.end <= mark.start + FRAGMENT - LEAD);
        let (mut seen, mut different, mut all) = (0u64, 0, 0);
        for other in stretch {
            let bit = 1u64 << (other.term % 64);
            different += usize::from(seen & bit == 0);
            seen |= bit;
            all += 1;
        }
        let worth = different * MOST_MATCHES + all;
        if best.is_none_or(|(known, _)| worth > known) {
            best = Some((worth, mark));
        }
    }
    best.map(|(_, mark)| mark)
}

/// The bounds of the fragment that shows a mark, at whole words.
fn around(text: &str, mark: &Mark) -> (usize, usize) {
    let latest = text.len().saturating_sub(FRAGMENT);
    let wish = mark.start.saturating_sub(LEAD).min(latest);
    let from = if wish == 0 { 0 } else { after_blank(text, wish, mark.start) };
    let wish = from.saturating_add(FRAGMENT);
    let to = if wish >= text.len() { text.len() } else { before_blank(text, wish, mark.end) };
    (from, to)
}

/// The first beginning of a word from `at`, at most `limit`.
fn after_blank(text: &str, at: usize, limit: usize) -> usize {
    let at = (at..=limit).find(|at| text.is_char_boundary(*at)).unwrap_or(limit);
    let blank = text.get(at..limit).and_then(|part| part.char_indices().find(|(_, letter)| letter.is_whitespace()));
    blank.map_or(limit, |(offset, letter)| at + offset + letter.len_utf8())
}

/// The last end of a word up to `at`, at least `limit`.
fn before_blank(text: &str, at: usize, limit: usize) -> usize {
    text.get(limit..).map_or(limit, |rest| {
        let ends = rest.char_indices().filter(|(_, letter)| letter.is_whitespace()).map(|(offset, _)| limit + offset);
        ends.take_while(|end| *end <= at).last().unwrap_or(limit)
    })
}

fn segments(text: &str, from: usize, to: usize, marks: &[Mark]) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut at = from;
    let mut push = |start: usize, end: usize, hit: bool| {
        if let Some(part) = text.get(start..end).filter(|part| !part.is_empty()) {
            segments.push(Segment { text: part.to_owned(), hit });
        }
    };
    for mark in marks.iter().filter(|mark| mark.start >= from && mark.end <= to) {
        push(at, mark.start, false);
        push(mark.start, mark.end, true);
        at = mark.end;
    }
    push(at, to, false);
    segments
}
