//! `techex backup`: a copy of the database and the files as they were at one instant, while the servers go on.
//!
//! ```text
//! manifest.json            what made the copy, when, of which tables with how many rows
//! tables/<table>.jsonl.gz  one JSON array a row; the same for both databases, so that either can be restored from it
//! files/…                  the attachments
//! SHA256SUMS               of everything above, as `sha256sum --check` reads it
//! ```
//!
//! A folder of the wanted name exists only once the copy is whole. Secrets are not part of it.

mod archive;
mod part;

use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

pub use archive::{Archive, FILES};
use archive::{MANIFEST, Manifest, SUMS, Sums, TableEntry};
use part::PartWriter;
pub use part::{copy, make_durable, make_folder};

use crate::config::Config;
use crate::db::{DbError, Engine, Snapshot};
use crate::kernel::clock::{Clock, SystemClock};
use crate::wiring::StartError;

/// Where the copy goes.
#[derive(Args)]
pub struct Backup {
    /// The folder to make, such as `/var/backups/techex/2026-11-24`; there must be nothing of this name yet.
    folder: PathBuf,
}

/// Why a copy cannot be made or used.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
    /// A file cannot be read or written.
    #[error("{path}: {error}", path = .0.display(), error = .1)]
    File(PathBuf, std::io::Error),
    /// Something is not as it has to be; the text says what to do.
    #[error("{0}")]
    Refused(String),
}

impl CopyError {
    /// A failure with a file or folder.
    pub fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::File(path, error)
    }
}

/// Runs it.
pub fn run(config: &Config, backup: &Backup) -> Result<(), StartError> {
    let begun = Instant::now();
    let made = make(config, &backup.folder).map_err(|error| StartError::of("backup")(&error))?;
    let rows: u64 = made.tables.iter().map(|table| table.rows).sum();
    println!(
        "{} holds {rows} rows of {} tables and {} files, as of {}, {:.1} s",
        backup.folder.display(),
        made.tables.len(),
        made.files,
        made.made_at,
        begun.elapsed().as_secs_f64()
    );
    Ok(())
}

fn make(config: &Config, folder: &Path) -> Result<Manifest, CopyError> {
    let name = folder.file_name().ok_or_else(|| CopyError::Refused("name a folder to make".into()))?;
    let unfinished = folder.with_file_name(format!("{}.unfinished", name.to_string_lossy()));
    for taken in [folder, &unfinished] {
        if taken.exists() {
            return Err(CopyError::Refused(format!("{} exists; name another, or remove it", taken.display())));
        }
    }
    make_folder(&unfinished)?;
    let manifest = fill(config, &unfinished)?;
    fs::rename(&unfinished, folder).map_err(CopyError::at(folder))?;
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    make_durable(parent)?;
    Ok(manifest)
}

fn fill(config: &Config, folder: &Path) -> Result<Manifest, CopyError> {
    let url = config.database_url();
    let mut snapshot = Snapshot::take(&url)?;
    if snapshot.migrations().is_empty() {
        return Err(CopyError::Refused("the database holds no exchange".into()));
    }
    let mut manifest = Manifest {
        format: archive::FORMAT,
        version: env!("CARGO_PKG_VERSION").into(),
        made_at: SystemClock.now(),
        database: if Engine::of(&url) == Engine::Postgres { "postgres".into() } else { "sqlite".into() },
        migrations: snapshot.migrations().to_vec(),
        tables: Vec::new(),
        files: 0,
    };
    let mut sums = Sums::default();
    make_folder(&folder.join(archive::TABLES))?;
    for table in snapshot.tables().to_vec() {
        let path = archive::table_path(&table.name);
        let mut part = PartWriter::create(&folder.join(&path))?;
        snapshot.rows(&table, |line| part.line(line))?;
        let (rows, sum) = part.finish()?;
        sums.add(path, sum);
        let columns = table.columns.into_iter().map(|column| column.name).collect();
        manifest.tables.push(TableEntry { name: table.name, columns, rows });
    }
    // After the database: what its rows name was there before them, and what is added now is not missed.
    drop(snapshot);
    manifest.files = copy_files(&config.data_dir().join(FILES), folder, Path::new(FILES), &mut sums)?;
    let text = serde_json::to_vec_pretty(&manifest).map_err(|error| CopyError::Refused(error.to_string()))?;
    sums.add(MANIFEST.into(), part::write_new(&folder.join(MANIFEST), &mut text.as_slice())?);
    part::write_new(&folder.join(SUMS), &mut sums.to_string().as_bytes())?;
    make_durable(folder)?;
    Ok(manifest)
}

/// Copies all files below `from` to the same places below `to/below`; tells how many there were.
fn copy_files(from: &Path, to: &Path, below: &Path, sums: &mut Sums) -> Result<u64, CopyError> {
    if !from.exists() {
        return Ok(0);
    }
    make_folder(&to.join(below))?;
    let mut files = 0;
    for entry in fs::read_dir(from).map_err(CopyError::at(from))? {
        let entry = entry.map_err(CopyError::at(from))?;
        let (source, place) = (entry.path(), below.join(entry.file_name()));
        if entry.file_type().map_err(CopyError::at(&source))?.is_dir() {
            files += copy_files(&source, to, &place, sums)?;
        } else if let Some(sum) = copy(&source, &to.join(&place))? {
            sums.add(place.to_string_lossy().into_owned(), sum);
            files += 1;
        }
    }
    make_durable(&to.join(below))?;
    Ok(files)
}
