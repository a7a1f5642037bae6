//! An entry of a reference list, and its place in the list's order.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::schema::reference_items;
use crate::http::Sample;
use crate::kernel::clock::Day;

/// One entry of a reference list.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = reference_items, check_for_backend(crate::db::MultiBackend))]
pub struct ReferenceItem {
    /// The code used in listings, orders and organisations.
    pub code: String,
    /// The code of the entry above it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub parent: Option<String>,
    /// Its Vietnamese name, where the list has one; there is always a name in one of the two languages.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub name_vi: Option<String>,
    /// Its English name, where the list has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub name_en: Option<String>,
    /// The version of the list that brought it.
    pub version: String,
    /// The first day it is valid; absent where it has been so for longer than the exchange knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub valid_from: Option<Day>,
    /// The last day it is valid; absent where no end is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub valid_to: Option<Day>,
    /// Where it stands in the list.
    #[serde(skip)]
    pub position: i32,
}

impl Sample for ReferenceItem {
    fn sample() -> Self {
        Self {
            code: "engineering_and_technology".into(),
            parent: None,
            name_vi: Some("Khoa học kỹ thuật và công nghệ".into()),
            name_en: Some("Engineering and technology".into()),
            version: "24/2025/TT-BKHCN".into(),
            valid_from: None,
            valid_to: None,
            position: 2,
        }
    }
}

/// The place of an entry in its list's order: the position, ties broken by the code. Written as `12|code` in cursors.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The position the list gives it.
    pub position: i32,
    /// Its code.
    pub code: String,
}

impl From<&ReferenceItem> for Place {
    fn from(item: &ReferenceItem) -> Self {
        Self { position: item.position, code: item.code.clone() }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}|{}", self.position, self.code)
    }
}

impl std::str::FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (position, code) = text.split_once('|').ok_or(())?;
        Ok(Self { position: position.parse().map_err(|_| ())?, code: code.to_owned() })
    }
}
