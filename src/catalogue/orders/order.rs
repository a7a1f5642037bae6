//! A technology order: what is looked for, and what it needs before it can be submitted.

use deserr::Deserr;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::catalogue::item::Content;
use crate::catalogue::{Ipc, Status, TransferForm};
use crate::db::schema::orders;
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
    /// The code of the field of research (list `research_field`).
    #[deserr(default)]
    pub research_field: Option<Line<1, 60>>,
    /// International Patent Classification: classes, subclasses or groups.
    #[deserr(default)]
    pub ipc: List<Ipc, 20>,
    /// Key words.
    #[deserr(default)]
    pub keywords: List<Line<1, 60>, 20>,
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

    fn research_field(&self) -> Option<&str> {
        self.research_field.as_ref().map(|code| code.as_str())
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
}

impl Sample for OrderContent {
    fn sample() -> Self {
        let requirement = |text, level| Prose::new(text).ok().map(|text| Requirement { text, level });
        Self {
            language: Locale::Vi,
            title: Line::new("Tìm giải pháp xử lý nước thải nhuộm cho cụm 12 hộ").unwrap_or_else(|_| unreachable!()),
            summary: Prose::new("Cụm 12 hộ dệt nhuộm cần thiết bị xử lý 60 m³/ngày, lắp được trong khuôn viên hộ.")
                .ok(),
            problem: Prose::new("Nước thải nhuộm có màu và COD 900–1.400 mg/l, hiện xả ra mương chung.").ok(),
            context: Prose::new("Mỗi hộ có 10–15 m² trống, điện một pha, không có nhân viên kỹ thuật.").ok(),
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
            research_field: Line::new("engineering_and_technology").ok(),
            ipc: "C02F".parse().ok().into_iter().collect(),
            keywords: ["nước thải", "dệt nhuộm"].into_iter().filter_map(|word| Line::new(word).ok()).collect(),
        }
    }
}
