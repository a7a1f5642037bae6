//! The column `attachments` of the tables `listings` and `orders`: what an item tells of its files, beside the item.

use diesel::prelude::*;

use crate::db::schema::{listings, orders};
use crate::db::{Conn, DbError};
use crate::files::Shown;
use crate::kernel::id::{ListingId, OrderId};

/// Keeps which files a listing has.
pub fn note_listing(conn: &mut Conn, id: ListingId, shown: &Shown) -> Result<(), DbError> {
    diesel::update(listings::table.find(id)).set(listings::attachments.eq(shown)).execute(conn)?;
    Ok(())
}

/// Keeps which files an order has.
pub fn note_order(conn: &mut Conn, id: OrderId, shown: &Shown) -> Result<(), DbError> {
    diesel::update(orders::table.find(id)).set(orders::attachments.eq(shown)).execute(conn)?;
    Ok(())
}
