//! What the two sides see of a non-disclosure agreement.

use serde::Serialize;
use utoipa::ToSchema;

use super::life::NdaStatus;
use super::nda::Nda;
use crate::http::Sample;
use crate::kernel::clock::At;
use crate::kernel::digest::sha256_hex;
use crate::kernel::id::{ConfidentialGrantId, NdaId, NegotiationId, OrganizationId, UserId};

/// A non-disclosure agreement between the two sides of a negotiation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Nda)]
pub struct NdaView {
    /// The agreement.
    pub id: NdaId,
    /// In which negotiation.
    pub negotiation_id: NegotiationId,
    /// The side that offers it.
    pub offered_by: OrganizationId,
    /// Where it is in its life.
    pub status: NdaStatus,
    /// The template its text was taken from.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub template: Option<String>,
    /// The version of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub template_version: Option<i32>,
    /// What it says.
    pub text: String,
    /// SHA-256 of that, in hexadecimal: what is signed.
    pub text_sha256: String,
    /// Days it runs from the second signature on.
    pub valid_days: i32,
    /// The signatures, the first first.
    pub signatures: Vec<Signature>,
    /// When both had signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub in_force_at: Option<At>,
    /// When its time is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub expires_at: Option<At>,
    /// When it was taken back, ended or over.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub ended_at: Option<At>,
    /// The grant of the listing's confidential part that it opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub grant_id: Option<ConfidentialGrantId>,
    /// When it was offered.
    pub created_at: At,
    /// When it last changed.
    pub updated_at: At,
}

/// A signature.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NdaSignature)]
pub struct Signature {
    /// For which side.
    pub organization_id: OrganizationId,
    /// By whom.
    pub user_id: UserId,
    /// When.
    pub at: At,
}

/// The agreements of a negotiation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ndas {
    /// The latest first; at most the latest hundred.
    pub items: Vec<NdaView>,
}

impl NdaView {
    /// The agreement between these two sides.
    #[must_use]
    pub fn new(nda: Nda, sides: [OrganizationId; 2]) -> Self {
        let second_side = sides.into_iter().find(|side| Some(*side) != nda.first_side);
        let signature = |side: Option<OrganizationId>, user: Option<UserId>, at: Option<At>| {
            Some(Signature { organization_id: side?, user_id: user?, at: at? })
        };
        let first = signature(nda.first_side, nda.first_signatory, nda.first_signed_at);
        let second = signature(second_side, nda.second_signatory, nda.in_force_at);
        let Nda { id, negotiation_id, offered_by, status, template, template_version, text, text_sha256, .. } = nda;
        Self {
            id,
            negotiation_id,
            offered_by,
            status,
            template,
            template_version,
            text,
            text_sha256,
            valid_days: nda.valid_days,
            signatures: first.into_iter().chain(second).collect(),
            in_force_at: nda.in_force_at,
            expires_at: nda.expires_at,
            ended_at: nda.ended_at,
            grant_id: nda.grant_id,
            created_at: nda.created_at,
            updated_at: nda.updated_at,
        }
    }
}

impl Sample for NdaView {
    fn sample() -> Self {
        let text = "Hai bên giữ bí mật những gì bên kia cung cấp…".to_owned();
        let side = OrganizationId(uuid::uuid!("0198c5a1-f2b0-7000-8000-00000000000a"));
        Self {
            id: NdaId(uuid::uuid!("0198c5a1-f2b0-7e00-8d3e-5f0a1b2c3d60")),
            negotiation_id: NegotiationId(uuid::uuid!("0198c5a1-f2b0-7e00-8d3e-5f0a1b2c3d50")),
            offered_by: side,
            status: NdaStatus::SignedByOne,
            template: Some("mutual_vi".into()),
            template_version: Some(1),
            text_sha256: sha256_hex(text.as_bytes()),
            text,
            valid_days: 730,
            signatures: vec![Signature {
                organization_id: side,
                user_id: UserId(uuid::uuid!("0198c5a1-f2b0-7000-8000-00000000000d")),
                at: At::sample(),
            }],
            in_force_at: None,
            expires_at: None,
            ended_at: None,
            grant_id: None,
            created_at: At::sample(),
            updated_at: At::sample(),
        }
    }
}

impl Sample for Ndas {
    fn sample() -> Self {
        Self { items: vec![NdaView::sample()] }
    }
}
