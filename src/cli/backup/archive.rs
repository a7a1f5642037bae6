//! What a backup is made of, and reading one.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::CopyError;
use super::part::{self, PartReader};
use crate::kernel::clock::At;

/// The version of this layout.
pub const FORMAT: u32 = 1;
/// The description of a backup.
pub const MANIFEST: &str = "manifest.json";
/// The digests of all other files.
pub const SUMS: &str = "SHA256SUMS";
/// The folder of the tables.
pub const TABLES: &str = "tables";
/// The folder of the attachments, in a backup and in the data folder.
pub const FILES: &str = "files";

/// What a backup says of itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of the layout.
    pub format: u32,
    /// The version of the program that made it.
    pub version: String,
    /// When it was begun.
    pub made_at: At,
    /// `postgres` or `sqlite`.
    pub database: String,
    /// Versions of the migrations the tables come from, in order.
    pub migrations: Vec<String>,
    /// The tables.
    pub tables: Vec<TableEntry>,
    /// How many files there are.
    pub files: u64,
}

/// A table of a backup.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableEntry {
    /// Its name.
    pub name: String,
    /// What the values of its lines are, in order.
    pub columns: Vec<String>,
    /// How many lines there are.
    pub rows: u64,
}

/// Where a table is in the folder.
pub fn table_path(name: &str) -> String {
    format!("{TABLES}/{name}.jsonl.gz")
}

/// SHA-256 of each file by its path in the folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums(BTreeMap<String, String>);

impl Sums {
    /// One more file.
    pub fn add(&mut self, path: String, sum: String) {
        self.0.insert(path, sum);
    }

    fn parse(text: &str) -> Option<Self> {
        let line = |line: &str| line.split_once("  ").map(|(sum, path)| (path.to_owned(), sum.to_owned()));
        text.lines().map(line).collect::<Option<_>>().map(Self)
    }
}

impl fmt::Display for Sums {
    /// As `sha256sum` writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(path, sum)| writeln!(f, "{sum}  {path}"))
    }
}

/// A backup that is there.
pub struct Archive {
    folder: PathBuf,
    /// What it says of itself.
    pub manifest: Manifest,
    sums: Sums,
}

impl Archive {
    /// Opens a backup and checks that it is whole: every file is there and is what it was.
    ///
    /// # Errors
    /// What is missing or differs.
    pub fn open(folder: &Path) -> Result<Self, CopyError> {
        let read = |name: &str| fs::read_to_string(folder.join(name)).map_err(CopyError::at(&folder.join(name)));
        let sums = Sums::parse(&read(SUMS)?).ok_or_else(|| CopyError::Refused(format!("{SUMS} cannot be read")))?;
        let manifest: Manifest = serde_json::from_str(&read(MANIFEST)?)
            .map_err(|error| CopyError::Refused(format!("{MANIFEST}: {error}; another version may have made it")))?;
        if manifest.format != FORMAT {
            return Err(CopyError::Refused(format!("the backup has layout {}, not {FORMAT}", manifest.format)));
        }
        let named = manifest.tables.iter().map(|table| table_path(&table.name));
        for path in named.chain([MANIFEST.to_owned()]) {
            if !sums.0.contains_key(&path) {
                return Err(CopyError::Refused(format!("{SUMS} does not name {path}")));
            }
        }
        for (path, sum) in &sums.0 {
            if !Path::new(path).components().all(|part| matches!(part, Component::Normal(_))) {
                return Err(CopyError::Refused(format!("{SUMS} names {path}, which is outside the backup")));
            }
            if part::digest(&folder.join(path))? != *sum {
                return Err(CopyError::Refused(format!("{path} is not what was backed up; use another backup")));
            }
        }
        let archive = Self { folder: folder.to_owned(), manifest, sums };
        let files = u64::try_from(archive.files().count()).unwrap_or_default();
        if files != archive.manifest.files {
            let expected = archive.manifest.files;
            return Err(CopyError::Refused(format!("{SUMS} names {files} files instead of {expected}")));
        }
        Ok(archive)
    }

    /// The lines of a table.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn lines(&self, table: &str) -> Result<PartReader, CopyError> {
        PartReader::open(&self.folder.join(table_path(table)))
    }

    /// Where the attachments are, and where they belong below a folder of their own.
    pub fn files(&self) -> impl Iterator<Item = (PathBuf, &Path)> {
        self.sums.0.keys().filter_map(|path| {
            let place = path.strip_prefix(FILES)?.strip_prefix('/')?;
            Some((self.folder.join(path), Path::new(place)))
        })
    }
}
