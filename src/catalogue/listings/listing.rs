//! A technology listing: what it says, and what it needs before it can be submitted.

use deserr::{Deserr, ValuePointerRef};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::disclosure::ListingBlock;
use super::evidence::{Badge, Claim, Evidence, EvidenceKind};
use super::ip_right::{IpKind, IpRight, IpStatus};
use super::rights::{Consent, Funding, Owner, TrlAssessment};
use super::translation::ListingTranslation;
use crate::catalogue::codes::{Country, Nace, Sdg, Vsic};
use crate::catalogue::completeness::Part;
use crate::catalogue::item::Content;
use crate::catalogue::labels::Classified;
use crate::catalogue::reference::Usage;
use crate::catalogue::{Ipc, Status, TransferForm};
use crate::db::schema::listings;
use crate::db::types::Json;
use crate::files::Shown;
use crate::http::Sample;
use crate::kernel::clock::{At, Day};
use crate::kernel::id::{ListingId, OrganizationId};
use crate::kernel::list::List;
use crate::kernel::locale::Locale;
use crate::kernel::money::{Money, Price, PriceKind};
use crate::kernel::text::{Line, Prose};
use crate::kernel::text_enum;
use crate::kernel::trl::Trl;
use crate::kernel::validate::FieldErrors;

text_enum! {
    /// How far the technology has come on its way to the market.
    pub enum DevelopmentStage {
        /// Worked out on paper.
        Concept = "concept",
        /// Works in the laboratory.
        Laboratory = "laboratory",
        /// A prototype works.
        Prototype = "prototype",
        /// Runs as a pilot where it will be used.
        Pilot = "pilot",
        /// The first customers use it.
        FirstCustomers = "first_customers",
        /// On the market.
        Commercial = "commercial",
    }
}

/// What a listing says: everything its owner writes.
#[derive(
    Clone,
    PartialEq,
    Eq,
    Debug,
    Serialize,
    Deserialize,
    Deserr,
    ToSchema,
    Queryable,
    Selectable,
    Insertable,
    AsChangeset,
)]
#[deserr(error = FieldErrors, deny_unknown_fields, validate = ListingContent::check -> FieldErrors)]
#[diesel(table_name = listings, check_for_backend(crate::db::MultiBackend), treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ListingContent {
    /// The language of the texts.
    pub language: Locale,
    /// What the technology is, in one line.
    pub title: Line<3, 600>,
    /// The technology in a few sentences.
    #[deserr(default)]
    pub summary: Option<Prose<1, 500>>,
    /// The technology in plain language.
    #[deserr(default)]
    pub description: Option<Prose<1, 20000>>,
    /// The problem it solves and for whom.
    #[deserr(default)]
    pub problem_solved: Option<Prose<1, 5000>>,
    /// How the problem is dealt with today, without it.
    #[deserr(default)]
    pub existing_solution: Option<Prose<1, 5000>>,
    /// By how much it is better, and how that was measured.
    #[deserr(default)]
    pub measured_advantage: Option<Prose<1, 5000>>,
    /// Investment, running costs, payback.
    #[deserr(default)]
    pub economics: Option<Prose<1, 5000>>,
    /// These texts in the other language, side by side with them.
    #[deserr(default)]
    pub translation: Option<ListingTranslation>,
    /// Technology readiness level, 1 to 9.
    #[deserr(default)]
    pub trl: Option<Trl>,
    /// Who assessed the level; without it the level is its owner's own declaration.
    #[deserr(default)]
    pub trl_assessment: Option<TrlAssessment>,
    /// How far it has come on its way to the market.
    #[deserr(default)]
    pub development_stage: Option<DevelopmentStage>,
    /// Rights in it; what follows from each is in `protection`.
    #[deserr(default)]
    pub ip_rights: List<IpRight, 20>,
    /// Its owners, with shares that add up to 10000 basis points.
    #[deserr(default)]
    pub owners: List<Owner, 20>,
    /// With whose money it was made.
    #[deserr(default)]
    pub funding: Option<Funding>,
    /// Evidence for the readiness level and for what is claimed; what officers found of it is in `evidence_status`.
    #[deserr(default)]
    pub evidence: List<Evidence, 30>,
    /// The forms of transfer offered.
    #[deserr(default)]
    pub transfer_forms: List<TransferForm, 7>,
    /// The price asked.
    #[deserr(default = Price::NEGOTIABLE)]
    pub price: Price,
    /// The countries it is offered in (list `territory`); none named means that it is open.
    #[deserr(default)]
    pub territories: List<Country, 50>,
    /// The code of the field of research (list `research_field`).
    #[deserr(default)]
    pub research_field: Option<Line<1, 60>>,
    /// International Patent Classification: sections, classes, subclasses or groups (list `ipc`, down to the subclass).
    #[deserr(default)]
    pub ipc: List<Ipc, 20>,
    /// Activities it is used in (Vietnam Standard Industrial Classification, list `vsic`).
    #[deserr(default)]
    pub vsic: List<Vsic, 10>,
    /// The same in the European classification NACE (list `nace`).
    #[deserr(default)]
    pub nace: List<Nace, 10>,
    /// The sustainable development goals it serves.
    #[deserr(default)]
    pub sdg: List<Sdg, 17>,
    /// Key words.
    #[deserr(default)]
    pub keywords: List<Line<1, 60>, 20>,
    /// Blocks kept for registered readers: visitors do not get them, and neither lists nor search show or use them.
    #[deserr(default)]
    #[serde(default)]
    pub registered_only: List<ListingBlock, 20>,
}

impl ListingContent {
    fn check(self, location: ValuePointerRef<'_>) -> Result<Self, FieldErrors> {
        Owner::whole(&self.owners, location.push_key("owners")).map(|()| self)
    }

    /// How it is classified.
    pub(super) fn classified(&self) -> Classified<'_> {
        Classified {
            language: self.language,
            research_field: self.research_field.as_ref(),
            stage: self.development_stage,
            forms: &self.transfer_forms,
            ipc: &self.ipc,
            vsic: &self.vsic,
            nace: &self.nace,
            sdg: &self.sdg,
            territories: &self.territories,
            rights: &self.ip_rights,
            keywords: &self.keywords,
        }
    }
}

impl Content for ListingContent {
    /// Without the four facts of a buyer nobody can judge a listing.
    fn missing(&self) -> Vec<&'static str> {
        let fields = [
            ("/summary", self.summary.is_none()),
            ("/description", self.description.is_none()),
            ("/problem_solved", self.problem_solved.is_none()),
            ("/existing_solution", self.existing_solution.is_none()),
            ("/measured_advantage", self.measured_advantage.is_none()),
            ("/economics", self.economics.is_none()),
            ("/trl", self.trl.is_none()),
            ("/transfer_forms", self.transfer_forms.is_empty()),
            ("/research_field", self.research_field.is_none()),
        ];
        fields.into_iter().filter_map(|(pointer, empty)| empty.then_some(pointer)).collect()
    }

    /// What a buyer judges by weighs most: the four facts, then the state of the technology, its rights, its place.
    fn parts(&self) -> Vec<Part> {
        let consents = self.owners.iter().all(|owner| owner.consent == Consent::Given);
        vec![
            ("/summary", 6, self.summary.is_some()),
            ("/description", 8, self.description.is_some()),
            ("/problem_solved", 10, self.problem_solved.is_some()),
            ("/existing_solution", 6, self.existing_solution.is_some()),
            ("/measured_advantage", 10, self.measured_advantage.is_some()),
            ("/economics", 8, self.economics.is_some()),
            ("/translation", 4, self.translation.is_some()),
            ("/trl", 5, self.trl.is_some()),
            ("/trl_assessment", 2, self.trl_assessment.is_some()),
            ("/development_stage", 3, self.development_stage.is_some()),
            ("/evidence", 7, !self.evidence.is_empty()),
            ("/ip_rights", 6, !self.ip_rights.is_empty()),
            ("/owners", 4, !self.owners.is_empty() && consents),
            ("/funding", 3, self.funding.is_some()),
            ("/transfer_forms", 5, !self.transfer_forms.is_empty()),
            ("/price", 3, self.price.kind != PriceKind::Negotiable),
            ("/research_field", 3, self.research_field.is_some()),
            ("/ipc", 2, !self.ipc.is_empty()),
            ("/keywords", 2, !self.keywords.is_empty()),
            ("/territories", 1, !self.territories.is_empty()),
            ("/vsic", 1, !self.vsic.is_empty()),
            ("/sdg", 1, !self.sdg.is_empty()),
        ]
    }

    fn head(&self) -> (&str, &str) {
        (self.title.as_str(), self.summary.as_ref().map_or("", Prose::as_str))
    }

    fn registered_only(&self) -> Vec<&'static str> {
        let translation = (!self.registered_only.is_empty()).then_some("translation");
        self.registered_only.iter().map(|block| block.as_str()).chain(translation).collect()
    }

    fn references(&self) -> Vec<Usage<'_>> {
        self.classified().references()
    }
}

/// A technology listing.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = listings, check_for_backend(crate::db::MultiBackend))]
pub struct Listing {
    /// The listing.
    pub id: ListingId,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// Where it is in its life.
    pub status: Status,
    /// What it says.
    #[diesel(embed)]
    pub content: ListingContent,
    /// What officers found of its evidence.
    pub badges: List<Badge, 30>,
    /// Its files but for the confidential ones, as far as the reader is told of them.
    pub attachments: Shown,
    /// All it says, where `content` is only what everybody may read.
    pub whole: Option<Json<ListingContent>>,
    /// Counts the changes.
    pub version: i64,
    /// When it was created.
    pub created_at: At,
    /// When it last changed.
    pub updated_at: At,
    /// When it was last handed to the officers.
    pub submitted_at: Option<At>,
    /// When it was last made public.
    pub published_at: Option<At>,
    /// When it runs out unless it is confirmed.
    pub expires_at: Option<At>,
    /// When its organisation was told that it runs out.
    pub warned_at: Option<At>,
    /// When its organisation last said that it holds.
    pub last_confirmed_at: Option<At>,
    /// Whether it takes expressions of interest while it is public.
    pub open_for_interest: bool,
}

impl Listing {
    /// Takes away the badges of evidence that says something else now, or is gone.
    pub fn drop_outdated_badges(&mut self) {
        let current: Vec<_> = self.content.evidence.iter().map(Evidence::fingerprint).collect();
        let badges = std::mem::take(&mut self.badges);
        self.badges = badges.iter().filter(|badge| current.contains(&badge.fingerprint)).cloned().collect();
    }
}

impl Sample for ListingContent {
    fn sample() -> Self {
        Self {
            language: Locale::Vi,
            title: Line::literal("Xử lý nước thải làng nghề dệt nhuộm bằng màng sinh học quay"),
            summary: Prose::new("Thiết bị nhỏ gọn xử lý nước thải dệt nhuộm đạt cột B QCVN 13-MT:2015/BTNMT cho hộ và cụm hộ.").ok(),
            description: Prose::new("Cụm đĩa quay mang màng sinh học kết hợp keo tụ, lắp trong khung thép 12 m², vận hành tự động.").ok(),
            problem_solved: Prose::new("Hộ dệt nhuộm xả thải màu và COD cao, không đủ đất và vốn cho trạm tập trung.").ok(),
            existing_solution: Prose::new("Bể lắng thủ công và xả thẳng ra mương.").ok(),
            measured_advantage: Prose::new("Giảm 92 % COD và 85 % độ màu, đo 6 tháng tại ba hộ, mẫu gửi phòng thử nghiệm độc lập hằng tuần.").ok(),
            economics: Prose::new("Đầu tư 180 triệu đồng cho 20 m³/ngày, vận hành 4.200 đồng/m³, hoàn vốn sau 30 tháng nhờ dùng lại 60 % nước.").ok(),
            translation: Some(ListingTranslation {
                title: Line::literal("Treating the waste water of dyeing villages with rotating biological contactors"),
                summary: Some(Prose::literal("A compact unit that treats dyeing waste water for single households and small clusters.")),
                description: None,
                problem_solved: None,
                existing_solution: None,
                measured_advantage: Some(Prose::literal("92 % less COD and 85 % less colour, measured over six months at three households.")),
                economics: None,
            }),
            trl: Trl::new(8),
            trl_assessment: Some(TrlAssessment { assessed_by: Line::literal("Trung tâm Giám định công nghệ (mẫu)"), assessed_on: Day::after(At::sample(), 0) }),
            development_stage: Some(DevelopmentStage::Pilot),
            ip_rights: [IpRight {
                kind: IpKind::Patent,
                status: IpStatus::Granted,
                number: Some(Line::literal("1-0023456")),
                territory: "VN".parse().ok(),
                filed_on: "2020-03-15".parse().ok(),
                granted_on: "2023-08-25".parse().ok(),
                expires_on: None,
            }].into_iter().collect(),
            owners: [
                Owner { name: Line::literal("Viện Công nghệ môi trường nước (mẫu)"), organization_id: None, share_bp: 7_000, consent: Consent::Given, consent_on: "2026-09-01".parse().ok() },
                Owner { name: Line::literal("Hợp tác xã dệt nhuộm (mẫu)"), organization_id: None, share_bp: 3_000, consent: Consent::Pending, consent_on: None },
            ].into_iter().collect(),
            funding: Some(Funding {
                state_money: true,
                programme: Some(Line::literal("Chương trình khoa học và công nghệ cấp thành phố (mẫu)")),
                task_code: Some(Line::literal("01C-09/2022-3")),
                result_registration_number: Some(Line::literal("2024-02-0123/KQNC")),
                result_registered_on: "2024-05-20".parse().ok(),
            }),
            evidence: [Evidence {
                claim: Claim::MeasuredAdvantage,
                kind: EvidenceKind::TestReport,
                description: Prose::literal("Phiếu kết quả phân tích 26 mẫu nước đầu vào và đầu ra trong sáu tháng."),
                reference: Some(Line::literal("Phiếu số 118/2024/KQ")),
                issued_by: Some(Line::literal("Phòng thử nghiệm nước (mẫu)")),
                issued_on: "2024-06-30".parse().ok(),
                sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".parse().ok(),
            }].into_iter().collect(),
            transfer_forms: [TransferForm::NonExclusiveLicence, TransferForm::TechnicalServices].into_iter().collect(),
            price: Price { kind: PriceKind::Range, from: Some(Money::vnd(250_000_000)), to: Some(Money::vnd(400_000_000)) },
            territories: ["VN", "LA"].into_iter().filter_map(|code| code.parse().ok()).collect(),
            research_field: Line::new("engineering_and_technology").ok(),
            ipc: ["C02F".parse().ok(), "C02F 3/08".parse().ok()].into_iter().flatten().collect(),
            vsic: "37".parse().ok().into_iter().collect(),
            nace: "37.0".parse().ok().into_iter().collect(),
            sdg: "6".parse().ok().into_iter().collect(),
            keywords: ["nước thải", "dệt nhuộm", "màng sinh học"].into_iter().filter_map(|word| Line::new(word).ok()).collect(),
            registered_only: List::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_every_missing_field() {
        assert!(ListingContent::sample().missing().is_empty());
        let bare: ListingContent =
            deserr::deserialize::<_, _, FieldErrors>(serde_json::json!({"language": "vi", "title": "Một công nghệ"}))
                .unwrap();
        assert_eq!(bare.missing().len(), 9);
        let no_price = ListingContent { economics: None, ..ListingContent::sample() };
        assert_eq!(no_price.missing(), ["/economics"]);
    }

    #[test]
    fn points_add_up_to_a_hundred() {
        let parts = ListingContent::sample().parts();
        assert_eq!(parts.iter().map(|part| u32::from(part.1)).sum::<u32>(), 100);
        let fields = serde_json::to_value(ListingContent::sample()).unwrap();
        assert!(parts.iter().all(|part| fields.pointer(part.0).is_some()), "every part is a field");
        let empty: Vec<_> = parts.iter().filter(|part| !part.2).map(|part| part.0).collect();
        assert_eq!(empty, ["/owners"], "an owner has not agreed yet");
    }

    #[test]
    fn shares_add_up_to_the_whole() {
        let owners = |shares: &[i64]| {
            let owner =
                |(n, share)| serde_json::json!({"name": format!("Chủ {n}"), "share_bp": share, "consent": "pending"});
            let owners: Vec<_> = shares.iter().enumerate().map(owner).collect();
            let body = serde_json::json!({"language": "vi", "title": "Một công nghệ", "owners": owners});
            let result = deserr::deserialize::<ListingContent, _, FieldErrors>(body);
            result.err().map(|errors| (errors.0[0].pointer.clone(), errors.0[0].detail(Locale::En)))
        };
        assert_eq!(owners(&[]), None);
        assert_eq!(owners(&[10_000]), None);
        assert_eq!(owners(&[3_333, 3_333, 3_334]), None);
        let (pointer, detail) = owners(&[3_333, 3_333, 3_333]).unwrap();
        assert!(pointer == "/owners" && detail.contains("9999"), "{pointer} {detail}");
    }

    #[test]
    fn unknown_fields_and_every_error_are_told() {
        let body = serde_json::json!({"language": "fr", "title": "x", "trl": 10, "prise": 1});
        let errors = deserr::deserialize::<ListingContent, _, FieldErrors>(body).unwrap_err();
        let pointers: Vec<_> = errors.0.iter().map(|e| e.pointer.as_str()).collect();
        for pointer in ["/language", "/title", "/trl", "/prise"] {
            assert!(pointers.contains(&pointer), "{pointers:?}");
        }
    }
}
