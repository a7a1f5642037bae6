//! A technology listing: what it says, and what it needs before it can be submitted.

use deserr::Deserr;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::catalogue::item::Content;
use crate::catalogue::{Ipc, Status, TransferForm};
use crate::db::schema::listings;
use crate::http::Sample;
use crate::kernel::clock::At;
use crate::kernel::id::{ListingId, OrganizationId};
use crate::kernel::list::List;
use crate::kernel::locale::Locale;
use crate::kernel::money::{Money, Price, PriceKind};
use crate::kernel::text::{Line, Prose};
use crate::kernel::trl::Trl;
use crate::kernel::validate::FieldErrors;

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
#[deserr(error = FieldErrors, deny_unknown_fields)]
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
    /// Technology readiness level, 1 to 9, as its owner declares it.
    #[deserr(default)]
    pub trl: Option<Trl>,
    /// The forms of transfer offered.
    #[deserr(default)]
    pub transfer_forms: List<TransferForm, 7>,
    /// The price asked.
    #[deserr(default = Price::NEGOTIABLE)]
    pub price: Price,
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

    fn research_field(&self) -> Option<&str> {
        self.research_field.as_ref().map(|code| code.as_str())
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

impl Sample for ListingContent {
    fn sample() -> Self {
        Self {
            language: Locale::Vi,
            title: Line::new("Xử lý nước thải làng nghề dệt nhuộm bằng màng sinh học quay").unwrap_or_else(|_| unreachable!()),
            summary: Prose::new("Thiết bị nhỏ gọn xử lý nước thải dệt nhuộm đạt cột B QCVN 13-MT:2015/BTNMT cho hộ và cụm hộ.").ok(),
            description: Prose::new("Cụm đĩa quay mang màng sinh học kết hợp keo tụ, lắp trong khung thép 12 m², vận hành tự động.").ok(),
            problem_solved: Prose::new("Hộ dệt nhuộm xả thải màu và COD cao, không đủ đất và vốn cho trạm tập trung.").ok(),
            existing_solution: Prose::new("Bể lắng thủ công và xả thẳng ra mương.").ok(),
            measured_advantage: Prose::new("Giảm 92 % COD và 85 % độ màu, đo 6 tháng tại ba hộ, mẫu gửi phòng thử nghiệm độc lập hằng tuần.").ok(),
            economics: Prose::new("Đầu tư 180 triệu đồng cho 20 m³/ngày, vận hành 4.200 đồng/m³, hoàn vốn sau 30 tháng nhờ dùng lại 60 % nước.").ok(),
            trl: Trl::new(8),
            transfer_forms: [TransferForm::NonExclusiveLicence, TransferForm::TechnicalServices].into_iter().collect(),
            price: Price { kind: PriceKind::Range, from: Some(Money::vnd(250_000_000)), to: Some(Money::vnd(400_000_000)) },
            research_field: Line::new("engineering_and_technology").ok(),
            ipc: ["C02F".parse().ok(), "C02F 3/08".parse().ok()].into_iter().flatten().collect(),
            keywords: ["nước thải", "dệt nhuộm", "màng sinh học"].into_iter().filter_map(|word| Line::new(word).ok()).collect(),
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
    fn unknown_fields_and_every_error_are_told() {
        let body = serde_json::json!({"language": "fr", "title": "x", "trl": 10, "prise": 1});
        let errors = deserr::deserialize::<ListingContent, _, FieldErrors>(body).unwrap_err();
        let pointers: Vec<_> = errors.0.iter().map(|e| e.pointer.as_str()).collect();
        for pointer in ["/language", "/title", "/trl", "/prise"] {
            assert!(pointers.contains(&pointer), "{pointers:?}");
        }
    }
}
