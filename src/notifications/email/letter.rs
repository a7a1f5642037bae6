//! What the mails say, in both languages: the first line of each text is the subject, then an empty line and the body.

use crate::kernel::code::fill;
use crate::kernel::locale::Locale;

/// Declares the letters, each with the file name of its texts.
macro_rules! letters { ($($(#[doc = $about:literal])+ $variant:ident = $file:literal),+ $(,)?) => {
    /// A mail to a person.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub(super) enum Letter { $($(#[doc = $about])+ $variant),+ }

    impl Letter {
        #[cfg(test)]
        const ALL: &'static [Self] = &[$(Self::$variant),+];

        const fn text(self, locale: Locale) -> &'static str {
            match (self, locale) { $(
                (Self::$variant, Locale::Vi) => include_str!(concat!("texts/", $file, ".vi.txt")),
                (Self::$variant, Locale::En) => include_str!(concat!("texts/", $file, ".en.txt")),
            )+ }
        }
    }
} }

letters! {
    /// How to confirm the address.
    ConfirmAddress = "confirm_address",
    /// Somebody registered an address that has an account.
    AlreadyRegistered = "already_registered",
    /// An organisation asks the address to join.
    Invitation = "invitation",
    /// How to set a new password.
    ResetPassword = "reset_password",
    /// The password was changed or set anew.
    PasswordChanged = "password_changed",
    /// How to confirm the address an account is to change to; goes to that address.
    ChangeEmail = "change_email",
    /// Somebody asked for another address; goes to the one the account has.
    EmailChangeAsked = "email_change_asked",
    /// An officer suspended the account.
    Suspended = "suspended",
    /// The account may be used again.
    Reinstated = "reinstated",
    /// Signing in takes a code now.
    SecondFactorOn = "second_factor_on",
    /// Signing in takes the password alone now.
    SecondFactorOff = "second_factor_off",
    /// A recovery code was used.
    RecoveryCodeUsed = "recovery_code_used",
    /// Something newly published fits a saved search.
    News = "news",
    /// Something the person's organisation published runs out.
    Expiring = "expiring",
    /// Something happened in what the person's organisation has to do with another.
    Negotiation = "negotiation",
}

impl Letter {
    /// The letter that tells an account's owner of an event, where there is nothing more to it (OWASP ASVS 5.0, 6.3.7).
    pub(super) fn about(event: &str) -> Option<Self> {
        match event {
            "user.password_changed" | "user.password_reset" => Some(Self::PasswordChanged),
            "user.reinstated" => Some(Self::Reinstated),
            "user.second_factor_enabled" => Some(Self::SecondFactorOn),
            "user.second_factor_disabled" | "user.second_factor_reset" => Some(Self::SecondFactorOff),
            "user.recovery_code_used" => Some(Self::RecoveryCodeUsed),
            _ => None,
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
        let args =
            ["name", "token", "url", "hours", "reason", "search", "items", "path", "title", "expires_at", "what"]
                .map(|name| (name, format!("<{name}>")));
        for letter in Letter::ALL.iter().filter(|letter| **letter != Letter::Invitation) {
            for locale in [Locale::Vi, Locale::En] {
                let (subject, body) = letter.write(locale, &args);
                assert!(!subject.contains(['\n', '{']) && subject != "Techex", "{letter:?} {locale}: {subject}");
                assert!(body.contains("<name>") && body.contains("<url>"), "{letter:?} {locale}");
                let with_token = [Letter::ConfirmAddress, Letter::ResetPassword, Letter::ChangeEmail].contains(letter);
                assert_eq!(body.contains("<token>") && body.contains("<hours>"), with_token, "{letter:?} {locale}");
                let left = body.replace("{\"token\"", "");
                assert!(!left.contains('{'), "{letter:?} {locale}: {left}");
            }
        }
    }

    #[test]
    fn an_invitation_is_whole_in_both_languages() {
        let names = ["token", "until", "url", "role", "organization"];
        let args = names.map(|name| (name, format!("<{name}>")));
        for locale in [Locale::Vi, Locale::En] {
            let (_, body) = Letter::Invitation.write(locale, &args);
            assert!(names.iter().all(|name| body.contains(&format!("<{name}>"))), "{locale}: {body}");
            assert!(!body.replace("{\"token\"", "").contains('{'), "{locale}: {body}");
        }
    }
}
