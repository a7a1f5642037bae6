//! Loading a version of a list: what changes against what is there, and writing it.

use std::collections::{HashMap, HashSet};
use uuid::Uuid;

use super::store::{self, Row};
use super::version::{NewVersion, ReferenceVersion, Refusal};
use crate::db::Failure;
use crate::events::{Change, Tx};
use crate::kernel::clock::Day;
use crate::kernel::fold::fold;

/// An entry of a version about to be loaded; its place in the order is its place among the others.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NewItem {
    /// Its code.
    pub code: String,
    /// The code above it.
    pub parent: Option<String>,
    /// Its Vietnamese name; one of the two is there.
    pub name_vi: Option<String>,
    /// Its English name.
    pub name_en: Option<String>,
}

/// What became of the codes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Loaded {
    /// New codes.
    pub added: usize,
    /// Codes whose name or parent is another one now.
    pub changed: usize,
    /// Codes that are no longer in the list.
    pub ended: usize,
    /// Codes that stay as they were.
    pub unchanged: usize,
}

/// What has to be written.
#[derive(Debug, Default)]
struct Plan {
    /// Rows to write; what is there of the same code and version gives way.
    write: Vec<Row>,
    /// Rows to end.
    end: Vec<Row>,
    loaded: Loaded,
}

/// Loads a version. Codes that are missing in it, or say something else, end the day before it begins; nothing is deleted.
/// Loading the latest version again corrects it; with the same content that changes nothing.
///
/// # Errors
/// The database's failure; inside, why the version may not follow those that are there.
pub fn load(tx: &mut Tx<'_>, version: &NewVersion, items: &[NewItem]) -> Result<Result<Loaded, Refusal>, Failure> {
    let list = version.list.as_str();
    if let Err(refusal) = version.may_follow(&store::versions(tx.conn, Some(list))?) {
        return Ok(Err(refusal));
    }
    let Plan { write, end, loaded } = plan(version, &store::rows(tx.conn, list)?, items);
    store::save_version(tx.conn, &ReferenceVersion::from(version))?;
    store::end(tx.conn, list, &end, version.effective_from.before())?;
    store::save(tx.conn, &write)?;
    let id: Uuid = tx.id();
    let change = Change::new("reference_list.loaded", id, 1).field("list", None::<()>, list);
    let counts = format!("{} added, {} changed, {} ended", loaded.added, loaded.changed, loaded.ended);
    tx.record(&change.field("version", None::<()>, &version.version).field("codes", None::<()>, counts))?;
    Ok(Ok(loaded))
}

impl From<&NewVersion> for ReferenceVersion {
    fn from(new: &NewVersion) -> Self {
        Self {
            list: new.list.as_str().to_owned(),
            version: new.version.clone(),
            source: new.source.clone(),
            effective_from: Some(new.effective_from),
            complete: new.complete,
        }
    }
}

/// What has to change so that from the version's first day on the list says `items`, and before it what it said.
fn plan(version: &NewVersion, rows: &[Row], items: &[NewItem]) -> Plan {
    let open: HashMap<&str, &Row> =
        rows.iter().filter(|row| row.valid_to.is_none()).map(|row| (row.code.as_str(), row)).collect();
    let mut plan = Plan::default();
    for (position, item) in (1..).zip(items) {
        let new = Row::new(version, item, position);
        match open.get(item.code.as_str()) {
            None => {
                plan.loaded.added += 1;
                plan.write.push(new);
            }
            Some(row) if row.says_the_same(&new) => {
                plan.loaded.unchanged += 1;
                if row.position != position {
                    plan.write.push(Row { position, ..(*row).clone() });
                }
            }
            Some(row) => {
                plan.loaded.changed += 1;
                if row.version != new.version {
                    plan.end.push((*row).clone());
                }
                plan.write.push(new);
            }
        }
    }
    let kept: HashSet<&str> = items.iter().map(|item| item.code.as_str()).collect();
    let gone = rows.iter().filter(|row| row.valid_to.is_none() && !kept.contains(row.code.as_str()));
    let gone: Vec<_> = gone.cloned().collect();
    plan.loaded.ended = gone.len();
    plan.end.extend(gone);
    plan
}

impl Row {
    fn new(version: &NewVersion, item: &NewItem, position: i32) -> Self {
        let NewItem { code, parent, name_vi, name_en } = item.clone();
        let words = [Some(code.as_str()), name_vi.as_deref(), name_en.as_deref()];
        Self {
            folded: fold(&words.into_iter().flatten().collect::<Vec<_>>().join(" ")),
            list: version.list.as_str().to_owned(),
            code,
            version: version.version.clone(),
            parent,
            name_vi,
            name_en,
            position,
            valid_from: Some(version.effective_from),
            valid_to: None::<Day>,
        }
    }

    fn says_the_same(&self, other: &Self) -> bool {
        (&self.parent, &self.name_vi, &self.name_en) == (&other.parent, &other.name_vi, &other.name_en)
    }
}
