//! The files of a backup: written once, readable by their owner only, durable, and known by their SHA-256.

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, Lines, Read, Write};
use std::path::{Path, PathBuf};

use super::CopyError;
use crate::kernel::digest::hex;
use crate::wiring::private_folder;

/// Makes a folder for its owner only.
pub fn make_folder(path: &Path) -> Result<(), CopyError> {
    private_folder(path).map_err(CopyError::at(path))
}

/// Makes the entries of a folder durable.
pub fn make_durable(folder: &Path) -> Result<(), CopyError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(CopyError::at(folder))
}

fn create(path: &Path) -> Result<Digesting<File>, CopyError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    Ok(Digesting::new(options.open(path).map_err(CopyError::at(path))?))
}

/// Reads or writes and digests what passes.
struct Digesting<T> {
    inner: T,
    sum: Sha256,
}

impl<T> Digesting<T> {
    fn new(inner: T) -> Self {
        Self { inner, sum: Sha256::new() }
    }
}

impl<T: Write> Write for Digesting<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.sum.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn finished(file: Digesting<File>) -> io::Result<String> {
    file.inner.sync_all()?;
    Ok(hex(&file.sum.finalize()))
}

/// Writes a new file and tells its digest.
pub fn write_new(path: &Path, content: &mut impl Read) -> Result<String, CopyError> {
    let mut file = create(path)?;
    io::copy(content, &mut file).and_then(|_| finished(file)).map_err(CopyError::at(path))
}

/// Copies a file and tells its digest; nothing if it has gone, because attachments are removed while a backup runs.
pub fn copy(from: &Path, to: &Path) -> Result<Option<String>, CopyError> {
    match File::open(from) {
        Ok(mut source) => write_new(to, &mut source).map(Some),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(CopyError::File(from.to_owned(), error)),
    }
}

/// The digest of a file.
pub fn digest(path: &Path) -> Result<String, CopyError> {
    let mut sink = Digesting::new(io::sink());
    let mut file = File::open(path).map_err(CopyError::at(path))?;
    io::copy(&mut file, &mut sink).map_err(CopyError::at(path))?;
    Ok(hex(&sink.sum.finalize()))
}

/// A compressed file of lines being written.
pub struct PartWriter {
    path: PathBuf,
    lines: BufWriter<GzEncoder<Digesting<File>>>,
    count: u64,
}

impl PartWriter {
    /// Begins one.
    pub fn create(path: &Path) -> Result<Self, CopyError> {
        let lines = BufWriter::new(GzEncoder::new(create(path)?, Compression::fast()));
        Ok(Self { path: path.to_owned(), lines, count: 0 })
    }

    /// One more line.
    pub fn line(&mut self, line: &str) -> Result<(), CopyError> {
        self.count += 1;
        let written = self.lines.write_all(line.as_bytes()).and_then(|()| self.lines.write_all(b"\n"));
        written.map_err(CopyError::at(&self.path))
    }

    /// Ends it; tells how many lines it has, and its digest.
    pub fn finish(self) -> Result<(u64, String), CopyError> {
        let Self { path, lines, count } = self;
        let file = lines.into_inner().map_err(|error| CopyError::File(path.clone(), error.into_error()))?;
        let sum = file.finish().and_then(finished).map_err(CopyError::at(&path))?;
        Ok((count, sum))
    }
}

/// A compressed file of lines being read.
pub struct PartReader {
    path: PathBuf,
    lines: Lines<BufReader<GzDecoder<File>>>,
}

impl PartReader {
    pub(super) fn open(path: &Path) -> Result<Self, CopyError> {
        let file = File::open(path).map_err(CopyError::at(path))?;
        Ok(Self { path: path.to_owned(), lines: BufReader::new(GzDecoder::new(file)).lines() })
    }
}

impl Iterator for PartReader {
    type Item = Result<String, CopyError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.lines.next()?.map_err(CopyError::at(&self.path)))
    }
}
