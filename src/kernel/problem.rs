//! A failure on its way to the person: a code of the catalogue, what its text is filled in with, and the field errors.

use super::code::{Code, fill};
use super::locale::Locale;
use super::validate::{FieldCode, FieldError, FieldErrors};

/// Why a request could not be carried out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// The code of the catalogue.
    pub code: Code,
    /// What the text of the code is filled in with.
    pub args: Vec<(&'static str, String)>,
    /// What is wrong with which field.
    pub errors: Vec<FieldError>,
}

impl Problem {
    /// A problem with this code and nothing to fill in.
    #[must_use]
    pub const fn new(code: Code) -> Self {
        Self { code, args: Vec::new(), errors: Vec::new() }
    }

    /// The same problem with one more value for its text.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// One field error.
    #[must_use]
    pub fn field(pointer: impl Into<String>, code: FieldCode) -> Self {
        Self::from(FieldErrors(vec![FieldError::new(pointer, code)]))
    }

    /// A temporary failure that is worth trying again after `seconds`.
    #[must_use]
    pub fn retry_later(code: Code, seconds: u64) -> Self {
        Self::new(code).with("seconds", seconds)
    }

    /// Seconds after which to try again, where that makes sense.
    #[must_use]
    pub fn retry_after(&self) -> Option<&str> {
        self.argument("seconds")
    }

    /// The value given for `name` in the text.
    #[must_use]
    pub fn argument(&self, name: &str) -> Option<&str> {
        self.args.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str())
    }

    /// The text for a person, in `locale`.
    #[must_use]
    pub fn detail(&self, locale: Locale) -> String {
        fill(self.code.text(locale), &self.args)
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl From<FieldErrors> for Problem {
    fn from(errors: FieldErrors) -> Self {
        Self { code: Code::ValidationFailed, args: vec![("count", errors.0.len().to_string())], errors: errors.0 }
    }
}
