//! Vietnamese tax codes (Circular 86/2024/TT-BTC): ten digits of which the last is a check digit; dependent units add a
//! dash and three digits.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::Serialize;

use crate::kernel::validate::{self, FieldCode, FieldErrors};

const WEIGHTS: [u32; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];

/// Whether `text` is a tax code: `dddddddddd` or `dddddddddd-ddd`, where the tenth digit is 10 less the weighted sum of
/// the first nine modulo 11. A sum that would need the "digit" 10 belongs to no code.
#[must_use]
pub fn is_valid(text: &str) -> bool {
    let (base, branch) = match text.split_once('-') {
        Some((base, branch)) => (base, Some(branch)),
        None => (text, None),
    };
    let digits_only = |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
    if !digits_only(base, 10) || !branch.is_none_or(|branch| digits_only(branch, 3)) {
        return false;
    }
    let mut digits = base.chars().filter_map(|c| c.to_digit(10));
    let sum: u32 = WEIGHTS.iter().zip(digits.by_ref()).map(|(weight, digit)| weight * digit).sum();
    digits.next() == Some(10 - sum % 11)
}

/// A tax code whose check digit is right.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Text)]
#[serde(transparent)]
pub struct TaxCode(String);

impl TaxCode {
    /// The code, if it is one.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        is_valid(text).then(|| Self(text.to_owned()))
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deserr<FieldErrors> for TaxCode {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        Self::new(&validate::text(value, location)?)
            .ok_or_else(|| FieldErrors::one(location, FieldCode::InvalidTaxCode, []))
    }
}

impl utoipa::PartialSchema for TaxCode {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some("^[0-9]{10}(-[0-9]{3})?$"))
            .description(Some("Vietnamese tax code: ten digits, the last of them a check digit; branches add a dash and three digits."))
            .build()
            .into()
    }
}
impl utoipa::ToSchema for TaxCode {}

impl<DB: diesel::backend::Backend> diesel::serialize::ToSql<diesel::sql_types::Text, DB> for TaxCode
where
    str: diesel::serialize::ToSql<diesel::sql_types::Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
        self.as_str().to_sql(out)
    }
}
impl<DB: diesel::backend::Backend> diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for TaxCode
where
    String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
        <String as diesel::deserialize::FromSql<diesel::sql_types::Text, DB>>::from_sql(value).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes() {
        for (text, expected) in [
            // Codes of well-known enterprises.
            ("0100109106", true),     // Viettel
            ("0101248141", true),     // FPT
            ("0300588569", true),     // Vinamilk
            ("0100686174", true),     // Agribank
            ("0300588569-001", true), // a branch
            ("0000000000", false),    // the sum is 0: the digit would be 10
            ("0100109107", false),    // wrong check digit
            ("1010109106", false),    // first digits swapped
            ("010010910", false),
            ("01001091060", false),
            ("0100109106-01", false),
            ("0100109106-0011", false),
            ("0100109106-", false),
            ("0100109106-00a", false),
            ("-001", false),
            ("0100109106001", false),
            (" 0100109106", false),
            ("01001o9106", false),
            ("٠١٠٠١٠٩١٠٦", false),
            ("", false),
        ] {
            assert_eq!(is_valid(text), expected, "{text:?}");
        }
        assert_eq!(TaxCode::new(" 0100109106 ").as_ref().map(TaxCode::as_str), Some("0100109106"));
    }

    #[test]
    fn for_nine_digits_there_is_at_most_one_tenth() {
        for base in (0..1_000_000_000_u64).step_by(7_654_321) {
            let fitting = (0..10).filter(|last| is_valid(&format!("{base:09}{last}"))).count();
            assert!(fitting <= 1, "{base}");
        }
    }
}
