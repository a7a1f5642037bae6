//! A revision, and how two differ.

use diesel::prelude::*;
use serde_json::{Map, Value};

use crate::db::schema::revisions;
use crate::db::types::Json;
use crate::kernel::clock::At;
use crate::kernel::id::UserId;

/// A revision without its content.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = revisions, check_for_backend(crate::db::MultiBackend))]
pub struct Revision {
    /// The item's version since which it says this.
    pub version: i64,
    /// The fields that differ from the revision before.
    pub fields: Json<Vec<String>>,
    /// Who changed it; nobody for an import.
    pub actor_id: Option<UserId>,
    /// When.
    pub created_at: At,
}

/// What an item said. Kept as it was written, so that old revisions stay readable when fields are added.
pub type Said = Map<String, Value>;

/// Every field in which the two differ, with both values; `null` stands for a field that is not there.
pub fn differences(from: &Said, to: &Said) -> Vec<(String, Value, Value)> {
    let value = |said: &Said, name: &str| said.get(name).cloned().unwrap_or_default();
    let added = to.keys().filter(|name| !from.contains_key(*name));
    let all = from.keys().chain(added).map(|name| (name.clone(), value(from, name), value(to, name)));
    all.filter(|(_, before, after)| before != after).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn differences_name_what_was_set_changed_and_emptied() {
        let said = |value: Value| value.as_object().cloned().unwrap();
        let from = said(json!({"title": "a", "trl": 3, "price": {"kind": "negotiable"}, "gone": 1, "empty": null}));
        let to = said(json!({"title": "a", "trl": 4, "price": {"kind": "negotiable"}, "new": [1]}));
        let mut found = differences(&from, &to);
        found.sort_by(|a, b| a.0.cmp(&b.0));
        let expected = [("gone", json!(1), json!(null)), ("new", json!(null), json!([1])), ("trl", json!(3), json!(4))];
        assert_eq!(found, expected.map(|(name, before, after)| (name.to_owned(), before, after)));
        assert!(differences(&to, &to).is_empty());
    }
}
