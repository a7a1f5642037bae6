//! What the owning organisation is shown of a grant.

use serde::Serialize;
use utoipa::ToSchema;

use super::grant::{Grant, NewGrant};
use crate::accounts::OrganizationBrief;
use crate::http::Sample;
use crate::kernel::clock::At;
use crate::kernel::id::{ConfidentialGrantId, UserId};

/// A grant of the confidential part of a listing.
#[derive(Debug, Serialize, ToSchema)]
pub struct GrantView {
    /// The grant.
    pub id: ConfidentialGrantId,
    /// Whose members may read it.
    pub organization: OrganizationBrief,
    /// What for.
    #[schema(example = "Đánh giá khả năng áp dụng cho cụm dệt nhuộm.")]
    pub purpose: String,
    /// The account that granted it.
    pub granted_by: UserId,
    /// When it was granted.
    pub created_at: At,
    /// When it ends by itself.
    pub expires_at: At,
    /// When it was revoked, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub revoked_at: Option<At>,
}

impl From<(Grant, OrganizationBrief)> for GrantView {
    fn from((grant, organization): (Grant, OrganizationBrief)) -> Self {
        let Grant { id, purpose, granted_by, created_at, expires_at, revoked_at, .. } = grant;
        Self { id, organization, purpose: purpose.into(), granted_by, created_at, expires_at, revoked_at }
    }
}

impl Sample for GrantView {
    fn sample() -> Self {
        let NewGrant { organization_id, purpose, expires_at } = NewGrant::sample();
        Self {
            id: ConfidentialGrantId(uuid::uuid!("0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d51")),
            organization: OrganizationBrief { id: organization_id, ..OrganizationBrief::sample() },
            purpose: purpose.into(),
            granted_by: UserId(uuid::uuid!("0198c5a1-f2b0-7000-8000-00000000000b")),
            created_at: At::sample(),
            expires_at,
            revoked_at: None,
        }
    }
}
