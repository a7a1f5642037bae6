//! What the owning organisation is shown of a reading.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::OrganizationBrief;
use crate::db::schema::{confidential_views, users};
use crate::files::AttachmentView;
use crate::http::Sample;
use crate::kernel::clock::At;
use crate::kernel::id::{AttachmentId, ConfidentialGrantId, ConfidentialViewId, UserId};

/// Who read the confidential part of a listing, for whom and when.
#[derive(Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = confidential_views, check_for_backend(crate::db::MultiBackend))]
pub struct ViewRecord {
    /// The reading.
    pub id: ConfidentialViewId,
    /// Who read.
    #[diesel(embed)]
    pub viewer: Viewer,
    /// For which organisation; an authority's for an officer.
    #[diesel(embed)]
    pub organization: OrganizationBrief,
    /// By which grant; absent for an officer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub grant_id: Option<ConfidentialGrantId>,
    /// Why an officer read; absent for others.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub reason: Option<String>,
    /// The file a link was got to; absent where the sections were read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub file_id: Option<AttachmentId>,
    /// Its name; the file may be gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub file_name: Option<String>,
    /// When.
    pub created_at: At,
}

/// A person who read.
#[derive(Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = users, check_for_backend(crate::db::MultiBackend))]
pub struct Viewer {
    /// The account.
    pub id: UserId,
    /// The person's name.
    #[schema(example = "Trần Thị Bình")]
    pub full_name: String,
}

impl Sample for ViewRecord {
    fn sample() -> Self {
        let viewer = Viewer {
            id: UserId(uuid::uuid!("0198c5a1-f2b0-7000-8000-00000000000d")),
            full_name: "Trần Thị Bình".into(),
        };
        Self {
            id: ConfidentialViewId(uuid::uuid!("0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d52")),
            viewer,
            organization: OrganizationBrief::sample(),
            grant_id: Some(ConfidentialGrantId(uuid::uuid!("0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d51"))),
            reason: None,
            file_id: Some(AttachmentView::sample().id),
            file_name: Some(AttachmentView::sample().name),
            created_at: At::sample(),
        }
    }
}
