//! What people see of an organisation and of the decisions on it.

use deserr::{Deserr, ValuePointerRef};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::content::{Credential, OrganizationContent};
use super::organization::Organization;
use super::store::VerificationRow;
use super::tax_code::TaxCode;
use super::verification::{DeactivatedBy, Verification, VerificationDecision, VerificationMethod};
use crate::http::Sample;
use crate::kernel::access::{OrganizationKind, Reader};
use crate::kernel::clock::{At, Day};
use crate::kernel::id::{OrganizationId, UserId, VerificationId};
use crate::kernel::list::List;
use crate::kernel::text::{Line, Prose};
use crate::kernel::validate::{FieldCode, FieldError, FieldErrors, pointer};

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
    /// Its name in English.
    pub name_en: Option<String>,
    /// Its tax code; that of an individual is shown to its members and to officers only.
    pub tax_code: Option<TaxCode>,
    /// Where it is: a code of the reference list `province`.
    pub province: Option<String>,
    /// Its web site.
    pub website: Option<String>,
    /// What it does.
    pub about: Option<String>,
    /// What it does, in English.
    pub about_en: Option<String>,
    /// An address for enquiries.
    pub contact_email: Option<String>,
    /// A telephone number for enquiries.
    pub contact_phone: Option<String>,
    /// The year it was founded in.
    pub founded_year: Option<i16>,
    /// The fields of research it is active in: codes of the reference list `research_field`.
    pub research_fields: List<Line<1, 60>, 20>,
    /// What it is good at.
    pub competences: List<Line<2, 100>, 20>,
    /// What entitles an intermediary to its work.
    pub credentials: List<Credential, 10>,
    /// Whether an officer has checked it.
    pub verification: Verification,
    /// The badge of a verified organisation: what was checked and when.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub verified: Option<VerificationBadge>,
    /// That and why it was taken out of the public, for its members and officers; absent while it is active.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub deactivation: Option<Deactivation>,
    /// When it was registered.
    pub created_at: At,
    /// When it was last changed.
    pub updated_at: At,
}

/// What was checked of a verified organisation, and when; never what was shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VerificationBadge {
    /// When an officer checked.
    pub at: At,
    /// How. Absent where the operator entered it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub method: Option<VerificationMethod>,
    /// The last day of the verification; without one it does not lapse.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub until_on: Option<Day>,
}

/// That an organisation was taken out of the public.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Deactivation {
    /// When.
    pub at: At,
    /// By whom.
    pub by: DeactivatedBy,
    /// Why.
    pub reason: String,
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
            name_en: content.name_en.map(Into::into),
            tax_code: content.tax_code.filter(|_| insider || !personal),
            province: content.province.map(Into::into),
            website: content.website.map(Into::into),
            about: content.about.map(Into::into),
            about_en: content.about_en.map(Into::into),
            contact_email: content.contact_email.map(Into::into),
            contact_phone: content.contact_phone.map(Into::into),
            founded_year: content.founded_year,
            research_fields: content.research_fields,
            competences: content.competences,
            credentials: content.credentials,
            verification: organization.verification,
            verified: badge(organization),
            deactivation: deactivation(organization).filter(|_| insider),
            created_at: organization.created_at,
            updated_at: organization.updated_at,
        }
    }
}

fn badge(organization: &Organization) -> Option<VerificationBadge> {
    let at = organization.verified_at?;
    Some(VerificationBadge { at, method: organization.verified_method, until_on: organization.verified_until })
}

fn deactivation(organization: &Organization) -> Option<Deactivation> {
    let (at, by) = (organization.deactivated_at?, organization.deactivated_by?);
    Some(Deactivation { at, by, reason: organization.deactivation_reason.clone().unwrap_or_default() })
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
#[deserr(error = FieldErrors, deny_unknown_fields, validate = VerificationBody::check -> FieldErrors)]
#[schema(as = NewVerification)]
pub struct VerificationBody {
    /// The decision.
    pub decision: VerificationDecision,
    /// How the officer checked; a revocation has none.
    #[deserr(default)]
    pub method: Option<VerificationMethod>,
    /// What the officer found, or why the verification is revoked: register entry, number and date of the letter, … Members
    /// of the organisation read it.
    pub evidence: Prose<3, 2000>,
    /// The SHA-256 of the document the officer looked at and keeps, as 64 hexadecimal digits.
    #[deserr(default)]
    #[schema(pattern = "^[0-9A-Fa-f]{64}$")]
    pub evidence_sha256: Option<Line<64, 64>>,
    /// The last day of a verification, in Vietnam; without one it does not lapse.
    #[deserr(default)]
    pub expires_on: Option<Day>,
}

impl VerificationBody {
    fn check(self, location: ValuePointerRef<'_>) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut note = |field: &str, code: FieldCode, expected: Option<&str>| {
            let args = expected.map(|expected| ("expected", expected.to_owned())).into_iter().collect();
            errors.0.push(FieldError { pointer: pointer(location.push_key(field)), code, args });
        };
        match (self.decision, self.method) {
            (VerificationDecision::Verified | VerificationDecision::Refused, None) => {
                note("method", FieldCode::Required, None);
            }
            (VerificationDecision::Revoked, Some(_)) => note("method", FieldCode::NotAllowedHere, None),
            _ => {}
        }
        if self.decision != VerificationDecision::Verified && self.expires_on.is_some() {
            note("expires_on", FieldCode::NotAllowedHere, None);
        }
        if self.evidence_sha256.as_ref().is_some_and(|hash| !hash.as_str().bytes().all(|b| b.is_ascii_hexdigit())) {
            note("evidence_sha256", FieldCode::InvalidFormat, Some("64 hexadecimal digits"));
        }
        if errors.0.is_empty() { Ok(self) } else { Err(errors) }
    }
}

impl Sample for VerificationBody {
    fn sample() -> Self {
        Self {
            decision: VerificationDecision::Verified,
            method: Some(VerificationMethod::BusinessRegister),
            evidence: Prose::literal("Cổng thông tin quốc gia về đăng ký doanh nghiệp, tra cứu ngày 2026-11-20."),
            evidence_sha256: Some(Line::literal("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")),
            expires_on: Some(Day::after(At::sample(), 730)),
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
    /// How the officer checked; a revocation has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub method: Option<VerificationMethod>,
    /// What the officer found, or why the verification was revoked.
    pub evidence: String,
    /// The SHA-256 of the document the officer looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub evidence_sha256: Option<String>,
    /// The last day of the verification.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub expires_on: Option<Day>,
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
            evidence_sha256: row.evidence_sha256,
            expires_on: row.expires_on,
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
            evidence_sha256: body.evidence_sha256.map(Into::into),
            expires_on: body.expires_on,
            officer_id: None,
            created_at: At::sample(),
        }
    }
}
