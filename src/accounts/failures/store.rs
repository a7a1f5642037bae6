//! The table `failed_logins`.

use diesel::prelude::*;

use crate::db::schema::failed_logins;
use crate::db::{Both, Conn, DbError};
use crate::kernel::clock::At;

/// When the whole allowance of an account will be there again; none if it is now.
pub fn full_at(conn: &mut Conn, account: &str) -> Result<Option<At>, DbError> {
    Ok(failed_logins::table.find(account).select(failed_logins::full_at).first(conn).optional()?)
}

/// Keeps when the whole allowance of an account will be there again.
pub fn set_full_at(conn: &mut Conn, account: &str, full_at: At) -> Result<(), DbError> {
    let row = (failed_logins::account.eq(account), failed_logins::full_at.eq(full_at));
    let kept = diesel::insert_into(failed_logins::table).values(row).on_conflict(failed_logins::account);
    Both(kept.do_update().set(failed_logins::full_at.eq(full_at))).execute(conn)?;
    Ok(())
}

/// Removes the accounts whose whole allowance is there again, and tells how many.
pub fn sweep(conn: &mut Conn, now: At) -> Result<usize, DbError> {
    Ok(diesel::delete(failed_logins::table.filter(failed_logins::full_at.le(now))).execute(conn)?)
}
