//! What people see of an organisation and of the decisions on it.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::organization::{Organization, OrganizationContent, Verification, VerificationDecision, VerificationMethod};
use super::store::VerificationRow;
use super::tax_code::TaxCode;
use crate::http::Sample;
use crate::kernel::access::{OrganizationKind, Reader};
use crate::kernel::clock::At;
use crate::kernel::id::{OrganizationId, UserId, VerificationId};
use crate::kernel::text::Prose;
use crate::kernel::validate::FieldErrors;

/// An organisation.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Organization)]
pub struct OrganizationView {
    /// Identifier.
    pub id: OrganizationId,
    /// What it is.
    pub kind: OrganizationKind,
    /// Its name.
    pub name: String,
    /// Its tax code; that of an individual is shown to its members and to officers only.
    pub tax_code: Option<TaxCode>,
    /// Where it is: a code of the reference list `province`.
    pub province: Option<String>,
    /// Its web site.
    pub website: Option<String>,
    /// What it does.
    pub about: Option<String>,
    /// Whether an officer has checked it.
    pub verification: Verification,
    /// When it was registered.
    pub created_at: At,
    /// When it was last changed.
    pub updated_at: At,
}

impl OrganizationView {
    /// The organisation as `reader` sees it, who may see it.
    #[must_use]
    pub fn new(organization: &Organization, reader: &Reader) -> Self {
        let content = organization.content.clone();
        let insider = reader.is_officer() || reader.organizations().contains(&organization.id);
        let personal = content.kind == OrganizationKind::Individual;
        Self {
            id: organization.id,
            kind: content.kind,
            name: content.name.into(),
            tax_code: content.tax_code.filter(|_| insider || !personal),
            province: content.province.map(Into::into),
            website: content.website.map(Into::into),
            about: content.about.map(Into::into),
            verification: organization.verification,
            created_at: organization.created_at,
            updated_at: organization.updated_at,
        }
    }
}

impl Sample for OrganizationView {
    fn sample() -> Self {
        let id = OrganizationId(Uuid::from_u128(0x0198_c5a1_f2b0_7cc0_8d3e_5f0a_1b2c_0001));
        let at = At::sample();
        Self::new(&Organization::new(id, OrganizationContent::sample(), Verification::Verified, at), &Reader(None))
    }
}

/// An officer's decision on who an organisation is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = NewVerification)]
pub struct VerificationBody {
    /// The decision.
    pub decision: VerificationDecision,
    /// How the officer checked.
    pub method: VerificationMethod,
    /// What the officer found: register entry, number and date of the letter, … Members of the organisation read it.
    pub evidence: Prose<3, 2000>,
}

impl Sample for VerificationBody {
    fn sample() -> Self {
        Self {
            decision: VerificationDecision::Verified,
            method: VerificationMethod::BusinessRegister,
            evidence: Prose::literal("Cổng thông tin quốc gia về đăng ký doanh nghiệp, tra cứu ngày 2026-11-20."),
        }
    }
}

/// A decision that was made.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = VerificationRecord)]
pub struct VerificationView {
    /// Identifier.
    pub id: VerificationId,
    /// The organisation.
    pub organization_id: OrganizationId,
    /// The decision.
    pub decision: VerificationDecision,
    /// How the officer checked.
    pub method: VerificationMethod,
    /// What the officer found.
    pub evidence: String,
    /// The officer; shown to officers only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub officer_id: Option<UserId>,
    /// When it was decided.
    pub created_at: At,
}

impl VerificationView {
    pub(super) fn new(row: VerificationRow, for_officer: bool) -> Self {
        Self {
            id: row.id,
            organization_id: row.organization_id,
            decision: row.decision,
            method: row.method,
            evidence: row.evidence,
            officer_id: for_officer.then_some(row.officer_id),
            created_at: row.created_at,
        }
    }
}

impl Sample for VerificationView {
    fn sample() -> Self {
        let body = VerificationBody::sample();
        Self {
            id: VerificationId(Uuid::from_u128(0x0198_c5a1_f2b0_7cc0_8d3e_5f0a_1b2c_0011)),
            organization_id: OrganizationView::sample().id,
            decision: body.decision,
            method: body.method,
            evidence: body.evidence.into(),
            officer_id: None,
            created_at: At::sample(),
        }
    }
}
