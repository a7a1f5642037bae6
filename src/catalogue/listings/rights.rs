//! Who owns a technology, and with whose money it was made.

use deserr::{Deserr, ValuePointerRef};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::types::json_column;
use crate::kernel::clock::Day;
use crate::kernel::id::OrganizationId;
use crate::kernel::text::Line;
use crate::kernel::text_enum;
use crate::kernel::validate::{FieldCode, FieldErrors};

text_enum! {
    /// Whether an owner agrees to the technology being offered.
    pub enum Consent {
        /// The owner agreed on `consent_on`.
        Given = "given",
        /// The owner has not answered yet.
        Pending = "pending",
    }
}

/// One owner.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields, validate = Owner::check -> FieldErrors)]
pub struct Owner {
    /// The owner's name.
    pub name: Line<1, 300>,
    /// The owner on this exchange, where it is an organisation here.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub organization_id: Option<OrganizationId>,
    /// The owner's share in basis points, hundredths of a percent; the shares of all owners add up to 10000.
    #[schema(minimum = 1, maximum = 10_000, example = 6_000)]
    pub share_bp: i64,
    /// Whether the owner agrees to the offer.
    pub consent: Consent,
    /// The day the owner agreed; given with `consent: given` and only then.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub consent_on: Option<Day>,
}

/// All of a thing, in basis points.
const WHOLE: i64 = 10_000;

impl Owner {
    fn check(self, location: ValuePointerRef<'_>) -> Result<Self, FieldErrors> {
        if !(1..=WHOLE).contains(&self.share_bp) {
            let range = [("min", "1".to_owned()), ("max", WHOLE.to_string())];
            return Err(FieldErrors::one(location.push_key("share_bp"), FieldCode::OutOfRange, range));
        }
        match (self.consent, self.consent_on) {
            (Consent::Given, None) => Err(FieldErrors::one(location.push_key("consent_on"), FieldCode::Required, [])),
            (Consent::Pending, Some(_)) => {
                Err(FieldErrors::one(location.push_key("consent_on"), FieldCode::NotAllowedHere, []))
            }
            _ => Ok(self),
        }
    }

    /// Checks that the shares add up to the whole, where owners are named at all.
    ///
    /// # Errors
    /// `shares_not_whole` at the list.
    pub fn whole(owners: &[Self], location: ValuePointerRef<'_>) -> Result<(), FieldErrors> {
        let sum: i64 = owners.iter().map(|owner| owner.share_bp).sum();
        if owners.is_empty() || sum == WHOLE {
            return Ok(());
        }
        Err(FieldErrors::one(location, FieldCode::SharesNotWhole, [("sum", sum.to_string())]))
    }
}

/// With whose money a technology was made. State money decides whether its transfer has to be registered (Law on Technology
/// Transfer 07/2017/QH14, art. 31).
#[derive(
    Clone,
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
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct Funding {
    /// Whether money of the state was used, wholly or in part.
    pub state_money: bool,
    /// The programme or the fund.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub programme: Option<Line<1, 300>>,
    /// The code of the science and technology task.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub task_code: Option<Line<1, 100>>,
    /// The number of the certificate that registers the task's result.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub result_registration_number: Option<Line<1, 100>>,
    /// The day of that certificate.
    #[deserr(default)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub result_registered_on: Option<Day>,
}
json_column!(Funding);

/// Somebody else's judgement of the technology readiness level; without one the level is its owner's own.
#[derive(
    Clone,
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
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct TrlAssessment {
    /// Who assessed it.
    pub assessed_by: Line<1, 300>,
    /// When.
    pub assessed_on: Day,
}
json_column!(TrlAssessment);

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn consent_has_a_day_when_it_is_given() {
        for (fields, pointer) in [
            (json!({"share_bp": 1, "consent": "pending"}), None),
            (json!({"share_bp": 10_000, "consent": "given", "consent_on": "2026-01-02"}), None),
            (json!({"share_bp": 1, "consent": "given"}), Some("/consent_on")),
            (json!({"share_bp": 1, "consent": "pending", "consent_on": "2026-01-02"}), Some("/consent_on")),
            (json!({"share_bp": 0, "consent": "pending"}), Some("/share_bp")),
            (json!({"share_bp": 10_001, "consent": "pending"}), Some("/share_bp")),
        ] {
            let mut body = json!({"name": "Một viện"});
            body.as_object_mut().unwrap().extend(fields.as_object().cloned().unwrap());
            let result: Result<Owner, FieldErrors> = deserr::deserialize(body);
            assert_eq!(result.err().map(|errors| errors.0[0].pointer.clone()).as_deref(), pointer, "{fields}");
        }
    }
}
