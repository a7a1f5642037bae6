//! What is told of a file.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::attachment::{Attachment, Disclosure};
use crate::http::Sample;
use crate::kernel::clock::At;
use crate::kernel::file_type::FileType;
use crate::kernel::id::AttachmentId;

/// A file, without its bytes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct AttachmentView {
    /// The file.
    pub id: AttachmentId,
    /// Its name.
    #[schema(example = "Phiếu thử nghiệm.pdf")]
    pub name: String,
    /// What it is, as its content shows.
    pub media_type: FileType,
    /// Its size, in bytes.
    #[schema(minimum = 1)]
    pub size: i64,
    /// The SHA-256 of its bytes (FIPS 180-4).
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub sha256: String,
    /// Who may have it.
    pub disclosure: Disclosure,
    /// When it was added.
    pub created_at: At,
}

impl From<Attachment> for AttachmentView {
    fn from(attachment: Attachment) -> Self {
        let Attachment { id, name, media_type, size, sha256, disclosure, created_at, .. } = attachment;
        Self { id, name, media_type, size, sha256, disclosure, created_at }
    }
}

impl Sample for AttachmentView {
    fn sample() -> Self {
        Self {
            id: AttachmentId(uuid::uuid!("0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d60")),
            name: "Phiếu thử nghiệm.pdf".into(),
            media_type: FileType::Pdf,
            size: 184_320,
            sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".into(),
            disclosure: Disclosure::Public,
            created_at: At::sample(),
        }
    }
}

/// All files of something that the reader finds there; there are few, so they come on one page.
#[derive(Serialize, ToSchema)]
pub struct AttachmentList {
    /// The files, in the order in which they were added.
    pub items: Vec<AttachmentView>,
}

impl Sample for AttachmentList {
    fn sample() -> Self {
        Self { items: vec![AttachmentView::sample()] }
    }
}

/// A link by which a file can be downloaded for a while.
#[derive(Serialize, ToSchema)]
pub struct LinkView {
    /// The address. Whoever has it can download the file.
    pub url: String,
    /// Until when it can be used.
    pub expires_at: At,
}

impl Sample for LinkView {
    fn sample() -> Self {
        Self {
            url: "https://techex.example/v1/files/0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d60?pass=1787735100.v.6pJ0…".into(),
            expires_at: At::sample().plus_seconds(300),
        }
    }
}
