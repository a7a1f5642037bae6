//! Failed proofs of who somebody is: so many a minute for each account, counted in the database, so that all servers
//! count together and a restart forgets nothing (OWASP ASVS 5.0, 6.3.1). Registrations of an address, each of which brings it
//! a mail, are counted alike by the hour.
//!
//! What is kept for an account is when its whole allowance will be there again: each failure moves that on by one share
//! of the time, and it may lie that whole time ahead at the most (GCRA, as in ITU-T I.371).

mod store;

use std::sync::Arc;

pub use store::sweep;

use crate::app::App;
use crate::db::{Conn, Failure};
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::digest::sha256_hex;
use crate::kernel::problem::Problem;

const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;

/// Whether somebody may try to prove that an account is theirs; to be asked before the proof is looked at, so that a
/// guess beyond the allowance tells nothing even when it is right.
///
/// # Errors
/// `rate_limited` when too many have failed, or the database's failure.
pub fn admit(app: &App, conn: &mut Conn, address: &str) -> Result<(), Failure> {
    let allowance = app.config.limits.failed_logins;
    if allowance == 0 {
        return Ok(());
    }
    let full_at = store::full_at(conn, &sha256_hex(address.as_bytes()))?;
    after_failure(full_at, app.clock.now(), allowance, MINUTE).map(|_| ()).map_err(Failure::from)
}

/// Counts a proof that failed. Unknown accounts are counted alike, so that the answer does not tell which exist.
///
/// # Errors
/// `rate_limited` when too many have failed meanwhile, or the database's failure.
pub async fn count(app: &Arc<App>, address: &str) -> Result<(), Problem> {
    spend(app, sha256_hex(address.as_bytes()), MINUTE).await
}

/// Counts a registration of an address, whether or not it has an account.
///
/// # Errors
/// `rate_limited` after too many, or the database's failure.
pub async fn count_registration(app: &Arc<App>, address: &str) -> Result<(), Problem> {
    spend(app, sha256_hex(format!("registration of {address}").as_bytes()), HOUR).await
}

async fn spend(app: &Arc<App>, account: String, period: i64) -> Result<(), Problem> {
    let (allowance, now) = (app.config.limits.failed_logins, app.clock.now());
    if allowance == 0 {
        return Ok(());
    }
    let counted = app.database.write_async(move |conn| {
        let full_at = after_failure(store::full_at(conn, &account)?, now, allowance, period)?;
        Ok(store::set_full_at(conn, &account, full_at)?)
    });
    Ok(counted.await?)
}

/// When the allowance for a period is whole again after one more failure, or how long that failure has to wait.
fn after_failure(full_at: Option<At>, now: At, allowance: u32, period: i64) -> Result<At, Problem> {
    let next = full_at.map_or(now, |full_at| full_at.max(now)).micros() + period / i64::from(allowance.max(1));
    match u64::try_from(next - now.micros() - period) {
        Ok(early @ 1..) => Err(Problem::retry_later(Code::RateLimited, early.div_ceil(1_000_000))),
        Ok(0) | Err(_) => Ok(At::from_micros(next).unwrap_or(now)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_failures_a_minute_and_then_one_at_a_time() {
        let now = At::sample();
        let mut full_at = None;
        for _ in 0..3 {
            full_at = Some(after_failure(full_at, now, 3, MINUTE).unwrap());
        }
        assert_eq!(full_at, Some(now.plus_seconds(60)));
        assert_eq!(after_failure(full_at, now, 3, MINUTE).unwrap_err().retry_after(), Some("20"));
        assert!(after_failure(full_at, now.plus_seconds(19), 3, MINUTE).is_err());
        full_at = Some(after_failure(full_at, now.plus_seconds(20), 3, MINUTE).unwrap());
        assert!(after_failure(full_at, now.plus_seconds(20), 3, MINUTE).is_err());
        assert_eq!(after_failure(full_at, now.plus_seconds(900), 3, MINUTE).unwrap(), now.plus_seconds(920));
    }
}
