//! The index folder on disk: which index inside it is the live one, and who may use it.
//!
//! ```text
//! lock            held while a process uses the folder
//! current.json    which index is live; replaced in one step
//! index-<n>/      the live index, and at times one being built or one left over
//! ```

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::schema::FORMAT;
use crate::search::index::SearchError;

const LOCK: &str = "lock";
const MARKER: &str = "current.json";
const INDEX: &str = "index-";

/// Names the live index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Marker {
    /// Version of the schema and the analysis it was written with.
    format: u32,
    /// Number of its folder.
    pub generation: u64,
    /// Whether it has been filled by a rebuild; until then it may lack documents.
    pub complete: bool,
}

impl Marker {
    /// A marker of the present format.
    pub(super) fn new(generation: u64, complete: bool) -> Marker {
        Marker { format: FORMAT, generation, complete }
    }
}

/// An index folder in use by this process.
#[derive(Debug)]
pub(super) struct Folder {
    dir: PathBuf,
    /// The lock goes with the file handle, also when the process dies.
    _lock: File,
}

impl Folder {
    /// Takes the folder, making it where it is missing.
    pub(super) fn open(dir: &Path) -> Result<Folder, SearchError> {
        fs::create_dir_all(dir)?;
        let lock = OpenOptions::new().write(true).create(true).truncate(false).open(dir.join(LOCK))?;
        match lock.try_lock() {
            Ok(()) => Ok(Folder { dir: dir.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(SearchError::Locked(dir.to_owned())),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// The marker, if there is a readable one of the present format.
    pub(super) fn marker(&self) -> Option<Marker> {
        let written = fs::read(self.dir.join(MARKER)).ok()?;
        let marker: Marker = serde_json::from_slice(&written).ok()?;
        (marker.format == FORMAT).then_some(marker)
    }

    /// Makes this index the live one. Before the rename the old one is live, after it the new one.
    pub(super) fn publish(&self, marker: Marker) -> Result<(), SearchError> {
        let beside = self.dir.join("current.json.new");
        let mut file = File::create(&beside)?;
        file.write_all(&serde_json::to_vec(&marker).map_err(io::Error::from)?)?;
        file.sync_all()?;
        fs::rename(&beside, self.dir.join(MARKER))?;
        // The rename itself is durable only once the folder is. Should that fail, the new index is live all the same,
        // and a crash that undoes the rename leaves a marker without an index: an empty one, to be rebuilt.
        if let Err(error) = File::open(&self.dir).and_then(|dir| dir.sync_all()) {
            tracing::warn!(%error, "the search index folder could not be synchronised");
        }
        Ok(())
    }

    /// Where an index lives.
    pub(super) fn index(&self, generation: u64) -> PathBuf {
        self.dir.join(format!("{INDEX}{generation}"))
    }

    /// A number no index of this folder uses.
    pub(super) fn next_generation(&self) -> Result<u64, SearchError> {
        let highest = self.generations()?.into_iter().max();
        Ok(highest.map_or(1, |highest| highest.saturating_add(1)))
    }

    /// Removes every index but one: what an interrupted rebuild or a swap left.
    pub(super) fn clean(&self, keep: u64) -> Result<(), SearchError> {
        for generation in self.generations()? {
            if generation != keep {
                fs::remove_dir_all(self.index(generation))?;
            }
        }
        Ok(())
    }

    fn generations(&self) -> Result<Vec<u64>, SearchError> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.dir)? {
            let name = entry?.file_name();
            let number: Option<u64> =
                name.to_str().and_then(|name| name.strip_prefix(INDEX)).and_then(|number| number.parse().ok());
            found.extend(number);
        }
        Ok(found)
    }
}
