//! Checking rows: everything that can be said about a row without the database.

use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use utoipa::openapi::{RefOr, Schema};

use super::Import;
use super::read::RawRow;
use super::shape::{clean, shape};
use crate::catalogue::Origin;
use crate::kernel::locale::Locale;
use crate::kernel::text::Line;
use crate::kernel::validate::{FieldCode, FieldErrors};

/// A good row.
pub struct Row<C> {
    /// Where it stands.
    pub line: usize,
    /// Where it comes from.
    pub origin: Origin,
    /// Whose it is: an id, a tax code or a name.
    pub organization: String,
    /// What it says.
    pub content: C,
}

/// One thing wrong with a row.
pub struct Fault {
    /// Where it stands.
    pub line: usize,
    field: String,
    what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, field, what } = self;
        if field.is_empty() { write!(f, "line {line}: {what}") } else { write!(f, "line {line}, {field}: {what}") }
    }
}

/// All rows of a file, checked.
pub struct Checked<C> {
    /// Those that can be loaded.
    pub good: Vec<Row<C>>,
    /// What is wrong with the others.
    pub bad: Vec<Fault>,
    /// Columns that no field has the name of.
    pub ignored: BTreeSet<String>,
    /// Rows in which control characters gave way to spaces.
    pub cleaned: usize,
    /// Rows that a later row of the same origin took the place of.
    pub repeated: usize,
}

/// How rows are checked.
pub struct Checks<'a, C> {
    import: &'a Import,
    fields: BTreeSet<String>,
    content: std::marker::PhantomData<C>,
}

impl<'a, C: deserr::Deserr<FieldErrors> + utoipa::PartialSchema> Checks<'a, C> {
    pub fn new(import: &'a Import) -> Self {
        let fields = match C::schema() {
            RefOr::T(Schema::Object(object)) => object.properties.keys().cloned().collect(),
            _ => BTreeSet::new(),
        };
        Self { import, fields, content: std::marker::PhantomData }
    }

    /// Checks every row.
    pub fn all(&self, rows: Vec<RawRow>, progress: &mut dyn FnMut(u64)) -> Checked<C> {
        let mut checked = Checked {
            good: Vec::with_capacity(rows.len()),
            bad: Vec::new(),
            ignored: BTreeSet::new(),
            cleaned: 0,
            repeated: 0,
        };
        let mut places: HashMap<Origin, usize> = HashMap::new();
        for (done, RawRow { line, fields }) in rows.into_iter().enumerate() {
            let checks =
                fields.map_err(|what| vec![Fault { line, field: String::new(), what }]).and_then(|mut fields| {
                    let cleaned = fields.values_mut().map(clean).fold(false, std::ops::BitOr::bitor);
                    checked.cleaned += usize::from(cleaned);
                    self.one(line, fields, &mut checked.ignored)
                });
            match checks {
                Ok(row) => keep(row, &mut checked, &mut places),
                Err(faults) => checked.bad.extend(faults),
            }
            progress(done as u64 + 1);
        }
        checked
    }

    fn one(
        &self,
        line: usize,
        fields: Map<String, Value>,
        ignored: &mut BTreeSet<String>,
    ) -> Result<Row<C>, Vec<Fault>> {
        let mut fields = shape(fields, &self.import.renames, &self.import.defaults);
        let mut faults = Vec::new();
        let mut own = |name: &'static str, default: Option<&String>| {
            let given = fields.remove(name).and_then(|value| value.as_str().map(str::to_owned));
            match Line::<1, 500>::new(given.as_ref().or(default).map_or("", String::as_str)) {
                Ok(text) => String::from(text),
                Err((code, args)) => {
                    faults.push(told(line, name, code, &args));
                    String::new()
                }
            }
        };
        let origin =
            Origin { source: own("source", self.import.source.as_ref()), external_id: own("external_id", None) };
        let organization = own("organization", self.import.organization.as_ref());
        fields.retain(|name, _| {
            self.fields.contains(name) || {
                ignored.insert(name.clone());
                false
            }
        });
        match deserr::deserialize::<C, _, FieldErrors>(Value::Object(fields)) {
            Ok(content) if faults.is_empty() => Ok(Row { line, origin, organization, content }),
            Ok(_) => Err(faults),
            Err(errors) => {
                faults.extend(
                    errors
                        .0
                        .iter()
                        .map(|error| told(line, error.pointer.trim_start_matches('/'), error.code, &error.args)),
                );
                Err(faults)
            }
        }
    }
}

/// Keeps a row; of several with the same origin the last counts, as it would if they stood in files loaded in turn.
fn keep<C>(row: Row<C>, checked: &mut Checked<C>, places: &mut HashMap<Origin, usize>) {
    match places.get(&row.origin).and_then(|place| checked.good.get_mut(*place)) {
        Some(earlier) => {
            checked.repeated += 1;
            *earlier = row;
        }
        None => {
            places.insert(row.origin.clone(), checked.good.len());
            checked.good.push(row);
        }
    }
}

fn told(line: usize, field: &str, code: FieldCode, args: &[(&'static str, String)]) -> Fault {
    Fault { line, field: field.to_owned(), what: crate::kernel::code::fill(code.text(Locale::En), args) }
}
