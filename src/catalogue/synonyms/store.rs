//! The table `synonyms`.

use diesel::prelude::*;

use super::synonym::Synonym;
use crate::db::schema::synonyms;
use crate::db::{Conn, DbError};
use crate::kernel::id::SynonymId;
use crate::kernel::list::List;
use crate::kernel::text::Line;

/// The words of all groups; for the search indexes.
///
/// # Errors
/// The database's failure.
pub fn all(conn: &mut Conn) -> Result<Vec<Vec<String>>, DbError> {
    let groups: Vec<List<Line<1, 60>, 20>> = synonyms::table.order(synonyms::id).select(synonyms::words).load(conn)?;
    Ok(groups.into_iter().map(|words| words.iter().map(|word| word.as_str().to_owned()).collect()).collect())
}

/// A page, the oldest first, and one more if there is more.
pub(super) fn list(conn: &mut Conn, after: Option<SynonymId>, limit: i64) -> Result<Vec<Synonym>, DbError> {
    let mut rows = synonyms::table.order(synonyms::id).limit(limit).select(Synonym::as_select()).into_boxed();
    if let Some(after) = after {
        rows = rows.filter(synonyms::id.gt(after));
    }
    Ok(rows.load(conn)?)
}

pub(super) fn find(conn: &mut Conn, id: SynonymId) -> Result<Option<Synonym>, DbError> {
    Ok(synonyms::table.find(id).select(Synonym::as_select()).first(conn).optional()?)
}

/// How many groups there are.
pub(super) fn count(conn: &mut Conn) -> Result<i64, DbError> {
    Ok(synonyms::table.count().get_result(conn)?)
}

pub(super) fn insert(conn: &mut Conn, row: &Synonym) -> Result<(), DbError> {
    diesel::insert_into(synonyms::table).values(row).execute(conn)?;
    Ok(())
}

/// Writes `next` over the row at the version before; `false` when the row has changed in the meantime.
pub(super) fn save(conn: &mut Conn, next: &Synonym) -> Result<bool, DbError> {
    let row = synonyms::table.find(next.id).filter(synonyms::version.eq(next.version - 1));
    let written = diesel::update(row)
        .set((&next.content, synonyms::version.eq(next.version), synonyms::updated_at.eq(next.updated_at)))
        .execute(conn)?;
    Ok(written == 1)
}

pub(super) fn delete(conn: &mut Conn, id: SynonymId) -> Result<(), DbError> {
    diesel::delete(synonyms::table.find(id)).execute(conn)?;
    Ok(())
}
