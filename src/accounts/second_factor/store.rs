//! SQL of the tables `second_factors` and `recovery_codes`.

use diesel::prelude::*;

use super::code::FactorCode;
use super::factor::Factor;
use crate::db::schema::{recovery_codes, second_factors};
use crate::db::{Conn, DbError};
use crate::kernel::clock::At;
use crate::kernel::id::UserId;

/// A person's factor, prepared or on.
pub(super) fn find(conn: &mut Conn, user: UserId) -> Result<Option<Factor>, DbError> {
    Ok(second_factors::table.find(user).select(Factor::as_select()).first(conn).optional()?)
}

/// Whether signing in to an account takes a code.
pub(in crate::accounts) fn is_on(conn: &mut Conn, user: UserId) -> Result<bool, DbError> {
    Ok(find(conn, user)?.is_some_and(|factor| factor.confirmed_at.is_some()))
}

/// Stores a prepared factor in the place of one that was never confirmed.
pub(super) fn prepare(conn: &mut Conn, factor: &Factor) -> Result<(), DbError> {
    let unconfirmed = second_factors::table.find(factor.user_id).filter(second_factors::confirmed_at.is_null());
    diesel::delete(unconfirmed).execute(conn)?;
    diesel::insert_into(second_factors::table).values(factor).execute(conn)?;
    Ok(())
}

/// Writes down the step whose code was used, with the secret as it is to be kept; `false` when the row has changed since
/// `factor` was read.
pub(super) fn use_step(conn: &mut Conn, factor: &Factor, step: i64, secret: &str, now: At) -> Result<bool, DbError> {
    let row = second_factors::table
        .find(factor.user_id)
        .filter(second_factors::secret.eq(&factor.secret))
        .filter(second_factors::last_step.eq(factor.last_step));
    let written = diesel::update(row)
        .set((
            second_factors::last_step.eq(step),
            second_factors::secret.eq(secret),
            second_factors::confirmed_at.eq(factor.confirmed_at.unwrap_or(now)),
            second_factors::failures.eq(0),
            second_factors::wait_until.eq(None::<At>),
        ))
        .execute(conn)?;
    Ok(written == 1)
}

/// Counts a wrong code.
pub(super) fn fail(conn: &mut Conn, user: UserId, failures: i32, wait_until: Option<At>) -> Result<(), DbError> {
    diesel::update(second_factors::table.find(user))
        .set((second_factors::failures.eq(failures), second_factors::wait_until.eq(wait_until)))
        .execute(conn)?;
    Ok(())
}

/// Removes the factor with its recovery codes.
pub(in crate::accounts) fn remove(conn: &mut Conn, user: UserId) -> Result<(), DbError> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user))).execute(conn)?;
    diesel::delete(second_factors::table.find(user)).execute(conn)?;
    Ok(())
}

/// Stores new recovery codes in the place of all there were.
pub(super) fn replace_recovery(conn: &mut Conn, user: UserId, codes: &[FactorCode], now: At) -> Result<(), DbError> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user))).execute(conn)?;
    // One statement each: a set is made once in a while, and has ten.
    for code in codes {
        diesel::insert_into(recovery_codes::table)
            .values((
                recovery_codes::code_hash.eq(code.hash()),
                recovery_codes::user_id.eq(user),
                recovery_codes::created_at.eq(now),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Uses a recovery code up; `false` if the person has no such code.
pub(super) fn spend_recovery(conn: &mut Conn, user: UserId, code: &FactorCode) -> Result<bool, DbError> {
    let row = recovery_codes::table.find(code.hash()).filter(recovery_codes::user_id.eq(user));
    Ok(diesel::delete(row).execute(conn)? == 1)
}

/// How many recovery codes a person has left.
pub(super) fn recovery_left(conn: &mut Conn, user: UserId) -> Result<i64, DbError> {
    Ok(recovery_codes::table.filter(recovery_codes::user_id.eq(user)).count().get_result(conn)?)
}
