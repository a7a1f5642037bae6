//! What differs between two offers, field by field. Pure.

use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// A field in which an offer differs from the one it answers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Difference {
    /// Where in the terms (RFC 6901).
    #[schema(example = "/payments/0/amount/amount")]
    pub pointer: String,
    /// What the earlier offer says; `null` if nothing.
    #[schema(value_type = Value)]
    pub before: Value,
    /// What this one says; `null` if nothing.
    #[schema(value_type = Value)]
    pub after: Value,
}

/// Every field in which the two differ, down to single values.
#[must_use]
pub fn differences(before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    collect(String::new(), before, after, &mut found);
    found
}

fn collect(pointer: String, before: &Value, after: &Value, found: &mut Vec<Difference>) {
    let nothing = Value::Null;
    match (before, after) {
        (before, after) if before == after => {}
        (Value::Object(old), Value::Object(new)) => {
            let names: BTreeSet<_> = old.keys().chain(new.keys()).collect();
            for name in names {
                let at = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
                collect(at, old.get(name).unwrap_or(&nothing), new.get(name).unwrap_or(&nothing), found);
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            for index in 0..old.len().max(new.len()) {
                let (old, new) = (old.get(index).unwrap_or(&nothing), new.get(index).unwrap_or(&nothing));
                collect(format!("{pointer}/{index}"), old, new, found);
            }
        }
        (before, after) => found.push(Difference { pointer, before: before.clone(), after: after.clone() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn differences_go_down_to_single_values() {
        let before = json!({"a": 1, "list": [{"x": 1, "y": 2}, 5], "gone": {"b": 1}, "same": [1]});
        let after = json!({"a": 1, "list": [{"x": 1, "y": 3}], "new/": true, "same": [1]});
        let difference =
            |pointer: &str, before: Value, after: Value| Difference { pointer: pointer.into(), before, after };
        assert_eq!(
            differences(&before, &after),
            [
                difference("/gone", json!({"b": 1}), Value::Null),
                difference("/list/0/y", json!(2), json!(3)),
                difference("/list/1", json!(5), Value::Null),
                difference("/new~1", Value::Null, json!(true)),
            ]
        );
        assert!(differences(&before, &before).is_empty());
    }
}
