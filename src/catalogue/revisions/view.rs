//! What is shown of revisions.

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::revision::{Revision, Said};
use crate::http::Sample;
use crate::kernel::clock::At;
use crate::kernel::id::UserId;

/// A revision in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevisionSummary {
    /// The item's version since which it says this; steps in between that change no content have versions too.
    #[schema(example = 4)]
    pub version: i64,
    /// The fields that differ from the revision before; of the first one, those that say anything.
    pub fields: Vec<String>,
    /// The account that changed it; absent for an import.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub changed_by: Option<UserId>,
    /// When.
    pub created_at: At,
}

/// A revision with what the item said.
#[derive(Debug, Serialize, ToSchema)]
pub struct RevisionView {
    #[serde(flatten)]
    pub revision: RevisionSummary,
    /// The content as it was written then, in the form of that time: fields that came later are not there.
    #[schema(value_type = Object)]
    pub content: Said,
}

/// How two revisions differ.
#[derive(Debug, Serialize, ToSchema)]
pub struct Comparison {
    /// The version compared with; absent where there is none before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, example = 1)]
    pub from: Option<i64>,
    /// The version compared.
    #[schema(example = 4)]
    pub to: i64,
    /// Every field in which the two differ; lists and objects are compared whole.
    pub changes: Vec<FieldChange>,
}

/// A field in which two revisions differ.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldChange {
    /// The field, as a JSON pointer (RFC 6901).
    #[schema(example = "/trl")]
    pub pointer: String,
    /// What it said; `null` if nothing.
    pub from: Value,
    /// What it says; `null` if nothing.
    pub to: Value,
}

impl From<Revision> for RevisionSummary {
    fn from(Revision { version, fields, actor_id, created_at }: Revision) -> Self {
        Self { version, fields: fields.0, changed_by: actor_id, created_at }
    }
}

impl Sample for RevisionSummary {
    fn sample() -> Self {
        let changed_by = Some(UserId(uuid::uuid!("0198c5a1-f2b0-7000-8000-00000000000b")));
        Self { version: 4, fields: vec!["economics".into(), "trl".into()], changed_by, created_at: At::sample() }
    }
}

impl Sample for RevisionView {
    fn sample() -> Self {
        let content =
            json!({"language": "vi", "title": "Xử lý nước thải làng nghề dệt nhuộm bằng màng sinh học quay", "trl": 8});
        Self { revision: RevisionSummary::sample(), content: content.as_object().cloned().unwrap_or_default() }
    }
}

impl Sample for Comparison {
    fn sample() -> Self {
        let change = FieldChange { pointer: "/trl".into(), from: json!(7), to: json!(8) };
        Self { from: Some(1), to: 4, changes: vec![change] }
    }
}
