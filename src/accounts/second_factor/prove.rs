//! Proving the second factor, wherever that is asked for: a code is looked at in the transaction that uses it up.

use super::super::seal::Seal;
use super::super::users::User;
use super::code::FactorCode;
use super::factor::{Factor, totp, wait_after};
use super::store;
use crate::db::{DbError, Failure};
use crate::events::{Change, Tx};
use crate::kernel::code::Code;
use crate::kernel::problem::Problem;

/// What came of asking for the second factor. A refusal has to be committed, because it counts.
pub(in crate::accounts) type Demanded<T> = Result<Result<T, Problem>, Failure>;

/// Demands the second factor where the account has one: whether it was proved with `code`, or why not.
pub(in crate::accounts) fn demand(
    tx: &mut Tx<'_>,
    seal: &Seal,
    user: &User,
    code: Option<&FactorCode>,
) -> Demanded<bool> {
    let Some(factor) = store::find(tx.conn, user.id)?.filter(|factor| factor.confirmed_at.is_some()) else {
        return Ok(Ok(false));
    };
    match code {
        None => Ok(Err(Code::SecondFactorRequired.into())),
        Some(code) => Ok(prove(tx, seal, user, &factor, code)?.map(|()| true)),
    }
}

/// Checks a code against a factor and uses it up.
pub(super) fn prove(tx: &mut Tx<'_>, seal: &Seal, user: &User, factor: &Factor, code: &FactorCode) -> Demanded<()> {
    let now = tx.now;
    let Some(digits) = code.digits() else { return recover(tx, user, code) };
    if let Some(until) = factor.wait_until.filter(|until| *until > now) {
        let seconds = u64::try_from(until.seconds() - now.seconds()).unwrap_or_default();
        return Ok(Err(Problem::retry_later(Code::RateLimited, seconds + 1)));
    }
    let Some(opened) = seal.open(user.id, &factor.secret) else { return Ok(Err(Code::InvalidSecondFactor.into())) };
    let Some(step) = factor.accepts(&totp(&opened.plain, &user.email)?, digits, now) else {
        return refuse(tx, user, factor);
    };
    let secret = if opened.outdated { seal.seal(user.id, &opened.plain)? } else { factor.secret.clone() };
    if !store::use_step(tx.conn, factor, step, &secret, now)? {
        return Err(DbError::Conflict("the second factor was used at the same time".into()).into());
    }
    Ok(Ok(()))
}

/// Takes a recovery code. Nobody guesses 120 bits, so wrong ones need not be counted, and right ones never have to wait.
fn recover(tx: &mut Tx<'_>, user: &User, code: &FactorCode) -> Demanded<()> {
    if !store::spend_recovery(tx.conn, user.id, code)? {
        return Ok(Err(Code::InvalidSecondFactor.into()));
    }
    let left = store::recovery_left(tx.conn, user.id)?;
    tx.record(&Change::new("user.recovery_code_used", user.id.0, user.version).field("left", left + 1, left))?;
    Ok(Ok(()))
}

fn refuse(tx: &mut Tx<'_>, user: &User, factor: &Factor) -> Demanded<()> {
    let failures = factor.failures.saturating_add(1);
    let wait_until = wait_after(failures).map(|seconds| tx.now.plus_seconds(seconds));
    store::fail(tx.conn, user.id, failures, wait_until)?;
    let change = Change::new("user.second_factor_refused", user.id.0, user.version);
    tx.record(&change.field("failures", factor.failures, failures))?;
    Ok(Err(Code::InvalidSecondFactor.into()))
}
