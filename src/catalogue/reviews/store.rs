//! The table `reviews`.

use diesel::prelude::*;
use uuid::Uuid;

use super::review::{Decision, Review, ReviewReasons};
use crate::catalogue::item::Subject;
use crate::db::schema::reviews;
use crate::db::{Conn, DbError};
use crate::events::Tx;
use crate::kernel::id::{ObjectId, ReviewId, UserId};

/// Keeps a decision.
pub fn record(
    tx: &mut Tx<'_>,
    kind: Subject,
    subject: Uuid,
    decision: Decision,
    reasons: &ReviewReasons,
    officer: UserId,
) -> Result<(), DbError> {
    let id: ReviewId = tx.id();
    diesel::insert_into(reviews::table)
        .values((
            reviews::id.eq(id),
            reviews::subject_kind.eq(kind),
            reviews::subject_id.eq(ObjectId(subject)),
            reviews::decision.eq(decision),
            reviews::reasons.eq(&reasons.reasons),
            reviews::officer_id.eq(officer),
            reviews::created_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// The latest decisions on an item, newest first; the caller has checked that the reader may see them.
pub fn of_subject(conn: &mut Conn, subject: Uuid) -> Result<Vec<Review>, DbError> {
    Ok(reviews::table
        .filter(reviews::subject_id.eq(ObjectId(subject)))
        .order((reviews::created_at.desc(), reviews::id.desc()))
        .limit(100)
        .select(Review::as_select())
        .load(conn)?)
}
