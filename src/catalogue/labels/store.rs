//! The table `labels`.

use diesel::prelude::*;
use uuid::Uuid;

use super::Facet;
use crate::db::schema::labels;
use crate::db::{Conn, DbError, each};
use crate::kernel::id::ObjectId;

#[derive(Insertable)]
#[diesel(table_name = labels)]
struct Label<'a> {
    item_id: ObjectId,
    facet: Facet,
    value: &'a str,
}

/// Sets the labels of an item.
pub fn replace(conn: &mut Conn, item: Uuid, values: &[(Facet, String)]) -> Result<(), DbError> {
    diesel::delete(labels::table.filter(labels::item_id.eq(ObjectId(item)))).execute(conn)?;
    add(conn, item, values)
}

/// Sets the labels of an item that has none.
pub fn add(conn: &mut Conn, item: Uuid, values: &[(Facet, String)]) -> Result<(), DbError> {
    let rows: Vec<_> =
        values.iter().map(|(facet, value)| Label { item_id: ObjectId(item), facet: *facet, value }).collect();
    if !rows.is_empty() {
        each!(conn, conn => diesel::insert_into(labels::table).values(&rows).execute(conn))?;
    }
    Ok(())
}

/// The items that have any of these values.
#[diesel::dsl::auto_type]
pub fn labelled(facet: Facet, values: Vec<String>) -> _ {
    labels::table.filter(labels::facet.eq(facet)).filter(labels::value.eq_any(values)).select(labels::item_id)
}
