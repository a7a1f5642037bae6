//! `techex reference load`: a version of a reference list from tables. Every row is checked before any is written; a version
//! is loaded whole or not at all; loading it again changes nothing.

mod rows;

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use super::import::read;
use crate::catalogue::{ListName, LoadedReference, NewReferenceItem, NewReferenceVersion, load_reference};
use crate::config::Config;
use crate::db::{Failure, Isolation};
use crate::events::{Origin, Tx};
use crate::kernel::clock::Day;
use crate::kernel::locale::Locale;
use crate::kernel::problem::Problem;
use crate::wiring::{self, Sources, StartError, System};

/// What to do with reference lists.
#[derive(Subcommand)]
pub enum Reference {
    /// Load a version of a list. Codes it no longer has end the day before it takes effect.
    Load(Load),
}

/// What to load.
#[derive(Args)]
pub struct Load {
    /// Files that together are the list; the ending tells the format: `.csv`, `.tsv`, `.xlsx`, `.jsonl`.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The list, such as `vsic`.
    #[arg(long)]
    list: ListName,
    /// The version's name, such as `36/2025/QĐ-TTg`.
    #[arg(long)]
    version: String,
    /// The first day the version is in force.
    #[arg(long, value_name = "YYYY-MM-DD")]
    effective_from: Day,
    /// What it was taken from; the version's name by default.
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,
    /// Read a field (code, parent, name_vi, name_en, level) from a column of another name; may be repeated, also for one
    /// field: the first of these columns that a file has counts.
    #[arg(long = "map", value_name = "FIELD=COLUMN", value_parser = super::pair)]
    renames: Vec<(String, String)>,
    /// How a code's parent is found.
    #[arg(long, value_enum, default_value = "column")]
    parents: Parents,
    /// The files hold an extract: codes that are not in it are not refused in listings and orders.
    #[arg(long)]
    partial: bool,
    /// Only check; write nothing.
    #[arg(long)]
    check: bool,
}

/// How a code's parent is found.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Parents {
    /// In the column `parent`; empty at the top.
    Column,
    /// In the column `parent`, as a code of another list: the province of a commune.
    Foreign,
    /// The longest other code that the code begins with; the list is put in the order of its codes.
    Prefix,
    /// The last row above with a smaller number in the column `level`.
    Levels,
}

/// Bad rows that are told one by one; the rest is counted.
const TOLD: usize = 100;

/// Runs it; fails when the version was refused.
pub fn run(config: Config, reference: &Reference) -> Result<ExitCode, StartError> {
    let Reference::Load(load) = reference;
    let mut checked = rows::Checked::default();
    for file in &load.files {
        let name = file.display().to_string();
        let rows = read::rows(file).map_err(|error| StartError(format!("{name}: {error}")))?;
        checked.add(&name, rows, load);
    }
    let (items, faults) = checked.finish(load.parents);
    if !faults.is_empty() {
        faults.iter().take(TOLD).for_each(|fault| eprintln!("{fault}"));
        let more = faults.len().saturating_sub(TOLD);
        let more = if more > 0 { format!(" ({more} more than are shown)") } else { String::new() };
        eprintln!("nothing was loaded: {} things have to be corrected{more}", faults.len());
        return Ok(ExitCode::FAILURE);
    }
    let (list, version) = (load.list.as_str(), &load.version);
    if load.check {
        println!("{list} {version}: {} rows are good; nothing was written", items.len());
        return Ok(ExitCode::SUCCESS);
    }
    let system = wiring::assemble_without_index(config, Sources::default())?;
    let LoadedReference { added, changed, ended, unchanged } = write(&system, load, items)?;
    println!("{list} {version}: {added} added, {changed} changed, {ended} ended, {unchanged} unchanged");
    Ok(ExitCode::SUCCESS)
}

/// Writes the version in one transaction.
fn write(system: &System, load: &Load, items: Vec<NewReferenceItem>) -> Result<LoadedReference, StartError> {
    let version = NewReferenceVersion {
        list: load.list.clone(),
        version: load.version.clone(),
        source: load.source.clone().unwrap_or_else(|| load.version.clone()),
        effective_from: load.effective_from,
        complete: !load.partial,
    };
    let app = Arc::clone(&system.app);
    let origin = Origin { actor: None, request_id: "techex reference load".into(), address: String::new() };
    let written = system.app.database.write(Isolation::Serializable, move |conn| {
        let mut tx = Tx::new(conn, app.clock.now(), &app.writing, &origin);
        load_reference(&mut tx, &version, &items)
    });
    match written {
        Ok(outcome) => outcome.map_err(|refusal| StartError(format!("nothing was loaded: {refusal}"))),
        Err(Failure::Db(error)) => Err(StartError(format!("nothing was loaded: {error}"))),
        Err(failure) => Err(StartError(format!("nothing was loaded: {}", Problem::from(failure).detail(Locale::En)))),
    }
}
