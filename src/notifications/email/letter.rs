//! What the mails say, in both languages: the first line of each text is the subject, then an empty line and the body.

use crate::kernel::code::fill;
use crate::kernel::locale::Locale;

/// A mail about an account.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Letter {
    /// How to confirm the address.
    ConfirmAddress,
    /// Somebody registered an address that has an account.
    AlreadyRegistered,
}

impl Letter {
    const fn text(self, locale: Locale) -> &'static str {
        match (self, locale) {
            (Self::ConfirmAddress, Locale::Vi) => include_str!("texts/confirm_address.vi.txt"),
            (Self::ConfirmAddress, Locale::En) => include_str!("texts/confirm_address.en.txt"),
            (Self::AlreadyRegistered, Locale::Vi) => include_str!("texts/already_registered.vi.txt"),
            (Self::AlreadyRegistered, Locale::En) => include_str!("texts/already_registered.en.txt"),
        }
    }

    /// Subject and body, filled in.
    pub(super) fn write(self, locale: Locale, args: &[(&'static str, String)]) -> (String, String) {
        let text = self.text(locale);
        let (subject, body) = text.split_once("\n\n").unwrap_or(("Techex", text));
        (subject.to_owned(), fill(body, args))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_is_whole_in_both_languages() {
        let args = ["name", "token", "url", "hours"].map(|name| (name, format!("<{name}>")));
        for letter in [Letter::ConfirmAddress, Letter::AlreadyRegistered] {
            for locale in [Locale::Vi, Locale::En] {
                let (subject, body) = letter.write(locale, &args);
                assert!(!subject.contains(['\n', '{']) && subject != "Techex", "{letter:?} {locale}: {subject}");
                assert!(body.contains("<name>") && body.contains("<url>"), "{letter:?} {locale}");
                assert_eq!(body.contains("<token>"), letter == Letter::ConfirmAddress);
                let left = body.replace("{\"token\"", "");
                assert!(!left.contains('{'), "{letter:?} {locale}: {left}");
            }
        }
    }
}
