//! Where the bytes of files are: in a folder, or in a bucket of an S3-compatible store. Each file is kept under its
//! identifier; no name that a person gave comes near it.

mod receive;
mod s3;

use actix_web::web::Bytes;
use futures_util::stream::{BoxStream, StreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{GetOptions, ObjectStore, ObjectStoreExt};
use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};

use crate::config::FileStore;
use crate::kernel::code::Code;
use crate::kernel::digest::random_token;
use crate::kernel::id::AttachmentId;
use crate::kernel::problem::Problem;

pub use receive::Received;

/// The store with the threads that work for it.
pub struct Storage {
    objects: Arc<dyn ObjectStore>,
    /// Bytes that are held in memory of a file that arrives.
    part: usize,
    /// The folder, where it is one.
    folder: Option<PathBuf>,
    /// Gone only while the storage is being dropped.
    runtime: Option<Runtime>,
}

/// Why the store did not do what it was asked; for the operator.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// There is no such file.
    #[error("the file store has no such file")]
    Missing,
    /// It cannot be reached, is full, or refuses.
    #[error("{0}")]
    Failed(String),
}

impl From<object_store::Error> for StorageError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Missing,
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<StorageError> for Problem {
    /// What the person is told; the store's own words go to the log only.
    fn from(error: StorageError) -> Self {
        tracing::error!(%error, "the file store failed");
        match error {
            StorageError::Missing => Code::InternalError.into(),
            StorageError::Failed(_) => Self::retry_later(Code::FileStoreUnavailable, 5),
        }
    }
}

/// A store on this machine is written to in pieces of this size.
const FOLDER_PART: usize = 1 << 20;
/// The smallest part that S3 takes of a file in several parts, but for the last.
const S3_PART: usize = 5 << 20;
/// Files being written, read or removed at a time, where that blocks a thread.
const THREADS: usize = 8;

impl Storage {
    /// The store as configured: a bucket, or this folder, which has to be there. A bucket need not answer yet.
    ///
    /// # Errors
    /// When the folder or the settings of the bucket cannot be used.
    pub fn open(settings: &FileStore, folder: &Path) -> Result<Self, StorageError> {
        let failed = |error: std::io::Error| StorageError::Failed(error.to_string());
        let mut builder = Builder::new_multi_thread();
        let builder = builder.worker_threads(1).max_blocking_threads(THREADS).thread_name("files").enable_all();
        let runtime = builder.build().map_err(failed)?;
        if settings.s3_bucket.is_empty() {
            let objects = Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true));
            return Ok(Self { objects, part: FOLDER_PART, folder: Some(folder.to_owned()), runtime: Some(runtime) });
        }
        let objects = Arc::new(s3::open(settings, runtime.handle())?);
        Ok(Self { objects, part: S3_PART, folder: None, runtime: Some(runtime) })
    }

    /// The bytes of a file in this range.
    ///
    /// # Errors
    /// `file_store_unavailable`; `internal_error` when the file is gone.
    pub async fn read(
        &self,
        id: AttachmentId,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, std::io::Result<Bytes>>, Problem> {
        let objects = Arc::clone(&self.objects);
        let found =
            self.run(async move { objects.get_opts(&key(id), GetOptions::new().with_range(Some(range))).await });
        let pieces = found.await?.into_stream();
        let failed = move |error: object_store::Error| {
            tracing::error!(%error, file = %id, "a file cannot be read to its end");
            std::io::Error::other(error)
        };
        Ok(pieces.map(move |piece| piece.map_err(failed)).boxed())
    }

    /// Removes a file, and what is left of one that was cut off; it may be gone already. Blocks.
    ///
    /// # Errors
    /// When the store fails.
    pub fn remove(&self, id: AttachmentId) -> Result<(), StorageError> {
        if let Some(folder) = &self.folder {
            // Where object_store writes a file until it is whole; there is one try for each identifier.
            match std::fs::remove_file(folder.join(format!("{}#1", key(id)))) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(StorageError::Failed(error.to_string()));
                }
                _ => {}
            }
        }
        match self.wait(self.objects.delete(&key(id))) {
            Err(StorageError::Missing) => Ok(()),
            outcome => outcome,
        }
    }

    /// Removes a file that nothing refers to; if that fails, it is cleared away later.
    pub async fn discard(&self, id: AttachmentId) {
        let objects = Arc::clone(&self.objects);
        if let Err(error) = self.run(async move { objects.delete(&key(id)).await }).await {
            tracing::warn!(%error, file = %id, "a file that is not kept will be removed later");
        }
    }

    /// Writes something, reads it and removes it. Blocks.
    ///
    /// # Errors
    /// What of that fails.
    pub fn try_out(&self) -> Result<(), StorageError> {
        let token = random_token().map_err(|error| StorageError::Failed(error.to_string()))?;
        let probe = Key::from(format!("probe-{token}"));
        self.wait(async {
            self.objects.put(&probe, token.clone().into()).await?;
            let read = self.objects.get(&probe).await?.bytes().await?;
            self.objects.delete(&probe).await?;
            Ok(read == token.as_bytes())
        })
        .and_then(|same| if same { Ok(()) } else { Err(StorageError::Failed("what was written is not read".into())) })
    }

    /// Lets the store's own threads do something, for asynchronous callers of any runtime.
    async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = object_store::Result<T>> + Send + 'static,
    ) -> Result<T, StorageError> {
        match self.threads()?.spawn(work).await {
            Ok(outcome) => Ok(outcome?),
            Err(error) => Err(StorageError::Failed(error.to_string())),
        }
    }

    /// Does something to its end, for threads of no runtime.
    fn wait<T>(&self, work: impl Future<Output = object_store::Result<T>>) -> Result<T, StorageError> {
        Ok(self.threads()?.block_on(work)?)
    }

    fn threads(&self) -> Result<&Runtime, StorageError> {
        self.runtime.as_ref().ok_or_else(|| StorageError::Failed("shutting down".into()))
    }
}

impl Drop for Storage {
    /// Without waiting: the last owner may be an asynchronous task, where a runtime must not be waited for.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Where a file is: identifiers end in random digits, which spread them evenly over folders.
fn key(id: AttachmentId) -> Key {
    let name = id.0.simple().to_string();
    Key::from(format!("{}/{name}", name.get(30..).unwrap_or_default()))
}
