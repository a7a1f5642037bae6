//! From rows of tables to the entries of a list, with everything that is wrong with them.

use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};
use std::fmt;

use super::super::import::read::RawRow;
use super::{Load, Parents};
use crate::catalogue::NewReferenceItem;
use crate::kernel::locale::Locale;
use crate::kernel::text::Line;

/// One thing wrong with a row.
pub struct Fault {
    place: Place,
    what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: line {}, {}", self.place.file, self.place.line, self.what)
    }
}

#[derive(Clone)]
struct Place {
    file: String,
    line: usize,
}

struct Row {
    place: Place,
    item: NewReferenceItem,
    level: Option<i64>,
}

/// Rows checked so far.
#[derive(Default)]
pub struct Checked {
    rows: Vec<Row>,
    faults: Vec<Fault>,
    places: HashMap<String, Place>,
}

impl Checked {
    /// Checks the rows of one more file.
    pub fn add(&mut self, file: &str, rows: Vec<RawRow>, load: &Load) {
        for RawRow { line, fields } in rows {
            let place = Place { file: file.to_owned(), line };
            let mut wrong = Vec::new();
            let read = fields.map_err(|what| vec![what]).and_then(|fields| {
                let row = entry(&fields, load, place.clone(), &mut wrong);
                if wrong.is_empty() { Ok(row) } else { Err(std::mem::take(&mut wrong)) }
            });
            match read {
                Ok(row) => self.keep(row),
                Err(wrong) => self.faults.extend(wrong.into_iter().map(|what| Fault { place: place.clone(), what })),
            }
        }
    }

    fn keep(&mut self, row: Row) {
        let code = row.item.code.clone();
        if let Some(first) = self.places.get(&code) {
            let what = format!("code: {code} is in line {} of {} already", first.line, first.file);
            self.faults.push(Fault { place: row.place, what });
            return;
        }
        self.places.insert(code, row.place.clone());
        self.rows.push(row);
    }

    /// The entries in their order, each with its parent, and everything that is wrong.
    pub fn finish(mut self, parents: Parents) -> (Vec<NewReferenceItem>, Vec<Fault>) {
        match parents {
            Parents::Column => self.check_parents(),
            Parents::Foreign => {}
            Parents::Prefix => self.parents_by_prefix(),
            Parents::Levels => self.parents_by_level(),
        }
        (self.rows.into_iter().map(|row| row.item).collect(), self.faults)
    }

    /// Parents are in the list, and nobody is an ancestor of themselves.
    fn check_parents(&mut self) {
        let parents: HashMap<&str, &str> =
            self.rows.iter().filter_map(|row| Some((row.item.code.as_str(), row.item.parent.as_deref()?))).collect();
        for row in &self.rows {
            let Some(parent) = row.item.parent.as_deref() else { continue };
            let what = if !self.places.contains_key(parent) {
                format!("parent: there is no code {parent} in the list")
            } else if runs_in_a_circle(&parents, &row.item.code) {
                format!("parent: {} is below itself", row.item.code)
            } else {
                continue;
            };
            self.faults.push(Fault { place: row.place.clone(), what });
        }
    }

    fn parents_by_prefix(&mut self) {
        self.rows.sort_by(|a, b| a.item.code.cmp(&b.item.code));
        for row in &mut self.rows {
            let code = &row.item.code;
            let mut prefixes = code.char_indices().rev().filter_map(|(end, _)| code.get(..end));
            row.item.parent = prefixes.find(|prefix| self.places.contains_key(*prefix)).map(str::to_owned);
        }
    }

    fn parents_by_level(&mut self) {
        let mut above: BTreeMap<i64, String> = BTreeMap::new();
        for row in &mut self.rows {
            let Some(level) = row.level else {
                let what = "level: a whole number is needed".to_owned();
                self.faults.push(Fault { place: row.place.clone(), what });
                continue;
            };
            above.retain(|other, _| *other < level);
            row.item.parent = above.values().next_back().cloned();
            above.insert(level, row.item.code.clone());
        }
    }
}

fn runs_in_a_circle(parents: &HashMap<&str, &str>, code: &str) -> bool {
    let mut at = code;
    for _ in 0..=parents.len() {
        match parents.get(at) {
            Some(parent) => at = parent,
            None => return false,
        }
    }
    true
}

fn entry(fields: &Map<String, Value>, load: &Load, place: Place, wrong: &mut Vec<String>) -> Row {
    let text = |field: &str| {
        let renamed = load.renames.iter().filter(|(name, _)| name == field).map(|(_, column)| column.as_str());
        let column = renamed.chain([field]).find(|column| fields.contains_key(*column));
        match column.and_then(|column| fields.get(column)) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Some(other) => Some(other.to_string()),
        }
    };
    let code = line::<50>("code", text("code"), wrong);
    if code.is_none() && wrong.is_empty() {
        wrong.push("code: it is missing; --map code=COLUMN names its column".to_owned());
    }
    let names = (line::<1_000>("name_vi", text("name_vi"), wrong), line::<1_000>("name_en", text("name_en"), wrong));
    if names == (None, None) && wrong.is_empty() {
        wrong.push("name_vi, name_en: one of them is needed; --map name_vi=COLUMN names its column".to_owned());
    }
    let (code, parent) = (code.unwrap_or_default(), line::<50>("parent", text("parent"), wrong));
    let item = NewReferenceItem { code, parent, name_vi: names.0, name_en: names.1 };
    Row { place, item, level: text("level").and_then(|level| level.parse().ok()) }
}

/// A text of one line in its normal form.
fn line<const MAX: usize>(field: &str, text: Option<String>, wrong: &mut Vec<String>) -> Option<String> {
    match Line::<1, MAX>::new(&text?) {
        Ok(line) => Some(line.into()),
        Err((code, args)) => {
            wrong.push(format!("{field}: {}", crate::kernel::code::fill(code.text(Locale::En), &args)));
            None
        }
    }
}
