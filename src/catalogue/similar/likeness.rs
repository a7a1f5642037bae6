//! How much two titles with summaries look alike: the share of pairs of neighbouring words they have in common. Pure.

use std::collections::HashSet;

use crate::kernel::fold::fold;

/// From 0 (no pair in common) to 100 (the same words in the same order), without regard to case, diacritics and signs. The
/// titles alone, or titles and summaries together where that is more.
pub fn of((title, summary): (&str, &str), (other_title, other_summary): (&str, &str)) -> u8 {
    let titles = shared(&pairs(title), &pairs(other_title));
    if summary.is_empty() || other_summary.is_empty() {
        return titles;
    }
    let texts = shared(&pairs(summary), &pairs(other_summary));
    titles.max(titles / 2 + texts / 2)
}

/// Neighbouring words; a single word stands for itself.
fn pairs(text: &str) -> HashSet<(String, String)> {
    let folded = fold(text);
    let words: Vec<_> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        [word] => HashSet::from([((*word).to_owned(), String::new())]),
        words => words.iter().zip(words.iter().skip(1)).map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect(),
    }
}

/// Dice's coefficient in percent.
fn shared<T: Eq + std::hash::Hash>(a: &HashSet<T>, b: &HashSet<T>) -> u8 {
    let all = a.len() + b.len();
    let percent = (200 * a.intersection(b).count()).checked_div(all).unwrap_or_default();
    u8::try_from(percent).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn the_same_is_wholly_alike_however_it_is_typed() {
        assert_eq!(of(("Xử lý nước thải", "Rẻ."), ("XU LY NUOC THAI!", "rẻ")), 100);
        assert_eq!(of(("Xử lý nước thải", ""), ("Máy sấy nông sản", "")), 0);
        assert_eq!(of(("", ""), ("", "")), 0);
        assert_eq!(of(("UAV", ""), ("uav", "")), 100);
    }

    #[test]
    fn near_titles_are_told_from_those_of_the_same_field() {
        let title = "Xử lý nước thải dệt nhuộm bằng màng sinh học";
        let near = of((title, ""), ("Xử lý nước thải làng nghề dệt nhuộm bằng màng sinh học quay", ""));
        let field = of((title, ""), ("Xử lý nước thải chăn nuôi bằng hồ thực vật", ""));
        assert!(near >= 60 && field < 40, "{near} {field}");
    }

    #[test]
    fn summaries_that_agree_make_up_for_titles_that_do_not() {
        let summary = "Thiết bị nhỏ gọn xử lý nước thải dệt nhuộm cho hộ và cụm hộ.";
        assert_eq!(of(("Đĩa quay sinh học", summary), ("Màng sinh học cho làng nghề", summary)), 62);
    }
}
