//! A technology order: what is looked for, and what it needs before it can be submitted.

use deserr::Deserr;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::disclosure::OrderBlock;
use super::translation::OrderTranslation;
use crate::catalogue::codes::{Country, Nace, Sdg, Vsic};
use crate::catalogue::completeness::Part;
use crate::catalogue::item::Content;
use crate::catalogue::labels::Classified;
use crate::catalogue::reference::Usage;
use crate::catalogue::{Ipc, Status, TransferForm};
use crate::db::schema::orders;
use crate::db::types::Json;
use crate::files::Shown;
use crate::http::Sample;
use crate::kernel::clock::{At, Day};
use crate::kernel::id::{OrderId, OrganizationId};
use crate::kernel::list::List;
use crate::kernel::locale::Locale;
use crate::kernel::money::{Money, Price, PriceKind};
use crate::kernel::text::{Line, Prose};
use crate::kernel::text_enum;
use crate::kernel::trl::Trl;
use crate::kernel::validate::FieldErrors;

text_enum! {
    /// How much a requirement weighs.
    pub enum RequirementLevel {
        /// Without it a proposal is of no use.
        Must = "must",
        /// It makes a proposal better.
        Nice = "nice",
    }
}

/// One requirement of an order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct Requirement {
    /// What is required, so that it can be checked.
    pub text: Prose<1, 1000>,
    /// How much it weighs.
    pub level: RequirementLevel,
}

/// What an order says: everything its owner writes.
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
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[diesel(table_name = orders, check_for_backend(crate::db::MultiBackend), treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct OrderContent {
    /// The language of the texts.
    pub language: Locale,
    /// What is looked for, in one line.
    pub title: Line<3, 600>,
    /// The need in a few sentences.
    #[deserr(default)]
    pub summary: Option<Prose<1, 500>>,
    /// The problem to be solved.
    #[deserr(default)]
    pub problem: Option<Prose<1, 20000>>,
    /// Where and under which conditions it has to work.
    #[deserr(default)]
    pub context: Option<Prose<1, 10000>>,
    /// These texts in the other language, side by side with them.
    #[deserr(default)]
    pub translation: Option<OrderTranslation>,
    /// What a solution has to fulfil.
    #[deserr(default)]
    pub requirements: List<Requirement, 30>,
    /// How success will be measured.
    #[deserr(default)]
    pub success_criteria: Option<Prose<1, 5000>>,
    /// What is not looked for.
    #[deserr(default)]
    pub out_of_scope: Option<Prose<1, 5000>>,
    /// The lowest technology readiness level wanted.
    #[deserr(default)]
    pub trl_wanted: Option<Trl>,
    /// The forms of cooperation wanted.
    #[deserr(default)]
    pub cooperation_forms: List<TransferForm, 7>,
    /// The budget offered.
    #[deserr(default = Price::NEGOTIABLE)]
    pub budget: Price,
    /// The day by which proposals are wanted.
    #[deserr(default)]
    pub deadline_on: Option<Day>,
    /// `true` hides whose order it is from everybody but the members of the organisation and the officers.
    #[deserr(default)]
    #[schema(default = false)]
    pub anonymous: bool,
    /// The countries in which the solution will be used (list `territory`).
    #[deserr(default)]
    pub territories: List<Country, 50>,
    /// The code of the field of research (list `research_field`).
    #[deserr(default)]
    pub research_field: Option<Line<1, 60>>,
    /// International Patent Classification: sections, classes, subclasses or groups (list `ipc`, down to the subclass).
    #[deserr(default)]
    pub ipc: List<Ipc, 20>,
    /// Activities it is needed in (Vietnam Standard Industrial Classification, list `vsic`).
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
    pub registered_only: List<OrderBlock, 20>,
}

impl OrderContent {
    /// How it is classified.
    pub(super) fn classified(&self) -> Classified<'_> {
        Classified {
            language: self.language,
            research_field: self.research_field.as_ref(),
            stage: None,
            forms: &self.cooperation_forms,
            ipc: &self.ipc,
            vsic: &self.vsic,
            nace: &self.nace,
            sdg: &self.sdg,
            territories: &self.territories,
            rights: &[],
            keywords: &self.keywords,
        }
    }
}

impl Content for OrderContent {
    fn missing(&self) -> Vec<&'static str> {
        let fields = [
            ("/summary", self.summary.is_none()),
            ("/problem", self.problem.is_none()),
            ("/requirements", self.requirements.is_empty()),
            ("/success_criteria", self.success_criteria.is_none()),
            ("/cooperation_forms", self.cooperation_forms.is_empty()),
            ("/research_field", self.research_field.is_none()),
        ];
        fields.into_iter().filter_map(|(pointer, empty)| empty.then_some(pointer)).collect()
    }

    /// What a supplier decides by weighs most: the problem, where it has to be solved, what has to be fulfilled.
    fn parts(&self) -> Vec<Part> {
        vec![
            ("/summary", 8, self.summary.is_some()),
            ("/problem", 14, self.problem.is_some()),
            ("/context", 10, self.context.is_some()),
            ("/requirements", 16, !self.requirements.is_empty()),
            ("/success_criteria", 12, self.success_criteria.is_some()),
            ("/out_of_scope", 4, self.out_of_scope.is_some()),
            ("/translation", 3, self.translation.is_some()),
            ("/trl_wanted", 5, self.trl_wanted.is_some()),
            ("/cooperation_forms", 6, !self.cooperation_forms.is_empty()),
            ("/budget", 8, self.budget.kind != PriceKind::Negotiable),
            ("/deadline_on", 5, self.deadline_on.is_some()),
            ("/research_field", 3, self.research_field.is_some()),
            ("/ipc", 1, !self.ipc.is_empty()),
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

/// A technology order.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = orders, check_for_backend(crate::db::MultiBackend))]
pub struct Order {
    /// The order.
    pub id: OrderId,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// Where it is in its life.
    pub status: Status,
    /// What it says.
    #[diesel(embed)]
    pub content: OrderContent,
    /// Its files but for the confidential ones, as far as the reader is told of them.
    pub attachments: Shown,
    /// All it says, where `content` is only what everybody may read.
    pub whole: Option<Json<OrderContent>>,
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

impl Sample for OrderContent {
    fn sample() -> Self {
        let requirement = |text, level| Prose::new(text).ok().map(|text| Requirement { text, level });
        Self {
            language: Locale::Vi,
            title: Line::literal("Tìm giải pháp xử lý nước thải nhuộm cho cụm 12 hộ"),
            summary: Prose::new("Cụm 12 hộ dệt nhuộm cần thiết bị xử lý 60 m³/ngày, lắp được trong khuôn viên hộ.")
                .ok(),
            problem: Prose::new("Nước thải nhuộm có màu và COD 900–1.400 mg/l, hiện xả ra mương chung.").ok(),
            context: Prose::new("Mỗi hộ có 10–15 m² trống, điện một pha, không có nhân viên kỹ thuật.").ok(),
            translation: Some(OrderTranslation {
                title: Line::literal("Wanted: treatment of dyeing waste water for a cluster of 12 households"),
                summary: Some(Prose::literal("A unit for 60 m³ a day that fits into the yards of the households.")),
                problem: None,
                context: None,
                success_criteria: None,
                out_of_scope: None,
            }),
            requirements: [
                requirement("COD đầu ra không quá 150 mg/l", RequirementLevel::Must),
                requirement("Dùng lại ít nhất một nửa lượng nước", RequirementLevel::Nice),
            ]
            .into_iter()
            .flatten()
            .collect(),
            success_criteria: Prose::new("Đạt cột B QCVN 13-MT:2015/BTNMT trong ba tháng chạy thử liên tục.").ok(),
            out_of_scope: Prose::new("Trạm xử lý tập trung cho cả làng.").ok(),
            trl_wanted: Trl::new(7),
            cooperation_forms: [TransferForm::NonExclusiveLicence, TransferForm::TechnicalServices]
                .into_iter()
                .collect(),
            budget: Price {
                kind: PriceKind::Range,
                from: Some(Money::vnd(300_000_000)),
                to: Some(Money::vnd(600_000_000)),
            },
            deadline_on: Some(Day::after(At::sample(), 60)),
            anonymous: false,
            territories: "VN".parse().ok().into_iter().collect(),
            research_field: Line::new("engineering_and_technology").ok(),
            ipc: "C02F".parse().ok().into_iter().collect(),
            vsic: "37".parse().ok().into_iter().collect(),
            nace: "37.0".parse().ok().into_iter().collect(),
            sdg: "6".parse().ok().into_iter().collect(),
            keywords: ["nước thải", "dệt nhuộm"].into_iter().filter_map(|word| Line::new(word).ok()).collect(),
            registered_only: List::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_add_up_to_a_hundred() {
        let parts = OrderContent::sample().parts();
        assert_eq!(parts.iter().map(|part| u32::from(part.1)).sum::<u32>(), 100);
        assert!(parts.iter().all(|part| part.2), "the example is complete");
        let fields = serde_json::to_value(OrderContent::sample()).unwrap();
        assert!(parts.iter().all(|part| fields.pointer(part.0).is_some()), "every part is a field");
    }
}
