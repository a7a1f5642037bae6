//! What people see of the members of an organisation.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::membership::Signatory;
use super::store::Member;
use crate::http::Sample;
use crate::kernel::access::{Actor, Role};
use crate::kernel::clock::At;
use crate::kernel::id::{OrganizationId, UserId};

/// A member of an organisation.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Member)]
pub(in crate::accounts) struct MemberView {
    /// The organisation.
    pub organization_id: OrganizationId,
    /// The person.
    pub user_id: UserId,
    /// The person's full name.
    pub full_name: String,
    /// The person's address; shown to owners and officers only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub email: Option<String>,
    /// The person's role.
    pub role: Role,
    /// The right to sign for the organisation; absent without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub signatory: Option<Signatory>,
    /// Since when.
    pub created_at: At,
    /// When the role was last changed.
    pub updated_at: At,
}

impl MemberView {
    /// The member as `actor` sees them, who may see them.
    pub(in crate::accounts) fn new((row, full_name, email): Member, actor: &Actor) -> Self {
        let sees_addresses = actor.is_officer() || actor.role_in(row.organization_id) == Some(Role::Owner);
        Self {
            organization_id: row.organization_id,
            user_id: row.user_id,
            full_name,
            email: (sees_addresses || actor.user_id == row.user_id).then_some(email),
            role: row.role,
            signatory: row.signatory(),
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl Sample for MemberView {
    fn sample() -> Self {
        let at = At::sample();
        Self {
            organization_id: OrganizationId(Uuid::from_u128(0x0198_c5a1_f2b0_7cc0_8d3e_5f0a_1b2c_0001)),
            user_id: UserId(Uuid::from_u128(0x0198_c5a1_f2b0_7cc0_8d3e_5f0a_1b2c_3d4e)),
            full_name: "Nhà nghiên cứu".into(),
            email: Some("nghien-cuu@vien.example".into()),
            role: Role::Editor,
            signatory: None,
            created_at: at,
            updated_at: at,
        }
    }
}
