//! Settings of the file store.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Secret;
use crate::kernel::file_type::FileType;

/// Attached files: where their bytes are kept, and how much of them.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FileStore {
    /// Largest file, in bytes.
    pub max_bytes: u64,
    /// Bytes that one organisation may keep altogether.
    pub quota_bytes: i64,
    /// Media types that are taken; none named means all that are known, which are PDF, PNG, JPEG, GIF, WebP, TIFF, Office
    /// Open XML, OpenDocument, plain text, CSV and ZIP.
    #[schema(value_type = Vec<String>)]
    pub types: Vec<FileType>,
    /// Files received at a time.
    pub uploads: usize,
    /// Seconds a client may take to send a file; between two pieces of it, `server.body_seconds`.
    pub upload_seconds: u64,
    /// Seconds a link to a file can be used.
    pub link_seconds: i64,
    /// The bucket of an S3-compatible store; empty means the folder `files` of the data folder.
    pub s3_bucket: String,
    /// Address of that store, such as `http://127.0.0.1:9000`; empty means AWS.
    pub s3_endpoint: String,
    /// Its region.
    pub s3_region: String,
    /// The name of the key to it.
    pub s3_key_id: String,
    /// The key's secret.
    #[schema(value_type = String)]
    pub s3_secret: Secret,
    /// A file that holds the secret instead.
    pub s3_secret_file: String,
}

impl Default for FileStore {
    fn default() -> Self {
        Self {
            max_bytes: 52_428_800,
            quota_bytes: 2_147_483_648,
            types: Vec::new(),
            uploads: 16,
            upload_seconds: 900,
            link_seconds: 300,
            s3_bucket: String::new(),
            s3_endpoint: String::new(),
            s3_region: "us-east-1".into(),
            s3_key_id: String::new(),
            s3_secret: Secret::default(),
            s3_secret_file: String::new(),
        }
    }
}

impl FileStore {
    /// The types that are taken.
    #[must_use]
    pub fn types(&self) -> &[FileType] {
        if self.types.is_empty() { FileType::ALL } else { &self.types }
    }

    /// What is wrong with these settings, if anything: the setting and why.
    pub(super) fn fault(&self) -> Option<(&'static str, &'static str)> {
        let half_a_day = 43_200;
        if self.max_bytes == 0 || self.quota_bytes < 1 || self.uploads == 0 || self.link_seconds < 1 {
            return Some(("files", "max_bytes, quota_bytes, uploads and link_seconds need at least 1"));
        }
        if !(1..=half_a_day).contains(&self.upload_seconds) {
            return Some(("files.upload_seconds", "has to lie between 1 and 43200"));
        }
        if self.s3_bucket.is_empty() {
            return None;
        }
        if self.s3_key_id.is_empty() || self.s3_secret.is_empty() {
            return Some(("files.s3_bucket", "needs files.s3_key_id and files.s3_secret beside it"));
        }
        let endpoint = &self.s3_endpoint;
        let fine = endpoint.is_empty() || endpoint.starts_with("http://") || endpoint.starts_with("https://");
        (!fine).then_some(("files.s3_endpoint", "has to begin with http:// or https://"))
    }
}
