//! Time: the injected clock and the one instant type.

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicI64, Ordering};

use super::validate::{self, FieldCode, FieldErrors};

/// An instant in UTC with microseconds, which is what both databases keep, so that written equals read.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = crate::db::types::UtcTime)]
pub struct At(DateTime<Utc>);

impl At {
    /// The instant `micros` microseconds after 1970-01-01T00:00:00Z, or `None` beyond the calendar's end.
    #[must_use]
    pub fn from_micros(micros: i64) -> Option<Self> {
        DateTime::from_timestamp_micros(micros).map(Self)
    }

    /// The instant in the examples of the documentation.
    #[must_use]
    pub fn sample() -> Self {
        Self(DateTime::from_timestamp_nanos(1_795_000_000_000_000_000))
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn micros(self) -> i64 {
        self.0.timestamp_micros()
    }

    /// Whole seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0.timestamp()
    }

    /// This instant moved by `seconds` (negative: earlier); unchanged where the calendar ends.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        TimeDelta::try_seconds(seconds).and_then(|delta| self.0.checked_add_signed(delta)).map_or(self, Self)
    }

    /// This instant moved by `days` of 24 hours.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days.saturating_mul(86_400))
    }
}

impl std::fmt::Display for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

impl std::fmt::Debug for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for At {
    type Err = chrono::ParseError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let time = DateTime::parse_from_rfc3339(text)?.with_timezone(&Utc);
        Ok(DateTime::from_timestamp_micros(time.timestamp_micros()).map_or(Self(time), Self))
    }
}

impl Serialize for At {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for At {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl deserr::Deserr<FieldErrors> for At {
    fn deserialize_from_value<V: deserr::IntoValue>(
        value: deserr::Value<V>,
        location: deserr::ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        let expected =
            || FieldErrors::one(location, FieldCode::InvalidFormat, [("expected", Self::sample().to_string())]);
        validate::text(value, location)?.parse().map_err(|_| expected())
    }
}

impl utoipa::PartialSchema for At {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::{KnownFormat, ObjectBuilder, SchemaFormat, schema::Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .description(Some("RFC 3339 in UTC."))
            .build()
            .into()
    }
}
impl utoipa::ToSchema for At {}

/// A calendar day.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Date)]
#[serde(transparent)]
pub struct Day(NaiveDate);

impl Day {
    /// The day `days` after the day of an instant, in UTC.
    #[must_use]
    pub fn after(at: At, days: u64) -> Self {
        let day = at.0.date_naive();
        Self(day.checked_add_days(chrono::Days::new(days)).unwrap_or(day))
    }

    /// The day it is in Vietnam at an instant: what legal terms run by. Vietnam has one time zone, UTC+7, all year.
    #[must_use]
    pub fn in_vietnam(at: At) -> Self {
        Self(at.plus_seconds(7 * 3_600).0.date_naive())
    }

    /// The same day `years` later, 28 February where that year has no 29th.
    #[must_use]
    pub fn plus_years(self, years: u32) -> Self {
        Self(self.0.checked_add_months(chrono::Months::new(years.saturating_mul(12))).unwrap_or(self.0))
    }

    /// Days from this day to another; negative when the other is earlier.
    #[must_use]
    pub fn days_to(self, other: Self) -> i64 {
        (other.0 - self.0).num_days()
    }

    /// Whole months from this day to another; 0 when the other is earlier.
    #[must_use]
    pub fn months_to(self, other: Self) -> u32 {
        let months =
            (other.0.year() - self.0.year()) * 12 + other.0.month0().cast_signed() - self.0.month0().cast_signed();
        let begun = i32::from(other.0.day() < self.0.day());
        u32::try_from(months - begun).unwrap_or_default()
    }

    /// The day before; the same where the calendar begins.
    #[must_use]
    pub fn before(self) -> Self {
        Self(self.0.pred_opt().unwrap_or(self.0))
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::fmt::Debug for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for Day {
    type Err = chrono::ParseError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").map(Self)
    }
}

impl deserr::Deserr<FieldErrors> for Day {
    fn deserialize_from_value<V: deserr::IntoValue>(
        value: deserr::Value<V>,
        location: deserr::ValuePointerRef<'_>,
    ) -> Result<Self, FieldErrors> {
        let text = validate::text(value, location)?;
        text.parse()
            .map_err(|_| FieldErrors::one(location, FieldCode::InvalidFormat, [("expected", "YYYY-MM-DD".to_owned())]))
    }
}

impl<DB: diesel::backend::Backend> diesel::serialize::ToSql<diesel::sql_types::Date, DB> for Day
where
    NaiveDate: diesel::serialize::ToSql<diesel::sql_types::Date, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
        self.0.to_sql(out)
    }
}

impl<DB: diesel::backend::Backend> diesel::deserialize::FromSql<diesel::sql_types::Date, DB> for Day
where
    NaiveDate: diesel::deserialize::FromSql<diesel::sql_types::Date, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
        NaiveDate::from_sql(value).map(Self)
    }
}

impl utoipa::PartialSchema for Day {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::{KnownFormat, ObjectBuilder, SchemaFormat, schema::Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
            .build()
            .into()
    }
}
impl utoipa::ToSchema for Day {}

/// Where the current time comes from. Injected, so that tests can stop and move it.
pub trait Clock: Send + Sync {
    /// The current instant.
    fn now(&self) -> At;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> At {
        let now = Utc::now();
        DateTime::from_timestamp_micros(now.timestamp_micros()).map_or(At(now), At)
    }
}

/// A clock that stands still until it is moved.
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows `start`.
    #[must_use]
    pub fn new(start: At) -> Self {
        Self(AtomicI64::new(start.micros()))
    }

    /// Moves the clock forward by `seconds`.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds.saturating_mul(1_000_000), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> At {
        At::from_micros(self.0.load(Ordering::SeqCst)).unwrap_or(At(DateTime::UNIX_EPOCH))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn the_day_in_vietnam_begins_seven_hours_earlier() {
        let at = |text: &str| Day::in_vietnam(text.parse().unwrap()).to_string();
        assert_eq!(at("2026-11-23T16:59:59Z"), "2026-11-23");
        assert_eq!(at("2026-11-23T17:00:00Z"), "2026-11-24");
    }

    #[test]
    fn years_months_and_days_between() {
        assert_eq!(day("2020-02-29").plus_years(10), day("2030-02-28"));
        assert_eq!(day("2020-02-29").plus_years(20), day("2040-02-29"));
        for (from, to, days, months) in [
            ("2026-01-31", "2026-02-28", 28, 0),
            ("2026-01-28", "2026-02-28", 31, 1),
            ("2026-11-23", "2027-11-22", 364, 11),
            ("2026-11-23", "2027-11-23", 365, 12),
            ("2026-11-23", "2026-11-23", 0, 0),
            ("2026-11-23", "2026-11-22", -1, 0),
            ("2026-11-23", "2020-01-01", -2518, 0),
        ] {
            assert_eq!((day(from).days_to(day(to)), day(from).months_to(day(to))), (days, months), "{from} {to}");
        }
    }
}
