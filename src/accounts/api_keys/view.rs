//! What the owners of an organisation see of its API keys. The key itself is shown once, when it is made.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::key::{ApiKey, KeyRole, KeySecret};
use crate::http::Sample;
use crate::kernel::clock::At;
use crate::kernel::id::{ApiKeyId, OrganizationId, UserId};

/// An API key.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub(super) struct ApiKeyView {
    /// Identifier.
    pub id: ApiKeyId,
    /// The organisation it acts for.
    pub organization_id: OrganizationId,
    /// What it is called.
    pub name: String,
    /// What it may do.
    pub role: KeyRole,
    /// How it begins.
    pub prefix: String,
    /// The owner who made it; it works as long as this person is an owner.
    pub created_by: UserId,
    /// That owner's name.
    pub created_by_name: String,
    /// When it was made.
    pub created_at: At,
    /// When it ends by itself.
    pub expires_at: At,
    /// When it was last used, to about ten minutes.
    #[schema(required = false)]
    pub last_used_at: Option<At>,
}

impl From<(ApiKey, String)> for ApiKeyView {
    fn from((key, created_by_name): (ApiKey, String)) -> Self {
        Self {
            id: key.id,
            organization_id: key.organization_id,
            name: key.name.into(),
            role: key.role,
            prefix: key.prefix,
            created_by: key.created_by,
            created_by_name,
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
        }
    }
}

impl Sample for ApiKeyView {
    fn sample() -> Self {
        let at = At::sample();
        Self {
            id: ApiKeyId(Uuid::from_u128(0x0198_c5a1_f2b0_7cc0_8d3e_5f0a_1b2c_4b45)),
            organization_id: OrganizationId(Uuid::from_u128(0x0198_c5a1_f2b0_7cc0_8d3e_5f0a_1b2c_0001)),
            name: "Đồng bộ với kho công nghệ của viện".into(),
            role: KeyRole::Editor,
            prefix: "techex_3f1c09ab".into(),
            created_by: UserId(Uuid::from_u128(0x0198_c5a1_f2b0_7cc0_8d3e_5f0a_1b2c_3d4e)),
            created_by_name: "Nhà nghiên cứu".into(),
            created_at: at,
            expires_at: at.plus_days(365),
            last_used_at: Some(at),
        }
    }
}

/// A new API key, with the secret that is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NewApiKeyView {
    /// For `Authorization: Bearer …`. Keep it like a password.
    pub secret: String,
    /// The key.
    #[schema(value_type = ApiKeyView)]
    pub key: ApiKeyView,
}

impl NewApiKeyView {
    pub(super) fn new(secret: &KeySecret, key: ApiKeyView) -> Self {
        Self { secret: secret.expose().to_owned(), key }
    }
}

impl Sample for NewApiKeyView {
    fn sample() -> Self {
        Self { secret: format!("techex_3f1c09ab{}", "…"), key: ApiKeyView::sample() }
    }
}
