//! The table `reference_items`.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::schema::reference_items;
use crate::db::{Conn, DbError};
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
    /// Its Vietnamese name.
    pub name_vi: String,
    /// Its English name.
    pub name_en: String,
    /// The first day it is valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub valid_from: Option<Day>,
    /// The last day it is valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub valid_to: Option<Day>,
}

/// Whether a list has a code.
pub fn exists(conn: &mut Conn, list: &str, code: &str) -> Result<bool, DbError> {
    let found: Option<i32> =
        reference_items::table.find((list, code)).select(reference_items::position).first(conn).optional()?;
    Ok(found.is_some())
}

/// A list in its order.
pub fn list(conn: &mut Conn, list: &str) -> Result<Vec<ReferenceItem>, DbError> {
    Ok(reference_items::table
        .filter(reference_items::list.eq(list))
        .order((reference_items::position, reference_items::code))
        .select(ReferenceItem::as_select())
        .load(conn)?)
}
