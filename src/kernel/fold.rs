//! Folding: the form of a text in which letter case, diacritics and Unicode variants no longer differ.
//!
//! `Đổi mới` and `doi moi` fold to the same string, however the first was composed. Search and the folded columns
//! of the database use the same function, so both agree on what is equal.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// Folds a whole text: compatibility decomposition, lower case, marks removed, `đ` to `d`.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    folded
}

/// Appends the folded form of `text` to `out`, for callers that reuse one buffer.
pub fn fold_into(text: &str, out: &mut String) {
    for letter in text.chars() {
        if letter.is_ascii() {
            out.push(letter.to_ascii_lowercase());
            continue;
        }
        match quick(letter) {
            Some(base) => out.push(base),
            None => fold_letter(letter, out),
        }
    }
}

/// End of the range the table covers: Latin with its extensions, where all Vietnamese letters are.
const TABLE_END: usize = 0x1F00;

/// For each letter of the range, the single ASCII letter it folds to, or 0 where the answer is longer or not ASCII.
/// Decomposing is the costly part of folding, and most marked letters are of this kind.
static TABLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut folded = String::new();
    (0..TABLE_END)
        .map(|code| {
            folded.clear();
            let letter = u32::try_from(code).ok().and_then(char::from_u32);
            if let Some(letter) = letter {
                fold_letter(letter, &mut folded);
            }
            match folded.as_bytes() {
                [base] if base.is_ascii() => *base,
                _ => 0,
            }
        })
        .collect()
});

fn quick(letter: char) -> Option<char> {
    let base = *TABLE.get(letter as usize)?;
    (base != 0).then_some(base as char)
}

fn fold_letter(letter: char, out: &mut String) {
    for part in std::iter::once(letter).nfkd() {
        if canonical_combining_class(part) != 0 {
            continue;
        }
        for lower in part.to_lowercase() {
            match stroked(lower) {
                Some(base) => out.push_str(base),
                // Lower case of a few letters (İ) brings a mark of its own.
                None if canonical_combining_class(lower) != 0 => {}
                None => out.push(lower),
            }
        }
    }
}

/// Letters whose mark is part of the letter, so that decomposition leaves them whole.
fn stroked(letter: char) -> Option<&'static str> {
    Some(match letter {
        'đ' | 'ð' | 'ɖ' => "d",
        'ø' => "o",
        'ł' => "l",
        'ħ' => "h",
        'ı' => "i",
        'ŧ' => "t",
        'ƀ' => "b",
        'æ' => "ae",
        'œ' => "oe",
        'ß' => "ss",
        'þ' => "th",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::fold;
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn vietnamese_loses_case_marks_and_strokes() {
        assert_eq!(fold("Đổi mới Công Nghệ ƯỚC"), "doi moi cong nghe uoc");
        assert_eq!(fold("ĂÂÊÔƠƯđĐ"), "aaeoouDd".to_lowercase());
    }

    #[test]
    fn composed_and_decomposed_forms_agree() {
        let text = "Xử lý nước thải dệt nhuộm Điện Biên";
        let decomposed: String = text.nfd().collect();
        assert_ne!(text, decomposed);
        assert_eq!(fold(text), fold(&decomposed));
    }

    #[test]
    fn other_letters_and_compatibility_forms_are_covered() {
        assert_eq!(fold("Łódź Ångström Straße Œuvre Ǿ İ"), "lodz angstrom strasse oeuvre o i");
        assert_eq!(fold("CO₂ ﬁlter Ａ"), "co2 filter a");
        assert_eq!(fold("水 Привет 🙂"), "水 привет 🙂");
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for text in ["Đường", "İstanbul", "ﬃ", "Ｈà Ｎội", "ĳ", "½"] {
            assert_eq!(fold(&fold(text)), fold(text));
        }
    }
}
