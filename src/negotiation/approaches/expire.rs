//! What happens to approaches as time passes: their receivers are reminded, and what nobody answered ends in silence.

use super::approach::Approach;
use super::life::ApproachStep;
use super::step::advance;
use super::store;
use crate::config::Negotiation;
use crate::db::Failure;
use crate::events::{Job, Tx};

/// Approaches dealt with in one transaction; the same number twice, as the two sides of it count.
const CHUNK: usize = 100;
const LIMIT: i64 = 100;

/// The job, done hourly.
pub fn job(rules: Negotiation) -> Job {
    Job::new("approaches_expiry", 3_600, move |run| {
        let reminded = run.write_in_chunks(CHUNK, move |tx| remind(tx, rules))?;
        let expired = run.write_in_chunks(CHUNK, expire)?;
        Ok(reminded + expired)
    })
}

fn remind(tx: &mut Tx<'_>, rules: Negotiation) -> Result<usize, Failure> {
    let due = store::running_out(tx.conn, tx.now.plus_days(rules.reminder_days.into()), false, LIMIT)?;
    for before in &due {
        let after = before.reminded(rules, tx.now)?;
        advance(tx, before, &after, ApproachStep::Remind)?;
    }
    Ok(due.len())
}

fn expire(tx: &mut Tx<'_>) -> Result<usize, Failure> {
    let due = store::running_out(tx.conn, tx.now, true, LIMIT)?;
    for before in &due {
        let after: Approach = before.after(ApproachStep::Expire, None, None, tx.now)?;
        advance(tx, before, &after, ApproachStep::Expire)?;
    }
    Ok(due.len())
}
