//! Idempotency keys: a repeated POST gets the stored answer of the first. Claim, work and answer commit together, so
//! there is never a claim without an answer.

use diesel::prelude::*;

use super::reply::Reply;
use crate::db::schema::idempotency_keys;
use crate::db::types::Json;
use crate::db::{Both, Conn, DbError, Failure};
use crate::events::{Job, Tx};
use crate::kernel::clock::At;
use crate::kernel::code::Code;

/// How long answers are kept.
const KEPT_SECONDS: i64 = 86_400;

/// A key with what it stands for.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    /// The client's key.
    pub key: String,
    /// Digest of the operation, the path and the body.
    pub fingerprint: String,
}

/// Takes the key for this request; the stored answer if the request was carried out before.
pub(super) fn claim(tx: &mut Tx<'_>, scope: &str, claim: &Claim) -> Result<Option<Reply>, Failure> {
    let taken = Both(
        diesel::insert_into(idempotency_keys::table)
            .values((
                idempotency_keys::scope.eq(scope),
                idempotency_keys::key.eq(&claim.key),
                idempotency_keys::fingerprint.eq(&claim.fingerprint),
                idempotency_keys::created_at.eq(tx.now),
                idempotency_keys::expires_at.eq(tx.now.plus_seconds(KEPT_SECONDS)),
            ))
            .on_conflict((idempotency_keys::scope, idempotency_keys::key))
            .do_nothing(),
    )
    .execute(tx.conn);
    match taken.map_err(DbError::from) {
        Ok(1..) => return Ok(None),
        Ok(_) => {}
        Err(DbError::Conflict(reason)) if reason.contains("lock timeout") => {
            return Err(Code::IdempotencyKeyInUse.into());
        }
        Err(error) => return Err(error.into()),
    }
    let row: Option<(String, Option<Json<Reply>>, At)> = idempotency_keys::table
        .find((scope, &claim.key))
        .select((idempotency_keys::fingerprint, idempotency_keys::answer, idempotency_keys::expires_at))
        .first(tx.conn)
        .optional()?;
    match row {
        Some((.., expires_at)) if expires_at <= tx.now => {
            diesel::delete(idempotency_keys::table.find((scope, &claim.key))).execute(tx.conn)?;
            self::claim(tx, scope, claim)
        }
        Some((fingerprint, ..)) if fingerprint != claim.fingerprint => Err(Code::IdempotencyKeyReused.into()),
        Some((_, Some(answer), _)) => Ok(Some(answer.0)),
        // Another transaction holds the key and has not committed yet.
        Some((_, None, _)) | None => Err(Code::IdempotencyKeyInUse.into()),
    }
}

/// Keeps the answer under the key.
pub(super) fn store(tx: &mut Tx<'_>, scope: &str, claim: &Claim, reply: &Reply) -> Result<(), DbError> {
    diesel::update(idempotency_keys::table.find((scope, &claim.key)))
        .set(idempotency_keys::answer.eq(Some(Json(reply.clone()))))
        .execute(tx.conn)?;
    Ok(())
}

/// Periodic work: removes expired keys.
#[must_use]
pub fn jobs() -> Vec<Job> {
    vec![Job::new("clear_idempotency_keys", 600, |run| run.write(|tx| Ok(sweep(tx.conn, tx.now)?)))]
}

/// Removes expired keys and tells how many.
fn sweep(conn: &mut Conn, now: At) -> Result<usize, DbError> {
    Ok(diesel::delete(idempotency_keys::table.filter(idempotency_keys::expires_at.le(now))).execute(conn)?)
}
