//! `techex restore`: puts a backup into an empty database, all or nothing, whichever kind of database it came from, and
//! the attachments into the data folder; then builds the search index.

use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::backup::{self, Archive, CopyError, FILES};
use super::reindex;
use crate::config::Config;
use crate::db::{self, Content, Filling};
use crate::wiring::StartError;

/// What to restore.
#[derive(Args)]
pub struct Restore {
    /// The folder that `techex backup` made.
    folder: PathBuf,
    /// Take away the exchange that is in the database; attachments that are there are put aside, not removed.
    #[arg(long)]
    replace: bool,
    /// Only check that the backup is whole; write nothing.
    #[arg(long)]
    check: bool,
}

/// Runs it.
pub fn run(config: Config, restore: &Restore) -> Result<(), StartError> {
    let begun = Instant::now();
    let failed = |error: CopyError| StartError::of("restore")(&error);
    let archive = Archive::open(&restore.folder).map_err(failed)?;
    let made = &archive.manifest;
    if restore.check {
        check(&archive).map_err(failed)?;
        println!("the backup of {} by techex {} is whole", made.made_at, made.version);
        return Ok(());
    }
    put_back(&config, &archive, restore.replace).map_err(failed)?;
    let rows: u64 = made.tables.iter().map(|table| table.rows).sum();
    println!("{rows} rows and {} files as of {}, {:.1} s", made.files, made.made_at, begun.elapsed().as_secs_f64());
    reindex::run(config)
}

/// Reads every line and counts.
fn check(archive: &Archive) -> Result<(), CopyError> {
    for table in &archive.manifest.tables {
        let rows = archive.lines(&table.name)?.try_fold(0, |rows: u64, line| line.map(|_| rows + 1))?;
        expect_rows(&table.name, table.rows, rows)?;
    }
    Ok(())
}

fn expect_rows(table: &str, expected: u64, found: u64) -> Result<(), CopyError> {
    if expected == found {
        return Ok(());
    }
    Err(CopyError::Refused(format!("{table} has {found} rows instead of {expected}; use another backup")))
}

fn put_back(config: &Config, archive: &Archive, replace: bool) -> Result<(), CopyError> {
    let folder = config.data_dir();
    backup::make_folder(folder)?;
    refuse(config, replace)?;
    let staged = stage_files(archive, folder)?;
    let mut filling = Filling::begin(&config.database_url(), &archive.manifest.migrations)?;
    let tables = filling.tables();
    if let Some(entry) = archive.manifest.tables.iter().find(|entry| !tables.contains(&entry.name)) {
        return Err(CopyError::Refused(format!("the backup has a table {} that is not known here", entry.name)));
    }
    for table in tables {
        let entry = archive.manifest.tables.iter().find(|entry| entry.name == table);
        let entry = entry.ok_or_else(|| CopyError::Refused(format!("the backup lacks the table {table}")))?;
        let rows = filling.fill(&table, &entry.columns, archive.lines(&table)?)?;
        expect_rows(&table, entry.rows, rows)?;
    }
    for version in filling.finish()? {
        println!("applied {version}");
    }
    swap_files(&staged, folder)
}

/// Nothing is written over unless told so, and nothing of others ever.
fn refuse(config: &Config, replace: bool) -> Result<(), CopyError> {
    let refused = |text: &str| Err(CopyError::Refused(text.into()));
    match db::content(&config.database_url())? {
        Content::Nothing => {}
        Content::SomethingElse => return refused("the database holds tables of something else; name an empty one"),
        Content::Exchange if replace => {}
        Content::Exchange => {
            return refused(
                "the database holds an exchange; name an empty one, or say --replace to lose what it holds",
            );
        }
    }
    let files = config.data_dir().join(FILES);
    let holds_files = fs::read_dir(&files).is_ok_and(|mut entries| entries.next().is_some());
    if holds_files && !replace {
        return refused("the data folder holds attachments; name another, or say --replace to put them aside");
    }
    Ok(())
}

/// Copies the attachments beside where they belong.
fn stage_files(archive: &Archive, folder: &Path) -> Result<PathBuf, CopyError> {
    let staged = folder.join(format!("{FILES}.restoring"));
    if staged.exists() {
        fs::remove_dir_all(&staged).map_err(CopyError::at(&staged))?;
    }
    for (source, place) in archive.files() {
        let target = staged.join(place);
        let parent = target.parent().unwrap_or(&staged);
        backup::make_folder(parent)?;
        let copied = backup::copy(&source, &target)?;
        copied.ok_or_else(|| CopyError::Refused(format!("{} has gone", source.display())))?;
        backup::make_durable(parent)?;
    }
    Ok(staged)
}

/// Puts the staged attachments in their place; what was there gets the first free name beside it.
fn swap_files(staged: &Path, folder: &Path) -> Result<(), CopyError> {
    let files = folder.join(FILES);
    // An empty folder is no loss.
    if files.exists() && fs::remove_dir(&files).is_err() {
        let aside = (1..10_000).map(|n| folder.join(format!("{FILES}.before-{n}"))).find(|aside| !aside.exists());
        let aside = aside.unwrap_or_else(|| folder.join(format!("{FILES}.before")));
        fs::rename(&files, &aside).map_err(CopyError::at(&files))?;
        println!("the attachments that were there are in {}", aside.display());
    }
    if staged.exists() {
        fs::rename(staged, &files).map_err(CopyError::at(&files))?;
    }
    backup::make_durable(folder)
}
