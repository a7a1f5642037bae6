//! Money and prices. Amounts are integers in the currency's minor unit; the đồng has none, so its amounts are đồng.

use deserr::{Deserr, ValuePointerRef};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::text_enum;
use super::validate::{FieldCode, FieldErrors};

text_enum! {
    /// A currency (ISO 4217). More may be added.
    pub enum Currency {
        /// Vietnamese đồng; no minor unit.
        Vnd = "VND",
        /// United States dollar, in cents.
        Usd = "USD",
        /// Euro, in cents.
        Eur = "EUR",
        /// Japanese yen; no minor unit.
        Jpy = "JPY",
        /// South Korean won; no minor unit.
        Krw = "KRW",
    }
}

/// An amount of money in the minor unit of its currency (for the đồng: in đồng).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields, validate = Money::check -> FieldErrors)]
pub struct Money {
    /// Integer minor units, from 0 to 10^15.
    #[schema(minimum = 0, maximum = 1_000_000_000_000_000_i64, example = 1_500_000_000_i64)]
    pub amount: i64,
    /// The currency of the amount.
    pub currency: Currency,
}

impl Money {
    const MAX: i64 = 1_000_000_000_000_000;

    /// `amount` đồng.
    #[must_use]
    pub const fn vnd(amount: i64) -> Self {
        Self { amount, currency: Currency::Vnd }
    }

    /// The amount as a decimal number in the currency's main unit: `1500.00` for 150,000 cents.
    #[must_use]
    pub fn decimal(self) -> String {
        match self.currency {
            Currency::Vnd | Currency::Jpy | Currency::Krw => self.amount.to_string(),
            Currency::Usd | Currency::Eur => format!("{}.{:02}", self.amount / 100, self.amount % 100),
        }
    }

    fn check(self, location: ValuePointerRef<'_>) -> Result<Self, FieldErrors> {
        if (0..=Self::MAX).contains(&self.amount) {
            return Ok(self);
        }
        let range = [("min", "0".to_owned()), ("max", Self::MAX.to_string())];
        Err(FieldErrors::one(location.push_key("amount"), FieldCode::OutOfRange, range))
    }
}

text_enum! {
    /// How firm a price or a budget is.
    pub enum PriceKind {
        /// One amount: `from` is set and `to` is not.
        Fixed = "fixed",
        /// Between two amounts: both are set, in one currency, `from` ≤ `to`.
        Range = "range",
        /// Open to negotiation: neither amount is set.
        Negotiable = "negotiable",
        /// Not shown to this reader; it cannot be set.
        Undisclosed = "undisclosed",
    }
}

/// A price asked or a budget offered.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Serialize,
    Deserialize,
    Deserr,
    ToSchema,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = crate::db::types::JsonDoc)]
#[deserr(error = FieldErrors, deny_unknown_fields, validate = Price::check -> FieldErrors)]
pub struct Price {
    /// Which of the amounts are set.
    pub kind: PriceKind,
    /// The amount, or the lower end of the range.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub from: Option<Money>,
    /// The upper end of the range.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub to: Option<Money>,
}

impl Price {
    /// A price open to negotiation.
    pub const NEGOTIABLE: Self = Self { kind: PriceKind::Negotiable, from: None, to: None };

    /// What stands for a price that the reader does not get.
    pub const UNDISCLOSED: Self = Self { kind: PriceKind::Undisclosed, from: None, to: None };

    /// The lowest and the highest amount in đồng; `None` where negotiable, undisclosed or in another currency.
    #[must_use]
    pub fn bounds_vnd(&self) -> (Option<i64>, Option<i64>) {
        let vnd = |money: Option<Money>| money.filter(|m| m.currency == Currency::Vnd).map(|m| m.amount);
        (vnd(self.from), vnd(self.to.or(self.from)))
    }

    fn check(self, location: ValuePointerRef<'_>) -> Result<Self, FieldErrors> {
        let error = |field: &str, code| Err(FieldErrors::one(location.push_key(field), code, []));
        match (self.kind, self.from, self.to) {
            (PriceKind::Undisclosed, ..) => error("kind", FieldCode::NotAllowedHere),
            (PriceKind::Fixed | PriceKind::Range, None, _) => error("from", FieldCode::Required),
            (PriceKind::Range, _, None) => error("to", FieldCode::Required),
            (PriceKind::Fixed, _, Some(_)) => error("to", FieldCode::NotAllowedHere),
            (PriceKind::Negotiable, Some(_), _) => error("from", FieldCode::NotAllowedHere),
            (PriceKind::Negotiable, _, Some(_)) => error("to", FieldCode::NotAllowedHere),
            (PriceKind::Range, Some(from), Some(to)) if from.currency != to.currency => {
                error("to", FieldCode::CurrenciesDiffer)
            }
            (PriceKind::Range, Some(from), Some(to)) if from.amount > to.amount => {
                error("to", FieldCode::RangeReversed)
            }
            _ => Ok(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn prices_by_kind() {
        let m = |amount: i64| json!({"amount": amount, "currency": "VND"});
        for (body, pointer) in [
            (json!({"kind": "fixed", "from": m(5)}), None),
            (json!({"kind": "range", "from": m(5), "to": m(5)}), None),
            (json!({"kind": "negotiable"}), None),
            (json!({"kind": "fixed"}), Some("/from")),
            (json!({"kind": "range", "from": m(5)}), Some("/to")),
            (json!({"kind": "range", "from": m(6), "to": m(5)}), Some("/to")),
            (json!({"kind": "range", "from": m(5), "to": {"amount": 6, "currency": "USD"}}), Some("/to")),
            (json!({"kind": "negotiable", "from": m(5)}), Some("/from")),
            (json!({"kind": "fixed", "from": m(-1)}), Some("/from/amount")),
            (json!({"kind": "fixed", "from": {"amount": 1.5, "currency": "VND"}}), Some("/from/amount")),
            (json!({"kind": "gift"}), Some("/kind")),
            (json!({"kind": "undisclosed"}), Some("/kind")),
        ] {
            let shown = body.to_string();
            let result: Result<Price, FieldErrors> = deserr::deserialize(body);
            assert_eq!(result.err().map(|e| e.0[0].pointer.clone()).as_deref(), pointer, "{shown}");
        }
    }
}
