//! What owners see of the invitations of their organisation, and the token by which they are answered.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::users::EmailToken;
use super::invitation::{Invitation, InvitationStatus};
use crate::http::Sample;
use crate::kernel::access::Role;
use crate::kernel::clock::At;
use crate::kernel::id::{InvitationId, OrganizationId, UserId};
use crate::kernel::validate::FieldErrors;

/// An invitation to become a member of an organisation.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Invitation)]
pub(super) struct InvitationView {
    /// Identifier.
    pub id: InvitationId,
    /// The organisation.
    pub organization_id: OrganizationId,
    /// The address that is invited. Whether it has an account is told to nobody.
    pub email: String,
    /// The role the person would have.
    pub role: Role,
    /// What became of it.
    pub status: InvitationStatus,
    /// The owner who invited.
    pub invited_by: UserId,
    /// When the last mail was asked for.
    pub mailed_at: At,
    /// Until when it can be accepted. A pending one that has expired can be sent again.
    pub expires_at: At,
    /// When it was accepted, declined or withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub ended_at: Option<At>,
    /// When it was made.
    pub created_at: At,
}

impl From<Invitation> for InvitationView {
    fn from(row: Invitation) -> Self {
        let Invitation { id, organization_id, email, role, status, invited_by, mailed_at, expires_at, .. } = row;
        let (ended_at, created_at) = (row.ended_at, row.created_at);
        Self { id, organization_id, email, role, status, invited_by, mailed_at, expires_at, ended_at, created_at }
    }
}

impl Sample for InvitationView {
    fn sample() -> Self {
        let organization = OrganizationId(Uuid::from_u128(0x0198_c5a1_f2b0_7cc0_8d3e_5f0a_1b2c_0001));
        let inviter = UserId(Uuid::from_u128(0x0198_c5a1_f2b0_7cc0_8d3e_5f0a_1b2c_3d4e));
        let id = InvitationId(Uuid::from_u128(0x0198_c5a1_f2b0_7cc0_8d3e_5f0a_1b2c_0021));
        let what = (organization, "nghien-cuu@vien.example", Role::Editor);
        Invitation::new(id, what, inviter, 14, At::sample()).into()
    }
}

/// The answer to an invitation.
#[derive(Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(super) struct InvitationToken {
    /// The token as it stands in the mail.
    pub token: EmailToken,
}

impl Sample for InvitationToken {
    fn sample() -> Self {
        Self { token: EmailToken::sample() }
    }
}
