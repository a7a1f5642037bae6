//! Versions of reference lists: which one is in force, and which may follow which. Pure.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::schema::reference_versions;
use crate::http::Sample;
use crate::kernel::clock::Day;

/// A version of a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema, Queryable, Selectable, Insertable)]
#[diesel(table_name = reference_versions, check_for_backend(crate::db::MultiBackend))]
pub struct ReferenceVersion {
    /// The list it is a version of.
    #[serde(skip)]
    pub list: String,
    /// Its name.
    pub version: String,
    /// The law, standard or publication it was taken from.
    pub source: String,
    /// The first day it is in force; absent where it has been so for longer than the exchange knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub effective_from: Option<Day>,
    /// Whether it is the whole list. Codes in listings, orders and organisations have to be in a list that is whole; a list
    /// that is an extract refuses none.
    pub complete: bool,
}

impl Sample for ReferenceVersion {
    fn sample() -> Self {
        Self {
            list: "research_field".into(),
            version: "24/2025/TT-BKHCN".into(),
            source: "Thông tư 24/2025/TT-BKHCN".into(),
            effective_from: None,
            complete: true,
        }
    }
}

/// The version in force on a day, of all versions of one list.
pub fn in_force<'a>(versions: impl IntoIterator<Item = &'a ReferenceVersion>, on: Day) -> Option<&'a ReferenceVersion> {
    versions
        .into_iter()
        .filter(|version| version.effective_from.is_none_or(|from| from <= on))
        .max_by_key(|version| version.effective_from)
}

/// The name of a list: lower-case words joined by underscores, like the field whose codes it lists.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListName(String);

impl ListName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for ListName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(word) && text.len() <= 40 {
            return Ok(Self(text.to_owned()));
        }
        Err("write it in lower-case letters, digits and underscores, such as research_field".to_owned())
    }
}

/// A version about to be loaded.
#[derive(Clone, Debug)]
pub struct NewVersion {
    /// The list.
    pub list: ListName,
    /// The version's name.
    pub version: String,
    /// What it was taken from.
    pub source: String,
    /// The first day it is in force.
    pub effective_from: Day,
    /// Whether it is the whole list.
    pub complete: bool,
}

/// Why a version cannot be loaded now.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    /// Versions come in the order in which they take effect.
    #[error(
        "version {0}, which takes effect on {1} or later, is loaded already; load versions in the order in which they take effect"
    )]
    NotTheLatest(String, Day),
    /// A version's date is part of what it is.
    #[error("version {0} is loaded already and takes effect on {1}; another date needs another version")]
    OtherDate(String, String),
}

impl NewVersion {
    /// Checks that it may follow what is loaded: it is later than all of them, or it is the latest once more.
    ///
    /// # Errors
    /// Why not.
    pub fn may_follow(&self, versions: &[ReferenceVersion]) -> Result<(), Refusal> {
        let same = versions.iter().find(|known| known.version == self.version);
        if let Some(same) = same.filter(|same| same.effective_from.is_some_and(|from| from != self.effective_from)) {
            let date = same.effective_from.map(|date| date.to_string()).unwrap_or_default();
            return Err(Refusal::OtherDate(self.version.clone(), date));
        }
        let others = versions.iter().filter(|known| known.version != self.version);
        match others.filter(|known| known.effective_from >= Some(self.effective_from)).max_by_key(|v| v.effective_from)
        {
            Some(later) => Err(Refusal::NotTheLatest(later.version.clone(), self.effective_from)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(name: &str, from: Option<&str>) -> ReferenceVersion {
        let effective_from = from.map(|date| date.parse().unwrap());
        ReferenceVersion { version: name.into(), effective_from, ..ReferenceVersion::sample() }
    }

    fn new(name: &str, from: &str) -> NewVersion {
        let list = "vsic".parse().unwrap();
        let (version, source) = (name.to_owned(), String::new());
        NewVersion { list, version, source, effective_from: from.parse().unwrap(), complete: true }
    }

    #[test]
    fn the_latest_that_has_begun_is_in_force() {
        let versions = [version("old", None), version("new", Some("2026-01-01")), version("next", Some("2027-01-01"))];
        for (day, name) in [("2025-12-31", "old"), ("2026-01-01", "new"), ("2026-12-31", "new"), ("2027-01-01", "next")]
        {
            assert_eq!(in_force(&versions, day.parse().unwrap()).unwrap().version, name, "{day}");
        }
        assert!(in_force(&versions[1..], "2025-12-31".parse().unwrap()).is_none());
    }

    #[test]
    fn versions_follow_in_order() {
        let known = [version("old", None), version("new", Some("2026-01-01"))];
        for (name, from, good) in [
            ("next", "2026-01-02", true),
            ("next", "2026-01-01", false),
            ("next", "2025-01-01", false),
            ("new", "2026-01-01", true),
            ("new", "2026-02-01", false),
            ("old", "2025-01-01", false),
        ] {
            assert_eq!(new(name, from).may_follow(&known).is_ok(), good, "{name} {from}");
        }
        assert!(new("old", "2025-01-01").may_follow(&known[..1]).is_ok());
    }

    #[test]
    fn names_of_lists() {
        assert!("vsic".parse::<ListName>().is_ok() && "ip_kind".parse::<ListName>().is_ok());
        for wrong in ["", "VSIC", "_x", "1a", "a-b", "đ", &"a".repeat(41)] {
            assert!(wrong.parse::<ListName>().is_err(), "{wrong}");
        }
    }
}
