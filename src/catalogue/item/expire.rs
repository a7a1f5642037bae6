//! What happens to published items as time passes: they are given a term, their organisations are warned before it ends,
//! and what nobody confirmed is archived.

use super::model::Item;
use super::step::advance;
use crate::catalogue::lifecycle::{Step, Term};
use crate::db::{Conn, DbError, Failure};
use crate::events::{Job, Tx};
use crate::kernel::access::Reader;
use crate::kernel::clock::At;
use crate::kernel::id::OrganizationId;

/// Items dealt with in one transaction.
const CHUNK: usize = 100;
/// Items given a term in one transaction; that is one statement.
const TERMS: usize = 2_000;

/// The job of one kind of item, done hourly.
pub fn job<I: Item>(term: Term) -> Job {
    Job::new(I::NAMES.expiry, 3_600, move |run| {
        let begun = run.write_in_chunks(TERMS, move |tx| begin_terms::<I>(tx, term))?;
        let warned = run.write_in_chunks(CHUNK, move |tx| warn::<I>(tx, term))?;
        let archived = run.write_in_chunks(CHUNK, move |tx| archive::<I>(tx, term))?;
        Ok(begun + warned + archived)
    })
}

fn limit(chunk: usize) -> i64 {
    i64::try_from(chunk).unwrap_or(i64::MAX)
}

/// What was imported runs out a term after this job first saw it, however old it is.
fn begin_terms<I: Item>(tx: &mut Tx<'_>, term: Term) -> Result<usize, Failure> {
    Ok(I::begin_terms(tx.conn, tx.now.plus_days(term.valid_days), limit(TERMS))?)
}

fn warn<I: Item>(tx: &mut Tx<'_>, term: Term) -> Result<usize, Failure> {
    let mut items = I::running_out(tx.conn, tx.now.plus_days(term.warning_days), false, limit(CHUNK))?;
    items.iter_mut().try_for_each(|item| advance(tx, item, Step::Warn, term))?;
    Ok(items.len())
}

fn archive<I: Item>(tx: &mut Tx<'_>, term: Term) -> Result<usize, Failure> {
    let mut items = I::running_out(tx.conn, tx.now, true, limit(CHUNK))?;
    items.iter_mut().try_for_each(|item| advance(tx, item, Step::Archive, term))?;
    Ok(items.len())
}

/// Something that runs out soon.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expiring {
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// What it is, in one line.
    pub title: String,
    /// When it runs out.
    pub expires_at: At,
    /// Where it is confirmed, below the server's address.
    pub confirmation: String,
}

/// The item, if its organisation was warned and nobody has confirmed it since.
pub fn expiring<I: Item>(conn: &mut Conn, id: I::Id) -> Result<Option<Expiring>, DbError> {
    let Some(found) = I::find_for(conn, &Reader::default(), id)? else { return Ok(None) };
    let state = found.item.state();
    Ok(state.warned_at.and(state.expires_at).map(|expires_at| Expiring {
        organization_id: found.item.organization_id(),
        title: found.item.title().to_owned(),
        expires_at,
        confirmation: I::NAMES.confirmation.0.replace("{id}", &id.into().to_string()),
    }))
}
