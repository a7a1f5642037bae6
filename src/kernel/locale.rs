//! The two languages the product answers in.

use super::text_enum;

text_enum! {
    /// A language of texts and of answers.
    pub enum Locale {
        /// Vietnamese, the default.
        Vi = "vi",
        /// English.
        En = "en",
    }
}

impl Locale {
    /// The first supported language of an `Accept-Language` value by quality (RFC 9110 §12.5.4); Vietnamese otherwise.
    #[must_use]
    pub fn negotiate(accept_language: &str) -> Self {
        let mut best = (Self::Vi, 0.0_f32);
        for item in accept_language.split(',').take(16) {
            let mut parts = item.split(';');
            let tag = parts.next().unwrap_or_default().trim();
            let quality = parts.find_map(|p| p.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0_f32);
            let language = match tag.split('-').next().map(str::to_ascii_lowercase).as_deref() {
                Some("vi" | "*") => Self::Vi,
                Some("en") => Self::En,
                _ => continue,
            };
            if quality > best.1 {
                best = (language, quality);
            }
        }
        best.0
    }
}

#[cfg(test)]
mod tests {
    use super::Locale;

    #[test]
    fn negotiates_by_quality() {
        for (header, expected) in [
            ("", Locale::Vi),
            ("en", Locale::En),
            ("en-GB,vi;q=0.9", Locale::En),
            ("vi;q=0.5, en;q=0.8", Locale::En),
            ("fr, de", Locale::Vi),
            ("fr, en;q=0.1", Locale::En),
            ("en;q=0", Locale::Vi),
            ("*", Locale::Vi),
        ] {
            assert_eq!(Locale::negotiate(header), expected, "{header}");
        }
    }
}
