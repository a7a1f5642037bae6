//! Receiving a file: passed on to the store part by part as it arrives, digested and looked at on the way. The store shows
//! it only when it is whole and durable; what is cut off before leaves nothing behind.

use actix_web::web::{Bytes, BytesMut};
use futures_util::stream::{Stream, StreamExt};
use object_store::{MultipartUpload, ObjectStoreExt};
use sha2::{Digest, Sha256};
use std::pin::pin;
use std::sync::Arc;
use tokio::runtime::Handle;

use super::super::inspect::Inspection;
use super::{Storage, StorageError, key};
use crate::kernel::digest::hex;
use crate::kernel::file_type::FileType;
use crate::kernel::id::AttachmentId;
use crate::kernel::problem::Problem;

/// What is known of a file that has arrived.
pub struct Received {
    /// Its size, in bytes.
    pub size: i64,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

impl Storage {
    /// Receives a file that is said to be of this type, and returns when it is durable.
    ///
    /// # Errors
    /// What the pieces fail with, `file_type_mismatch`, `file_store_unavailable`; then nothing is kept.
    pub async fn receive(
        &self,
        id: AttachmentId,
        declared: FileType,
        pieces: impl Stream<Item = Result<Bytes, Problem>>,
    ) -> Result<Received, Problem> {
        let mut pieces = pin!(pieces);
        let (mut sum, mut size, mut inspection) = (Sha256::new(), 0_i64, Inspection::of(declared));
        let mut parts = Parts { storage: self, id, upload: None };
        let mut waiting = BytesMut::new();
        while let Some(piece) = pieces.next().await.transpose()? {
            inspection.continues(&piece)?;
            sum.update(&piece);
            size = size.saturating_add(i64::try_from(piece.len()).unwrap_or(i64::MAX));
            waiting.extend_from_slice(&piece);
            while waiting.len() >= self.part {
                if parts.upload.is_none() {
                    inspection.begins(&waiting)?;
                }
                parts.add(waiting.split_to(self.part).freeze()).await?;
            }
        }
        inspection.ends()?;
        let rest = waiting.freeze();
        if parts.upload.is_none() {
            inspection.begins(&rest)?;
            let objects = Arc::clone(&self.objects);
            self.run(async move { objects.put(&key(id), rest.into()).await }).await?;
        } else {
            parts.finish(rest).await?;
        }
        Ok(Received { size, sha256: hex(&sum.finalize()) })
    }
}

/// A file of several parts on its way into the store.
struct Parts<'a> {
    storage: &'a Storage,
    id: AttachmentId,
    /// Begun with the first part.
    upload: Option<Box<dyn MultipartUpload>>,
}

impl Parts<'_> {
    async fn add(&mut self, part: Bytes) -> Result<(), StorageError> {
        if self.upload.is_none() {
            let (objects, id) = (Arc::clone(&self.storage.objects), self.id);
            self.upload = Some(self.storage.run(async move { objects.put_multipart(&key(id)).await }).await?);
        }
        match &mut self.upload {
            Some(upload) => self.storage.run(upload.put_part(part.into())).await,
            None => Ok(()),
        }
    }

    async fn finish(mut self, rest: Bytes) -> Result<(), StorageError> {
        if !rest.is_empty() {
            self.add(rest).await?;
        }
        let Some(mut upload) = self.upload.take() else { return Ok(()) };
        let completed = async move {
            let outcome = upload.complete().await;
            if outcome.is_err() {
                let _ = upload.abort().await;
            }
            outcome.map(|_| ())
        };
        self.storage.run(completed).await
    }
}

impl Drop for Parts<'_> {
    /// What is not finished is taken back, also when its sender has gone and nobody waits for it any more.
    fn drop(&mut self) {
        let threads = self.storage.threads().map(|runtime| runtime.handle().clone());
        if let (Some(upload), Ok(threads)) = (self.upload.take(), threads) {
            take_back(upload, &threads);
        }
    }
}

fn take_back(mut upload: Box<dyn MultipartUpload>, threads: &Handle) {
    drop(threads.spawn(async move {
        if let Err(error) = upload.abort().await {
            tracing::warn!(%error, "parts of a file that was cut off stay in the store");
        }
    }));
}
