//! The terms of an offer: what passes to whom, for how long, where, and for what. They are checked as a whole. Pure.

use deserr::{Deserr, ValuePointerRef};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
use utoipa::ToSchema;

use crate::catalogue::Country;
use crate::http::Sample;
use crate::kernel::clock::Day;
use crate::kernel::list::List;
use crate::kernel::money::Money;
use crate::kernel::text::{Line, Prose};
use crate::kernel::text_enum;
use crate::kernel::validate::{FieldCode, FieldErrors};

text_enum! {
    /// What passes to the transferee (Law on Technology Transfer 07/2017/QH14, art. 5 and 6).
    pub enum GrantedRight {
        /// Ownership.
        Assignment = "assignment",
        /// The right to use it, which nobody else has.
        ExclusiveLicence = "exclusive_licence",
        /// The right to use it, as others may.
        NonExclusiveLicence = "non_exclusive_licence",
        /// A licensee's right, passed on.
        SubLicence = "sub_licence",
    }
}

text_enum! {
    /// Whose improvements are that the transferee makes.
    pub enum Improvements {
        /// The transferee's.
        Transferee = "transferee",
        /// The transferee's, which the transferor may use.
        GrantBack = "grant_back",
        /// Both sides' together.
        Joint = "joint",
    }
}

text_enum! {
    /// A way of paying; several can be combined.
    pub enum PaymentKind {
        /// One amount at signing: `amount`.
        LumpSum = "lump_sum",
        /// One amount later: `amount`, `due_months`.
        Instalment = "instalment",
        /// So much for each unit made or sold: `amount`, `unit`.
        PerUnit = "per_unit",
        /// A share of what is earned: `basis`, `rate_bp`.
        Royalty = "royalty",
        /// A share of a company: `rate_bp`.
        Equity = "equity",
    }
}

text_enum! {
    /// What a royalty is a share of.
    pub enum RoyaltyBasis {
        /// The net selling price.
        NetPrice = "net_price",
        /// The net revenue.
        NetRevenue = "net_revenue",
        /// The profit before tax.
        PretaxProfit = "pretax_profit",
    }
}

/// A payment; which fields it has follows from its kind.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields, validate = Payment::check -> FieldErrors)]
pub struct Payment {
    /// The way of paying.
    pub kind: PaymentKind,
    /// The amount of a lump sum or an instalment, or for each unit; all of an offer are in one currency.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub amount: Option<Money>,
    /// Months from the signing of the contract to an instalment.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false, minimum = 0, maximum = 600)]
    pub due_months: Option<i16>,
    /// What is counted.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub unit: Option<Line<1, 100>>,
    /// What a royalty is a share of.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub basis: Option<RoyaltyBasis>,
    /// The share in basis points (a hundredth of a per cent).
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false, minimum = 1, maximum = 10000)]
    pub rate_bp: Option<i32>,
}

/// Something that is to be delivered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct Milestone {
    /// What.
    pub title: Line<1, 300>,
    /// Months from the signing of the contract.
    #[schema(minimum = 0, maximum = 600)]
    pub due_months: i16,
    /// Its share of the work in basis points; those of all milestones add up to 10,000.
    #[schema(minimum = 1, maximum = 10000)]
    pub share_bp: i32,
}

/// What is offered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields, validate = Terms::check -> FieldErrors)]
pub struct Terms {
    /// What passes to the transferee.
    pub right: GrantedRight,
    /// What it may be used for; everything, if nothing is said.
    #[deserr(default)]
    pub field_of_use: Option<Prose<1, 2000>>,
    /// The countries it may be used in; everywhere, if none is named.
    #[deserr(default)]
    pub territories: List<Country, 50>,
    /// The day it begins; the day the contract takes effect, if none is named.
    #[deserr(default)]
    pub starts_on: Option<Day>,
    /// How long it lasts, in months. A licence needs it, and ownership has none.
    #[deserr(default)]
    #[schema(minimum = 1, maximum = 600)]
    pub term_months: Option<i16>,
    /// Whether the transferee may pass it on; not said of ownership.
    #[deserr(default)]
    #[schema(default = false)]
    pub sub_licensing: bool,
    /// Whose improvements are that the transferee makes.
    pub improvements: Improvements,
    /// How it is paid: at least one way.
    pub payments: List<Payment, 30>,
    /// What is delivered.
    #[deserr(default)]
    pub milestones: List<Milestone, 30>,
    /// Months for which the transferor warrants what was promised.
    #[deserr(default)]
    #[schema(minimum = 0, maximum = 600)]
    pub warranty_months: Option<i16>,
    /// The contractual penalty in basis points of the value of the breached obligation.
    #[deserr(default)]
    #[schema(minimum = 0, maximum = 10000)]
    pub penalty_bp: Option<i32>,
    /// The governing law.
    pub governing_law: Line<1, 200>,
    /// Who decides disputes.
    pub dispute_body: Line<1, 200>,
    /// What else there is to say.
    #[deserr(default)]
    pub notes: Option<Prose<1, 5000>>,
}

const MONTHS: RangeInclusive<i64> = 0..=600;
const SHARE: RangeInclusive<i64> = 1..=10_000;
/// All of it, in basis points.
const WHOLE: i64 = 10_000;

/// What is wrong, collected.
struct Check<'a> {
    location: ValuePointerRef<'a>,
    errors: FieldErrors,
}

impl Check<'_> {
    fn refuse(&mut self, field: &str, code: FieldCode) {
        self.errors.0.extend(FieldErrors::one(self.location.push_key(field), code, []).0);
    }

    /// The field has to be there, or must not be.
    fn presence(&mut self, field: &str, there: bool, wanted: bool) {
        match (there, wanted) {
            (false, true) => self.refuse(field, FieldCode::Required),
            (true, false) => self.refuse(field, FieldCode::NotAllowedHere),
            _ => {}
        }
    }

    fn range(&mut self, field: &str, value: Option<i64>, range: &RangeInclusive<i64>) {
        if value.is_some_and(|value| !range.contains(&value)) {
            let args = [("min", range.start().to_string()), ("max", range.end().to_string())];
            self.errors.0.extend(FieldErrors::one(self.location.push_key(field), FieldCode::OutOfRange, args).0);
        }
    }

    fn end<T>(self, value: T) -> Result<T, FieldErrors> {
        if self.errors.0.is_empty() { Ok(value) } else { Err(self.errors) }
    }
}

impl Payment {
    fn check(self, location: ValuePointerRef<'_>) -> Result<Self, FieldErrors> {
        use PaymentKind::{Equity, Instalment, LumpSum, PerUnit, Royalty};
        let mut check = Check { location, errors: FieldErrors::default() };
        let kind = self.kind;
        check.presence("amount", self.amount.is_some(), matches!(kind, LumpSum | Instalment | PerUnit));
        check.presence("due_months", self.due_months.is_some(), kind == Instalment);
        check.presence("unit", self.unit.is_some(), kind == PerUnit);
        check.presence("basis", self.basis.is_some(), kind == Royalty);
        check.presence("rate_bp", self.rate_bp.is_some(), matches!(kind, Royalty | Equity));
        check.range("due_months", self.due_months.map(i64::from), &MONTHS);
        check.range("rate_bp", self.rate_bp.map(i64::from), &SHARE);
        check.end(self)
    }
}

impl Terms {
    fn check(self, location: ValuePointerRef<'_>) -> Result<Self, FieldErrors> {
        let mut check = Check { location, errors: FieldErrors::default() };
        let licence = self.right != GrantedRight::Assignment;
        check.presence("term_months", self.term_months.is_some(), licence);
        if self.sub_licensing && !licence {
            check.refuse("sub_licensing", FieldCode::NotAllowedHere);
        }
        check.range("term_months", self.term_months.map(i64::from), &(1..=600));
        check.range("warranty_months", self.warranty_months.map(i64::from), &MONTHS);
        check.range("penalty_bp", self.penalty_bp.map(i64::from), &(0..=WHOLE));
        if self.payments.is_empty() {
            check.refuse("payments", FieldCode::Required);
        }
        self.check_payments(&mut check);
        self.check_milestones(&mut check);
        check.end(self)
    }

    /// One currency, one lump sum, and no more than a whole company.
    fn check_payments(&self, check: &mut Check<'_>) {
        let mut currencies = self.payments.iter().filter_map(|payment| payment.amount).map(|amount| amount.currency);
        let first = currencies.next();
        if currencies.any(|currency| Some(currency) != first) {
            check.refuse("payments", FieldCode::CurrenciesDiffer);
        }
        let of = |kind| self.payments.iter().filter(move |payment| payment.kind == kind);
        if of(PaymentKind::LumpSum).count() > 1 {
            check.refuse("payments", FieldCode::Duplicate);
        }
        let equity: i64 = of(PaymentKind::Equity).filter_map(|payment| payment.rate_bp).map(i64::from).sum();
        check.range("payments", Some(equity), &(0..=WHOLE));
    }

    /// In time, and together the whole work.
    fn check_milestones(&self, check: &mut Check<'_>) {
        for milestone in self.milestones.iter() {
            check.range("milestones", Some(milestone.due_months.into()), &MONTHS);
            check.range("milestones", Some(milestone.share_bp.into()), &SHARE);
        }
        let sum: i64 = self.milestones.iter().map(|milestone| i64::from(milestone.share_bp)).sum();
        if !self.milestones.is_empty() && sum != WHOLE {
            let args = [("sum", sum.to_string())];
            let at = check.location.push_key("milestones");
            check.errors.0.extend(FieldErrors::one(at, FieldCode::SharesNotWhole, args).0);
        }
    }
}

impl Sample for Terms {
    fn sample() -> Self {
        let lump = Payment {
            kind: PaymentKind::LumpSum,
            amount: Some(Money::vnd(800_000_000)),
            due_months: None,
            unit: None,
            basis: None,
            rate_bp: None,
        };
        let royalty = Payment {
            kind: PaymentKind::Royalty,
            amount: None,
            basis: Some(RoyaltyBasis::NetRevenue),
            rate_bp: Some(300),
            ..lump.clone()
        };
        let milestone =
            |title: &'static str, due_months, share_bp| Milestone { title: Line::literal(title), due_months, share_bp };
        Self {
            right: GrantedRight::NonExclusiveLicence,
            field_of_use: Some(Prose::literal("Xử lý nước thải dệt nhuộm.")),
            territories: "VN".parse().into_iter().collect(),
            starts_on: None,
            term_months: Some(60),
            sub_licensing: false,
            improvements: Improvements::GrantBack,
            payments: [lump, royalty].into_iter().collect(),
            milestones: [milestone("Bàn giao tài liệu", 1, 4_000), milestone("Chạy nghiệm thu", 6, 6_000)]
                .into_iter()
                .collect(),
            warranty_months: Some(12),
            penalty_bp: Some(800),
            governing_law: Line::literal("Luật Việt Nam"),
            dispute_body: Line::literal("Trung tâm Trọng tài Quốc tế Việt Nam (VIAC)"),
            notes: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// What is told of the sample with these fields set.
    fn told(fields: Value) -> Vec<(String, FieldCode)> {
        let mut body = serde_json::to_value(Terms::sample()).unwrap();
        for (name, value) in fields.as_object().unwrap() {
            body[name] = value.clone();
        }
        let result: Result<Terms, FieldErrors> = deserr::deserialize(body);
        result.err().map(|errors| errors.0.into_iter().map(|e| (e.pointer, e.code)).collect()).unwrap_or_default()
    }

    #[test]
    fn terms_are_checked_as_a_whole() {
        use FieldCode::{CurrenciesDiffer, Duplicate, NotAllowedHere, OutOfRange, Required, SharesNotWhole};
        let vnd = |amount: i64| json!({"amount": amount, "currency": "VND"});
        let lump = json!({"kind": "lump_sum", "amount": vnd(5)});
        for (fields, expected) in [
            (json!({}), vec![]),
            (json!({"right": "assignment"}), vec![("/term_months", NotAllowedHere)]),
            (
                json!({"right": "assignment", "term_months": null, "sub_licensing": true}),
                vec![("/sub_licensing", NotAllowedHere)],
            ),
            (json!({"term_months": null}), vec![("/term_months", Required)]),
            (
                json!({"term_months": 0, "penalty_bp": 10_001, "warranty_months": -1}),
                vec![("/term_months", OutOfRange), ("/warranty_months", OutOfRange), ("/penalty_bp", OutOfRange)],
            ),
            (json!({"payments": []}), vec![("/payments", Required)]),
            (json!({"payments": [lump, {"kind": "lump_sum", "amount": vnd(6)}]}), vec![("/payments", Duplicate)]),
            (
                json!({"payments": [lump, {"kind": "instalment", "due_months": 3, "amount": {"amount": 5, "currency": "USD"}}]}),
                vec![("/payments", CurrenciesDiffer)],
            ),
            (
                json!({"payments": [{"kind": "equity", "rate_bp": 6_000}, {"kind": "equity", "rate_bp": 4_001}]}),
                vec![("/payments", OutOfRange)],
            ),
            (
                json!({"payments": [{"kind": "royalty", "amount": vnd(5)}]}),
                vec![
                    ("/payments/0/amount", NotAllowedHere),
                    ("/payments/0/basis", Required),
                    ("/payments/0/rate_bp", Required),
                ],
            ),
            (
                json!({"payments": [{"kind": "per_unit", "amount": vnd(5), "rate_bp": 5}]}),
                vec![("/payments/0/unit", Required), ("/payments/0/rate_bp", NotAllowedHere)],
            ),
            (
                json!({"payments": [{"kind": "royalty", "basis": "net_price", "rate_bp": 10_001}]}),
                vec![("/payments/0/rate_bp", OutOfRange)],
            ),
            (
                json!({"milestones": [{"title": "Bàn giao", "due_months": 1, "share_bp": 9_999}]}),
                vec![("/milestones", SharesNotWhole)],
            ),
        ] {
            let shown = fields.to_string();
            let expected: Vec<_> = expected.into_iter().map(|(pointer, code)| (pointer.to_owned(), code)).collect();
            assert_eq!(told(fields), expected, "{shown}");
        }
    }
}
