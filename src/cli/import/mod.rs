//! `techex import`: listings and orders from CSV, XLSX or JSON Lines. Every row is checked before any is written; a file
//! is taken over whole or not at all, unless told to skip bad rows; doing it again changes nothing.

mod check;
mod columns;
mod owners;
mod progress;
pub(super) mod read;
mod shape;

use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::catalogue::{Imported, Incoming, Item, Listing, Order, Status};
use crate::config::Config;
use crate::db::{Failure, Isolation};
use crate::events::{Origin, Tx};
use crate::kernel::access::OrganizationKind;
use crate::wiring::{self, Sources, StartError, System};
use check::{Checked, Checks};
use owners::Owners;
pub use progress::Progress;

/// What to load.
#[derive(Args, Clone)]
pub struct Import {
    /// What the rows are.
    kind: Kind,
    /// Files; the ending tells the format: `.csv`, `.xlsx`, `.jsonl`.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The collection the rows are from, for rows without a field `source`.
    #[arg(long)]
    source: Option<String>,
    /// The owner of rows without a field `organization`: an id, a tax code or a name.
    #[arg(long, value_name = "ORGANISATION")]
    organization: Option<String>,
    /// Create owners that are not registered, unverified and of this kind.
    #[arg(long, value_name = "KIND")]
    create_organizations: Option<OrganizationKind>,
    /// Read a field from a column of another name: `--map description=abstract`; may be repeated.
    #[arg(long = "map", value_name = "FIELD=COLUMN", value_parser = super::pair)]
    renames: Vec<(String, String)>,
    /// A value for rows that have none: `--default language=en`; may be repeated.
    #[arg(long = "default", value_name = "FIELD=VALUE", value_parser = super::pair)]
    defaults: Vec<(String, String)>,
    /// Publish what is created, instead of leaving it as a draft.
    #[arg(long)]
    publish: bool,
    /// Load the good rows of a file that has bad ones.
    #[arg(long)]
    skip_bad: bool,
    /// Only check; write nothing.
    #[arg(long)]
    check: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// Technology listings.
    Listings,
    /// Technology orders.
    Orders,
}

/// Bad rows that are told one by one; the rest is counted.
const TOLD: usize = 100;

/// Runs it; fails when a file was refused.
pub fn run(config: Config, import: &Import) -> Result<ExitCode, StartError> {
    let system = wiring::assemble_without_index(config, Sources::default())?;
    let mut refused = false;
    for file in &import.files {
        refused |= !match import.kind {
            Kind::Listings => take_over::<Listing>(&system, import, file)?,
            Kind::Orders => take_over::<Order>(&system, import, file)?,
        };
    }
    Ok(if refused { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Takes one file over; `false` when it was refused.
fn take_over<I: Item>(system: &System, import: &Import, file: &Path) -> Result<bool, StartError> {
    let started = Instant::now();
    let name = file.display();
    let rows = read::rows(file).map_err(|error| StartError(format!("{name}: {error}")))?;
    let checks = Checks::<I::Content>::new(import);
    let mut progress = Progress::new("checked", rows.len());
    let Checked { good, bad, ignored, cleaned, repeated } = checks.all(rows, &mut |done| progress.reached(done));
    progress.finish();
    if !ignored.is_empty() {
        eprintln!(
            "{name}: columns without a field of that name are ignored: {}",
            ignored.into_iter().collect::<Vec<_>>().join(", ")
        );
    }
    if cleaned > 0 {
        eprintln!("{name}: control characters in {cleaned} rows gave way to spaces");
    }
    if repeated > 0 {
        eprintln!("{name}: {repeated} rows are repeated further down; the last of each counts");
    }
    for fault in bad.iter().take(TOLD) {
        eprintln!("{name}: {fault}");
    }
    if bad.len() > TOLD {
        eprintln!("{name}: … and {} more", bad.len() - TOLD);
    }
    let bad_rows = bad.iter().map(|fault| fault.line).collect::<std::collections::BTreeSet<_>>().len();
    if bad_rows > 0 && !import.skip_bad {
        eprintln!(
            "{name}: nothing was loaded: {bad_rows} of {} rows are bad; correct them or use --skip-bad",
            bad_rows + good.len()
        );
        return Ok(false);
    }
    if import.check {
        println!("{name}: {} rows are good, {bad_rows} bad; nothing was written", good.len());
        return Ok(bad_rows == 0);
    }
    let total = good.len();
    let counts = write::<I>(system, import, good).map_err(|failure| explain(file, failure))?;
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{name}: {} created, {} changed, {} unchanged, {bad_rows} skipped; {total} rows in {seconds:.1} s",
        counts.created, counts.changed, counts.unchanged
    );
    Ok(true)
}

fn explain(file: &Path, failure: Failure) -> StartError {
    let file = file.display();
    match failure {
        Failure::Db(error) => StartError(format!("{file}: nothing was loaded: {error}")),
        Failure::Problem(problem) => {
            let locale = crate::kernel::locale::Locale::En;
            let errors = problem.errors.iter().map(|error| format!("{}: {}", error.pointer, error.detail(locale)));
            let details = std::iter::once(problem.detail(locale)).chain(errors).collect::<Vec<_>>().join(" ");
            StartError(format!("{file}: nothing was loaded: {details}"))
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Counts {
    created: usize,
    changed: usize,
    unchanged: usize,
}

/// Writes all rows in one transaction.
fn write<I: Item>(system: &System, import: &Import, rows: Vec<check::Row<I::Content>>) -> Result<Counts, Failure> {
    let (app, import) = (Arc::clone(&system.app), import.clone());
    let progress = Mutex::new(Progress::new("written", rows.len()));
    let origin = Origin { actor: None, request_id: "techex import".into(), address: String::new() };
    system.app.database.write(Isolation::Serializable, move |conn| {
        let mut tx = Tx::new(conn, app.clock.now(), &app.writing, &origin);
        let mut owners = Owners::new(import.create_organizations);
        let mut counts = Counts::default();
        for (done, row) in rows.iter().enumerate() {
            let organization = owners.find(&mut tx, &row.organization).map_err(|failure| at_line(failure, row.line))?;
            let incoming = Incoming {
                origin: row.origin.clone(),
                organization,
                content: row.content.clone(),
                status: if import.publish { Status::Published } else { Status::Draft },
                since: tx.now,
            };
            match crate::catalogue::import::<I>(&mut tx, &incoming).map_err(|failure| at_line(failure, row.line))? {
                Imported::Created => counts.created += 1,
                Imported::Changed => counts.changed += 1,
                Imported::Unchanged => counts.unchanged += 1,
            }
            progress.lock().unwrap_or_else(PoisonError::into_inner).reached(done as u64 + 1);
        }
        progress.lock().unwrap_or_else(PoisonError::into_inner).finish();
        tx.conn.analyze()?;
        Ok(counts)
    })
}

/// The same failure, with the line in front of each field's pointer.
fn at_line(failure: Failure, line: usize) -> Failure {
    match failure {
        Failure::Problem(mut problem) => {
            problem.errors.iter_mut().for_each(|error| error.pointer = format!("line {line}, {}", error.pointer));
            problem.into()
        }
        other => other,
    }
}
