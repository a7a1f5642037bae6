//! Words: how a text is cut, and the forms in which a word is compared.
//!
//! Indexing, query analysis and highlighting all use these functions, so a word that is found is also a word that is
//! marked. A Vietnamese word is several syllables; here each syllable is a word, and neighbours are joined by
//! [`pair`] where their order matters.

use unicode_normalization::UnicodeNormalization;

use crate::kernel::fold::fold_into;

/// Longest word kept, in bytes; what is longer is noise (encoded data) and is compared by its beginning.
const LONGEST: usize = 64;

/// A word and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word<'a> {
    /// Offset of its first byte.
    pub start: usize,
    /// As it was written.
    pub text: &'a str,
}

impl Word<'_> {
    /// Offset after its last byte.
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The words of a text: runs of letters and digits with their marks.
pub(super) fn words(text: &str) -> Words<'_> {
    Words { text, at: 0 }
}

/// Iterator of [`words`].
pub(super) struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for Words<'a> {
    type Item = Word<'a>;

    fn next(&mut self) -> Option<Word<'a>> {
        let rest = self.text.get(self.at..)?;
        let start = self.at + rest.find(is_letter)?;
        let rest = self.text.get(start..)?;
        let length = rest.find(|letter| !is_letter(letter) && !is_mark(letter)).unwrap_or(rest.len());
        self.at = start + length;
        Some(Word { start, text: rest.get(..length)? })
    }
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric()
}

/// Combining marks, which stand after their letter in decomposed text.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36F}')
}

/// Puts the compared form of a word into `out`: folded, an English plural reduced to its singular.
pub(super) fn term_into(word: &str, out: &mut String) {
    out.clear();
    fold_into(shorten(word), out);
    singular(out);
}

/// The compared form of a word.
pub(super) fn term(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    term_into(word, &mut out);
    out
}

/// Puts the exact form into `out`: lower case with its diacritics, the tone moved to the end, so that the two ways of
/// placing it (`hoà`, `hòa`) agree. Answers false where there is nothing the compared form does not already say.
pub(super) fn exact_into(word: &str, out: &mut String) -> bool {
    out.clear();
    if word.is_ascii() {
        return false;
    }
    let mut tone = None;
    for letter in shorten(word).nfd().flat_map(char::to_lowercase) {
        if is_tone(letter) {
            tone = Some(letter);
        } else {
            out.push(letter);
        }
    }
    out.extend(tone);
    !out.is_ascii()
}

/// The exact form of a word, if it has one of its own.
pub(super) fn exact(word: &str) -> Option<String> {
    let mut out = String::new();
    exact_into(word, &mut out).then_some(out)
}

/// Joins the terms of two neighbouring words.
pub(super) fn pair(first: &str, second: &str) -> String {
    let mut joined = String::with_capacity(first.len() + second.len() + 1);
    joined.push_str(first);
    joined.push(' ');
    joined.push_str(second);
    joined
}

/// In how many letters two words differ: added, left out, exchanged, or swapped with their neighbour.
pub(super) fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let width = b.len() + 1;
    let mut table: Vec<usize> =
        (0..(a.len() + 1) * width).map(|cell| if cell < width { cell } else { cell / width }).collect();
    let at = |table: &[usize], row: usize, column: usize| table.get(row * width + column).copied().unwrap_or_default();
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            let mut best = at(&table, i, j) + usize::from(x != y);
            best = best.min(at(&table, i, j + 1) + 1).min(at(&table, i + 1, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(&table, i - 1, j - 1) + 1);
            }
            if let Some(cell) = table.get_mut((i + 1) * width + j + 1) {
                *cell = best;
            }
        }
    }
    at(&table, a.len(), b.len())
}

/// Grave, acute, tilde, hook above, dot below: the five written tones of Vietnamese.
fn is_tone(letter: char) -> bool {
    matches!(letter, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}')
}

fn shorten(word: &str) -> &str {
    let mut end = LONGEST.min(word.len());
    while !word.is_char_boundary(end) {
        end -= 1;
    }
    word.get(..end).unwrap_or(word)
}

/// Reduces an English plural. No Vietnamese syllable ends in `s`, so none is touched.
fn singular(term: &mut String) {
    if term.len() < 4 || !term.ends_with('s') {
        return;
    }
    let cut = if term.ends_with("ies") && term.len() > 4 {
        3
    } else if ["ss", "us", "is"].iter().any(|ending| term.ends_with(ending)) {
        return;
    } else if ["sses", "shes", "ches", "xes", "zes"].iter().any(|ending| term.ends_with(ending)) {
        2
    } else {
        1
    };
    term.truncate(term.len() - cut);
    if cut == 3 {
        term.push('y');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_runs_of_letters_digits_and_marks() {
        let found: Vec<_> = words("Xử-lý: CO₂, e\u{301}t; 5G!").map(|word| (word.start, word.text)).collect();
        assert_eq!(found, [(0, "Xử"), (5, "lý"), (10, "CO₂"), (17, "e\u{301}t"), (23, "5G")]);
        assert_eq!(words(" \0 *\"\u{202E}🙂").count(), 0);
    }

    #[test]
    fn plurals_meet_their_singular_and_syllables_stay() {
        for (word, expected) in [
            ("Systems", "system"),
            ("technologies", "technology"),
            ("processes", "process"),
            ("boxes", "box"),
            ("analysis", "analysis"),
            ("glass", "glass"),
            ("gas", "gas"),
            ("thông", "thong"),
            ("đường", "duong"),
        ] {
            assert_eq!(term(word), expected);
        }
    }

    #[test]
    fn exact_forms_keep_marks_and_ignore_where_the_tone_stands() {
        assert_eq!(exact("hoà"), exact("hòa"));
        assert_ne!(exact("hòa"), exact("hóa"));
        assert_ne!(exact("dòng"), exact("đồng"));
        assert_eq!(exact("water"), None);
    }

    #[test]
    fn distances_count_letters() {
        for (a, b, expected) in [
            ("nuoc", "nuoc", 0),
            ("nuoc", "nuco", 1),
            ("pan", "phan", 1),
            ("", "abc", 3),
            ("may", "bay", 1),
            ("abc", "", 3),
        ] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn endless_words_are_shortened_at_a_letter() {
        assert!(term(&"ệ".repeat(5_000)).len() <= LONGEST);
        assert!(term(&"x".repeat(5_000)).len() <= LONGEST);
    }
}
