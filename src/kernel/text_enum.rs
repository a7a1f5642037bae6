//! Enumerations kept and shown as `lower_snake` text: one declaration gives the database, JSON, query and schema forms.

/// Declares an enumeration whose values are words in JSON, in queries and in the database.
macro_rules! text_enum { ($(#[doc = $about:literal])+ pub enum $name:ident { $($(#[doc = $meaning:literal])+ $variant:ident = $text:literal),+ $(,)? }) => {
    $(#[doc = $about])+
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize,
        diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub enum $name { $($(#[doc = $meaning])+ #[serde(rename = $text)] $variant),+ }

    impl $name {
        /// Every value, in the order of declaration.
        pub const ALL: &'static [Self] = &[$(Self::$variant),+];

        /// The word used in JSON, in queries and in the database.
        #[must_use]
        pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $text),+ } }
    }
    impl std::fmt::Display for $name {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
    }
    impl std::str::FromStr for $name {
        type Err = String;
        fn from_str(text: &str) -> Result<Self, String> {
            match text {
                $($text => Ok(Self::$variant),)+
                other => Err(format!("{other:?} is no {}", stringify!($name))),
            }
        }
    }
    impl deserr::Deserr<$crate::kernel::validate::FieldErrors> for $name {
        fn deserialize_from_value<V: deserr::IntoValue>(
            value: deserr::Value<V>, location: deserr::ValuePointerRef<'_>,
        ) -> Result<Self, $crate::kernel::validate::FieldErrors> {
            $crate::kernel::validate::choice(value, location, &[$($text),+])
        }
    }
    impl utoipa::PartialSchema for $name {
        fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
            let about = concat!($($about),+).trim();
            let meanings = [$(concat!("- `", $text, "`:", $($meaning),+)),+].join("\n");
            utoipa::openapi::ObjectBuilder::new()
                .schema_type(utoipa::openapi::schema::Type::String)
                .enum_values(Some([$($text),+]))
                .description(Some(format!("{about}\n\n{meanings}")))
                .build().into()
        }
    }
    impl utoipa::ToSchema for $name {}
    impl<DB: diesel::backend::Backend> diesel::serialize::ToSql<diesel::sql_types::Text, DB> for $name
    where str: diesel::serialize::ToSql<diesel::sql_types::Text, DB> {
        fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
            self.as_str().to_sql(out)
        }
    }
    impl<DB: diesel::backend::Backend> diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for $name
    where String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB> {
        fn from_sql(value: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
            Ok(<String as diesel::deserialize::FromSql<diesel::sql_types::Text, DB>>::from_sql(value)?.parse::<Self>()?)
        }
    }
} }
pub(crate) use text_enum;
