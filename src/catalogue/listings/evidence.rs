//! Evidence for what a listing claims, and the badges officers give after checking it.

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Sample;
use crate::kernel::clock::{At, Day};
use crate::kernel::digest::Sha256Hex;
use crate::kernel::id::UserId;
use crate::kernel::text::{Line, Prose};
use crate::kernel::text_enum;
use crate::kernel::validate::FieldErrors;

text_enum! {
    /// What a piece of evidence speaks for.
    pub enum Claim {
        /// The technology readiness level.
        Trl = "trl",
        /// The measured advantage.
        MeasuredAdvantage = "measured_advantage",
        /// The economics.
        Economics = "economics",
        /// A right in the technology.
        IpRight = "ip_right",
        /// Who owns it.
        Ownership = "ownership",
        /// The money it was made with, the registration of the result.
        Funding = "funding",
        /// Safety, environment, conformity with standards.
        Conformity = "conformity",
        /// Something else.
        Other = "other",
    }
}

text_enum! {
    /// What kind of evidence it is.
    pub enum EvidenceKind {
        /// A report of tests or measurements.
        TestReport = "test_report",
        /// A certificate or a grant.
        Certificate = "certificate",
        /// Minutes of an acceptance, the decision of a council.
        AcceptanceMinutes = "acceptance_minutes",
        /// An independent assessment or valuation.
        Assessment = "assessment",
        /// A scientific publication.
        Publication = "publication",
        /// A contract, an invoice or a letter of somebody who uses it.
        CustomerReference = "customer_reference",
        /// A demonstration that can be visited or watched.
        Demonstration = "demonstration",
        /// Something else.
        Other = "other",
    }
}

/// One piece of evidence.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct Evidence {
    /// What it speaks for.
    pub claim: Claim,
    /// What it is.
    pub kind: EvidenceKind,
    /// What it shows, and how that was found out.
    pub description: Prose<1, 2000>,
    /// Where it can be found: number of the document, address, DOI.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub reference: Option<Line<1, 500>>,
    /// Who issued it.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub issued_by: Option<Line<1, 300>>,
    /// The day of issue.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub issued_on: Option<Day>,
    /// The SHA-256 of the document, so that everybody who holds it can tell that it is the one.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub sha256: Option<Sha256Hex>,
}

impl Evidence {
    /// The SHA-256 of everything it says: another one as soon as anything of it changes.
    #[must_use]
    pub fn fingerprint(&self) -> Sha256Hex {
        Sha256Hex::of(&serde_json::to_vec(self).unwrap_or_default())
    }
}

text_enum! {
    /// How an officer checked a piece of evidence.
    pub enum EvidenceCheck {
        /// Read the original document.
        Document = "document",
        /// Asked who issued it, or looked it up in a register.
        Issuer = "issuer",
        /// Saw it on site.
        SiteVisit = "site_visit",
        /// Had an expert judge it.
        Expert = "expert",
    }
}

/// An officer's finding that a piece of evidence holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Badge {
    /// The fingerprint of the evidence as it was checked.
    pub fingerprint: Sha256Hex,
    /// How it was checked.
    pub check: EvidenceCheck,
    /// What was found.
    pub finding: Option<String>,
    /// The officer.
    pub officer_id: UserId,
    /// The officer's authority, as it was called then.
    pub authority: String,
    /// When.
    pub verified_at: At,
}

/// What an officer says of a piece of evidence.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[schema(as = NewEvidenceVerification)]
pub struct BadgeBody {
    /// The `fingerprint` of the evidence, as the listing's `evidence_status` tells it: the finding is on exactly what was read.
    pub fingerprint: Sha256Hex,
    /// How it was checked.
    pub check: EvidenceCheck,
    /// What was found; everybody who reads the listing reads it.
    #[deserr(default)]
    pub finding: Option<Prose<1, 1000>>,
}

impl Sample for BadgeBody {
    fn sample() -> Self {
        Self {
            fingerprint: Sha256Hex::of(b"abc"),
            check: EvidenceCheck::Issuer,
            finding: Some(Prose::literal("Phòng thử nghiệm xác nhận đã cấp phiếu kết quả này.")),
        }
    }
}

/// A piece of evidence and what is known of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct EvidenceStatus {
    /// The SHA-256 of everything the evidence says; it changes with it.
    pub fingerprint: Sha256Hex,
    /// The officer's badge; absent where nobody has checked it, or where it changed since.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub badge: Option<BadgeView>,
}

/// A badge as readers get it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[schema(as = EvidenceBadge)]
pub struct BadgeView {
    /// The authority whose officer checked it.
    #[schema(example = "Sở Khoa học và Công nghệ (mẫu)")]
    pub authority: String,
    /// How it was checked.
    pub check: EvidenceCheck,
    /// What was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub finding: Option<String>,
    /// When.
    pub verified_at: At,
}

impl EvidenceStatus {
    /// Each piece of evidence with its badge.
    #[must_use]
    pub fn of(evidence: &[Evidence], badges: &[Badge]) -> Vec<Self> {
        let status = |one: &Evidence| {
            let fingerprint = one.fingerprint();
            let badge = badges.iter().find(|badge| badge.fingerprint == fingerprint).map(|badge| BadgeView {
                authority: badge.authority.clone(),
                check: badge.check,
                finding: badge.finding.clone(),
                verified_at: badge.verified_at,
            });
            Self { fingerprint, badge }
        };
        evidence.iter().map(status).collect()
    }
}
