//! From what stands in a file to the form the API takes: other names, flat columns, lists in one cell, empty cells.

use serde_json::{Map, Value, json};
use std::ops::BitOr;

use super::columns::gather;
use crate::catalogue::Ipc;

/// Fields that hold lists; in a cell the items are separated by semicolons.
const LISTS: &[&str] =
    &["transfer_forms", "cooperation_forms", "territories", "ipc", "vsic", "nace", "sdg", "keywords"];
/// Fields that hold whole numbers.
const NUMBERS: &[&str] = &["trl", "trl_wanted"];
/// Long texts whose beginning serves as the summary where there is none.
const LONG_TEXTS: &[&str] = &["description", "problem"];
/// The longest summary, in characters.
const SUMMARY: usize = 500;

/// The row in the form of the API's bodies, beside fields that belong to the import itself.
pub fn shape(
    mut row: Map<String, Value>,
    renames: &[(String, String)],
    defaults: &[(String, String)],
) -> Map<String, Value> {
    for (field, column) in renames {
        if let Some(value) = row.remove(column) {
            row.insert(field.clone(), value);
        }
    }
    row.retain(|_, value| !is_empty(value));
    for (field, value) in defaults {
        row.entry(field.clone()).or_insert_with(|| Value::from(value.as_str()));
    }
    for name in LISTS {
        if let Some(value) = row.get_mut(*name) {
            *value = list(value.take());
        }
    }
    if let Some(Value::Array(entries)) = row.get_mut("ipc") {
        *entries = once(entries.drain(..).map(symbol));
    }
    if let Some(Value::Array(goals)) = row.get_mut("sdg") {
        goals.iter_mut().for_each(|goal| *goal = number(goal.take()));
    }
    if let Some(Value::String(text)) = row.get("requirements") {
        let requirements = items(text).map(requirement).collect();
        row.insert("requirements".into(), Value::Array(requirements));
    }
    for name in NUMBERS {
        if let Some(value) = row.get_mut(*name) {
            *value = number(value.take());
        }
    }
    gather(&mut row);
    summarise(&mut row);
    row
}

/// Puts a space in the place of each control character, which files bring along from other systems' encodings and no field
/// allows; tells whether there was any.
pub fn clean(value: &mut Value) -> bool {
    let stray = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    match value {
        Value::String(text) if text.contains(stray) => {
            *text = text.replace(stray, " ");
            true
        }
        Value::Array(items) => items.iter_mut().map(clean).fold(false, BitOr::bitor),
        Value::Object(fields) => fields.values_mut().map(clean).fold(false, BitOr::bitor),
        _ => false,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn items(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').map(str::trim).filter(|item| !item.is_empty())
}

/// A list from a list or a cell, each item once.
fn list(value: Value) -> Value {
    let all = match value {
        Value::String(cell) => items(&cell).map(Value::from).collect(),
        Value::Array(items) => items,
        other => return other,
    };
    Value::Array(once(all.into_iter()))
}

fn once(all: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut once = Vec::new();
    for item in all.filter(|item| !is_empty(item)) {
        if !once.contains(&item) {
            once.push(item);
        }
    }
    once
}

/// The classification symbol that an entry of a patent record begins with; others stay, to be refused by the check.
fn symbol(entry: Value) -> Value {
    let symbol = entry.as_str().and_then(Ipc::of_record);
    symbol.map_or(entry, |symbol| Value::from(symbol.as_str()))
}

/// A number from a cell; what is none stays, to be refused by the check.
fn number(value: Value) -> Value {
    value.as_str().and_then(|text| text.trim().parse::<i64>().ok()).map_or(value, Value::from)
}

/// `nice: …` is a wish, everything else a must.
fn requirement(text: &str) -> Value {
    match text.strip_prefix("nice:") {
        Some(wish) => json!({"text": wish.trim(), "level": "nice"}),
        None => json!({"text": text.strip_prefix("must:").unwrap_or(text).trim(), "level": "must"}),
    }
}

fn summarise(row: &mut Map<String, Value>) {
    if row.contains_key("summary") {
        return;
    }
    let Some(text) = LONG_TEXTS.iter().find_map(|name| row.get(*name)?.as_str()) else { return };
    let summary = beginning(text.trim(), SUMMARY);
    row.insert("summary".into(), summary.into());
}

/// The whole sentences, or else the whole words, that fit.
fn beginning(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let head = text.get(..end).unwrap_or(text);
    let sentence = head.rfind(". ").map(|at| at + 1).filter(|at| *at > end / 3);
    let cut = sentence.or_else(|| head.rfind(char::is_whitespace)).unwrap_or(end);
    head.get(..cut).unwrap_or(head).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn flat_rows_become_bodies() {
        let row = object(json!({
            "name": "Máy sấy", "trl": "7", "keywords": "sấy; nông sản ;sấy", "price_from": "250 000 000", "price_to": "",
            "ipc": "F26B", "sdg": "2; 12", "note": "", "requirements": "rẻ; nice: đẹp"
        }));
        let shaped = shape(row, &[("title".into(), "name".into())], &[("language".into(), "vi".into())]);
        assert_eq!(
            Value::Object(shaped),
            json!({
                "title": "Máy sấy", "trl": 7, "keywords": ["sấy", "nông sản"], "ipc": ["F26B"], "sdg": [2, 12], "language": "vi",
                "price": {"kind": "fixed", "from": {"amount": 250_000_000, "currency": "VND"}},
                "requirements": [{"text": "rẻ", "level": "must"}, {"text": "đẹp", "level": "nice"}]
            })
        );
    }

    #[test]
    fn a_summary_is_the_beginning_of_the_long_text() {
        let text = format!("{} Một câu nữa.", "Câu đầu tiên khá dài. ".repeat(30));
        let shaped = shape(object(json!({"description": text})), &[], &[]);
        let summary = shaped["summary"].as_str().unwrap();
        assert!(summary.chars().count() <= 500 && summary.ends_with("dài."), "{summary}");
        assert_eq!(beginning("không có dấu cách".repeat(100).as_str(), 20), "không có dấu");
        assert_eq!(beginning("ngắn", 20), "ngắn");
    }
}
