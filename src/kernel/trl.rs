//! Technology readiness level (ISO 16290), from 1, basic principles observed, to 9, proven in operation.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::{Deserialize, Serialize};

use super::validate::{FieldCode, FieldErrors};

/// A level from 1 to 9.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Debug,
    Serialize,
    Deserialize,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::SmallInt)]
#[serde(transparent)]
pub struct Trl(i16);

impl Trl {
    /// The level, if it is one.
    #[must_use]
    pub fn new(level: i16) -> Option<Self> {
        (1..=9).contains(&level).then_some(Self(level))
    }

    /// The level as a number.
    #[must_use]
    pub fn get(self) -> i16 {
        self.0
    }
}

impl std::str::FromStr for Trl {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        text.parse().ok().and_then(Self::new).ok_or(())
    }
}

impl Deserr<FieldErrors> for Trl {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        let level = <i16 as Deserr<FieldErrors>>::deserialize_from_value(value, location)?;
        let range = [("min", "1".to_owned()), ("max", "9".to_owned())];
        Self::new(level).ok_or_else(|| FieldErrors::one(location, FieldCode::OutOfRange, range))
    }
}

impl<DB: diesel::backend::Backend> diesel::serialize::ToSql<diesel::sql_types::SmallInt, DB> for Trl
where
    i16: diesel::serialize::ToSql<diesel::sql_types::SmallInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
        self.0.to_sql(out)
    }
}

impl<DB: diesel::backend::Backend> diesel::deserialize::FromSql<diesel::sql_types::SmallInt, DB> for Trl
where
    i16: diesel::deserialize::FromSql<diesel::sql_types::SmallInt, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
        i16::from_sql(value).map(Self)
    }
}

impl utoipa::PartialSchema for Trl {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::Integer)
            .minimum(Some(1))
            .maximum(Some(9))
            .build()
            .into()
    }
}
impl utoipa::ToSchema for Trl {}
