//! The tables `attachments` and `incoming_files`. Whoever reads has asked the holder before which files may be told of.

use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use uuid::Uuid;

use super::attachment::{Attachment, Disclosure};
use crate::db::schema::{attachments, incoming_files};
use crate::db::{Conn, DbError};
use crate::kernel::clock::At;
use crate::kernel::id::{AttachmentId, ObjectId, OrganizationId};

/// Notes that a file is about to be received.
pub fn begin(conn: &mut Conn, id: AttachmentId, now: At) -> Result<(), DbError> {
    let row = (incoming_files::id.eq(id), incoming_files::begun_at.eq(now));
    diesel::insert_into(incoming_files::table).values(row).execute(conn)?;
    Ok(())
}

/// Strikes that note out; `false` if it is gone already.
pub fn end(conn: &mut Conn, id: AttachmentId) -> Result<bool, DbError> {
    Ok(diesel::delete(incoming_files::table.find(id)).execute(conn)? == 1)
}

/// Files whose receiving began before an instant and has not ended.
pub fn begun_before(conn: &mut Conn, before: At, limit: i64) -> Result<Vec<AttachmentId>, DbError> {
    Ok(incoming_files::table
        .filter(incoming_files::begun_at.lt(before))
        .order(incoming_files::begun_at)
        .limit(limit)
        .select(incoming_files::id)
        .load(conn)?)
}

/// Keeps a new file.
pub fn insert(conn: &mut Conn, file: &Attachment) -> Result<(), DbError> {
    diesel::insert_into(attachments::table).values(file).execute(conn)?;
    Ok(())
}

/// How many bytes count in an organisation's quota.
pub fn used(conn: &mut Conn, organization: OrganizationId) -> Result<i64, DbError> {
    Ok(attachments::table
        .filter(attachments::organization_id.eq(organization))
        .select(sql::<BigInt>("CAST(COALESCE(SUM(size), 0) AS BIGINT)"))
        .first(conn)?)
}

/// How many files something has.
pub fn count(conn: &mut Conn, holder: &str, id: Uuid) -> Result<i64, DbError> {
    let files = attachments::table.filter(attachments::holder.eq(holder));
    Ok(files.filter(attachments::holder_id.eq(ObjectId(id))).select(count_star()).first(conn)?)
}

/// The files of something, as far as the reader is told of them, the oldest first.
///
/// # Errors
/// The database's failure.
pub fn list(conn: &mut Conn, holder: &str, id: Uuid, told: &[Disclosure]) -> Result<Vec<Attachment>, DbError> {
    Ok(attachments::table
        .filter(attachments::holder.eq(holder))
        .filter(attachments::holder_id.eq(ObjectId(id)))
        .filter(attachments::disclosure.eq_any(told))
        .order(attachments::id)
        .select(Attachment::as_select())
        .load(conn)?)
}

/// One file of something.
pub fn find_of(conn: &mut Conn, holder: &str, id: Uuid, file: AttachmentId) -> Result<Option<Attachment>, DbError> {
    Ok(attachments::table
        .filter(attachments::id.eq(file))
        .filter(attachments::holder.eq(holder))
        .filter(attachments::holder_id.eq(ObjectId(id)))
        .select(Attachment::as_select())
        .first(conn)
        .optional()?)
}

/// One file, whatever it hangs on.
pub fn find(conn: &mut Conn, file: AttachmentId) -> Result<Option<Attachment>, DbError> {
    Ok(attachments::table.find(file).select(Attachment::as_select()).first(conn).optional()?)
}

/// Forgets a file.
pub fn delete(conn: &mut Conn, file: AttachmentId) -> Result<(), DbError> {
    diesel::delete(attachments::table.find(file)).execute(conn)?;
    Ok(())
}
