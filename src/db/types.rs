//! Column types that differ between the engines, each with one Rust type.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::pg::Pg;
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{Binary, HasSqlType, SqlType, Text};
use diesel::sqlite::Sqlite;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::io::Write;

use super::MultiBackend;
use crate::kernel::clock::At;
use crate::kernel::list::List;
use crate::kernel::money::Price;

/// `uuid` on PostgreSQL, a 16-byte `BLOB` on SQLite.
#[derive(SqlType, QueryId, Clone, Copy, Debug, Default)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951), sqlite_type(name = "Binary"))]
pub struct Guid;

/// `timestamptz` on PostgreSQL, fixed-width RFC 3339 text in UTC on SQLite, so that text order is time order.
#[derive(SqlType, QueryId, Clone, Copy, Debug, Default)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185), sqlite_type(name = "Text"))]
pub struct UtcTime;

/// `jsonb` on PostgreSQL, `TEXT` on SQLite.
#[derive(SqlType, QueryId, Clone, Copy, Debug, Default)]
#[diesel(postgres_type(oid = 3802, array_oid = 3807), sqlite_type(name = "Text"))]
pub struct JsonDoc;

impl diesel::sql_types::SqlOrd for UtcTime {}
impl diesel::sql_types::SqlOrd for Guid {}

macro_rules! multi_sql_type { ($($sql:ty),*) => {$(
    impl HasSqlType<$sql> for MultiBackend {
        fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata { Self::lookup_sql_type::<$sql>(lookup) }
    }
)*} }
multi_sql_type!(Guid, UtcTime, JsonDoc);

/// What a Rust type needs besides the two engines' own conversions.
macro_rules! multi_value { ($(@[$($generics:tt)*])? $rust:ty : $sql:ty) => {
    impl $(<$($generics)*>)? diesel::serialize::ToSql<$sql, $crate::db::MultiBackend> for $rust {
        fn to_sql<'b>(
            &'b self, out: &mut diesel::serialize::Output<'b, '_, $crate::db::MultiBackend>,
        ) -> diesel::serialize::Result {
            out.set_value((<$sql>::default(), self));
            Ok(diesel::serialize::IsNull::No)
        }
    }
    impl $(<$($generics)*>)? diesel::deserialize::FromSql<$sql, $crate::db::MultiBackend> for $rust {
        fn from_sql(
            value: <$crate::db::MultiBackend as diesel::backend::Backend>::RawValue<'_>,
        ) -> diesel::deserialize::Result<Self> { value.from_sql::<Self, $sql>() }
    }
} }
pub(crate) use multi_value;

/// Identifier types: everything that wraps a UUID.
macro_rules! guid_columns { ($($name:ident)+) => {$(
    impl ToSql<Guid, Pg> for crate::kernel::id::$name {
        fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
            out.write_all(self.0.as_bytes())?;
            Ok(IsNull::No)
        }
    }
    impl FromSql<Guid, Pg> for crate::kernel::id::$name {
        fn from_sql(value: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> { Ok(Self(uuid::Uuid::from_slice(value.as_bytes())?)) }
    }
    impl ToSql<Guid, Sqlite> for crate::kernel::id::$name {
        fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
            out.set_value(self.0.as_bytes().as_slice());
            Ok(IsNull::No)
        }
    }
    impl FromSql<Guid, Sqlite> for crate::kernel::id::$name {
        fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
            Ok(Self(uuid::Uuid::from_slice(&<Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value)?)?))
        }
    }
    multi_value!(crate::kernel::id::$name : Guid);
)+} }
guid_columns!(UserId SessionId ApiKeyId OrganizationId InvitationId ListingId OrderId SynonymId SavedSearchId ReviewId
    ConfidentialGrantId ConfidentialViewId AttachmentId VerificationId EventId ObjectId DeliveryId ApproachId NegotiationId NdaId OfferId);

/// Microseconds from 1970 to 2000, where PostgreSQL's time begins.
const PG_EPOCH: i64 = 946_684_800_000_000;

impl ToSql<UtcTime, Pg> for At {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&(self.micros() - PG_EPOCH).to_be_bytes())?;
        Ok(IsNull::No)
    }
}
impl FromSql<UtcTime, Pg> for At {
    fn from_sql(value: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let micros = i64::from_be_bytes(value.as_bytes().try_into()?);
        Ok(micros.checked_add(PG_EPOCH).and_then(Self::from_micros).ok_or("instant out of range")?)
    }
}
impl ToSql<UtcTime, Sqlite> for At {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.to_string());
        Ok(IsNull::No)
    }
}
impl FromSql<UtcTime, Sqlite> for At {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(<String as FromSql<Text, Sqlite>>::from_sql(value)?.parse::<Self>()?)
    }
}
multi_value!(At : UtcTime);

/// A JSON document of a known shape in a column.
#[derive(
    Clone,
    PartialEq,
    Eq,
    Debug,
    Default,
    Serialize,
    Deserialize,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = JsonDoc)]
#[serde(transparent, bound = "")]
pub struct Json<T: Document>(pub T);

/// What can be kept as a JSON document.
pub trait Document: Serialize + DeserializeOwned + std::fmt::Debug + Send + Sync + 'static {}
impl<T: Serialize + DeserializeOwned + std::fmt::Debug + Send + Sync + 'static> Document for T {}

/// JSON columns: the Rust type is written as it is serialised. It also has to derive `AsExpression` and `FromSqlRow` with
/// the SQL type [`JsonDoc`].
macro_rules! json_column { ($(@[$($generics:tt)*])? $rust:ty) => {
    impl $(<$($generics)*>)? diesel::serialize::ToSql<$crate::db::types::JsonDoc, diesel::pg::Pg> for $rust {
        fn to_sql<'b>(
            &'b self, out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>,
        ) -> diesel::serialize::Result {
            std::io::Write::write_all(out, &[1])?; // the version of jsonb's wire format
            serde_json::to_writer(out, self)?;
            Ok(diesel::serialize::IsNull::No)
        }
    }
    impl $(<$($generics)*>)? diesel::deserialize::FromSql<$crate::db::types::JsonDoc, diesel::pg::Pg> for $rust {
        fn from_sql(
            value: <diesel::pg::Pg as diesel::backend::Backend>::RawValue<'_>,
        ) -> diesel::deserialize::Result<Self> {
            match value.as_bytes() {
                [1, json @ ..] => Ok(serde_json::from_slice(json)?),
                _ => Err("unknown version of jsonb".into()),
            }
        }
    }
    impl $(<$($generics)*>)? diesel::serialize::ToSql<$crate::db::types::JsonDoc, diesel::sqlite::Sqlite> for $rust {
        fn to_sql<'b>(
            &'b self, out: &mut diesel::serialize::Output<'b, '_, diesel::sqlite::Sqlite>,
        ) -> diesel::serialize::Result {
            out.set_value(serde_json::to_string(self)?);
            Ok(diesel::serialize::IsNull::No)
        }
    }
    impl $(<$($generics)*>)? diesel::deserialize::FromSql<$crate::db::types::JsonDoc, diesel::sqlite::Sqlite> for $rust {
        fn from_sql(
            value: <diesel::sqlite::Sqlite as diesel::backend::Backend>::RawValue<'_>,
        ) -> diesel::deserialize::Result<Self> {
            let json = <String as diesel::deserialize::FromSql<diesel::sql_types::Text, diesel::sqlite::Sqlite>>::from_sql(value)?;
            Ok(serde_json::from_str(&json)?)
        }
    }
    $crate::db::types::multi_value!($(@[$($generics)*])? $rust : $crate::db::types::JsonDoc);
} }
pub(crate) use json_column;

json_column!(@[T: Document] Json<T>);
json_column!(@[T: Document, const MAX: usize] List<T, MAX>);
json_column!(Price);
