//! The table `confidential_parts`. Whoever reads has shown a ground before; see `access`.

use diesel::prelude::*;

use super::part::ConfidentialPart;
use crate::db::schema::confidential_parts;
use crate::db::{Both, Conn, DbError};
use crate::kernel::id::ListingId;

/// The confidential part of a listing, if anything was ever written.
pub fn find(conn: &mut Conn, id: ListingId) -> Result<Option<ConfidentialPart>, DbError> {
    Ok(confidential_parts::table.find(id).select(ConfidentialPart::as_select()).first(conn).optional()?)
}

/// Writes the part over the one at the version before, or as the first; `false` if somebody else did so in the meantime.
pub fn save(conn: &mut Conn, part: &ConfidentialPart) -> Result<bool, DbError> {
    let values = (
        confidential_parts::sections.eq(&part.sections),
        confidential_parts::version.eq(part.version),
        confidential_parts::updated_at.eq(part.updated_at),
    );
    let written = if part.version == 1 {
        let row = (confidential_parts::listing_id.eq(part.listing_id), values);
        let insert = diesel::insert_into(confidential_parts::table).values(row);
        Both(insert.on_conflict(confidential_parts::listing_id).do_nothing()).execute(conn)?
    } else {
        let row = confidential_parts::table
            .filter(confidential_parts::listing_id.eq(part.listing_id))
            .filter(confidential_parts::version.eq(part.version - 1));
        diesel::update(row).set(values).execute(conn)?
    };
    Ok(written == 1)
}
