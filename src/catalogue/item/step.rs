//! Taking a step: who may, from where, what it needs, what it writes.

use super::model::{Content, Found, Happening, Item};
use crate::accounts::{OrganizationBrief, Verification};
use crate::catalogue::lifecycle::{By, State, Status, Step, Term, listed};
use crate::catalogue::revisions;
use crate::db::{Conn, Failure};
use crate::events::{Change, Tx};
use crate::http::Reply;
use crate::kernel::access::{Actor, Reader};
use crate::kernel::code::Code;
use crate::kernel::problem::Problem;
use crate::kernel::validate::{FieldCode, FieldError};

/// The item as the actor sees it, if the actor may take the step and the item is at `version`.
///
/// # Errors
/// `not_found`, `role_too_low`, `officer_required`, `stale_version`, the kind's wrong-state code.
pub(super) fn find_at<I: Item>(
    conn: &mut Conn,
    actor: &Actor,
    id: I::Id,
    version: i64,
    step: Step,
) -> Result<Found<I>, Failure> {
    let found = I::find_for(conn, &Reader::from(actor), id)?.ok_or(Code::NotFound)?;
    permit(actor, &found, step)?;
    let state = found.item.state();
    if state.version != version {
        return Err(Code::StaleVersion.into());
    }
    step.lead(state.status).map_err(|allowed| wrong_state::<I>(state, allowed))?;
    Ok(found)
}

/// Takes a step on an item the actor sees at `version`.
///
/// # Errors
/// As [`find_at`]; for a submission also `organization_not_verified` and `incomplete`.
pub(super) fn take<I: Item>(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: I::Id,
    version: i64,
    step: Step,
    term: Term,
) -> Result<Found<I>, Failure> {
    let mut found: Found<I> = find_at(tx.conn, actor, id, version, step)?;
    if step == Step::Submit {
        ready_to_submit(&found)?;
    }
    advance(tx, &mut found.item, step, term)?;
    Ok(found)
}

/// Takes a step that the caller has found to be allowed, and writes down that it was taken.
///
/// # Errors
/// The kind's wrong-state code, `stale_version`.
pub(super) fn advance<I: Item>(tx: &mut Tx<'_>, item: &mut I, step: Step, term: Term) -> Result<(), Failure> {
    let before = item.state();
    let after = before.after(step, tx.now, term).map_err(|allowed| wrong_state::<I>(before, allowed))?;
    item.set_state(after);
    if !item.save(tx.conn)? {
        return Err(Code::StaleVersion.into());
    }
    let event = I::event(Happening::Step(step));
    let change = Change::new(event, item.id().into(), after.version).of(item.organization_id());
    Ok(tx.record(&change.between(Some(&before), &after))?)
}

/// Writes down that an item says something else than before, when it was in that state: in the audit log, and as a revision.
///
/// # Errors
/// The database's failure.
pub(super) fn say<I: Item>(
    tx: &mut Tx<'_>,
    item: &I,
    happening: Happening,
    before: Option<(&I::Content, State)>,
) -> Result<(), Failure> {
    let (id, version) = (item.id().into(), item.state().version);
    let change = Change::new(I::event(happening), id, version).of(item.organization_id());
    if let Some((content, state)) = before {
        revisions::begin(tx, id, content, state)?;
    }
    let before = before.map(|(content, _)| content);
    let kept = before.into_iter().chain([item.content()]).flat_map(Content::registered_only).collect::<Vec<_>>();
    let change = change.between(before, item.content()).without_values(&kept);
    revisions::keep(tx, id, version, item.content(), change.fields())?;
    Ok(tx.record(&change)?)
}

/// What is told of a step that cannot be taken from where the item is.
pub fn wrong_state<I: Item>(state: State, allowed: &[Status]) -> Problem {
    Problem::new(I::WRONG_STATE).with("status", state.status).with("allowed", listed(allowed))
}

/// Checks that the actor, who sees the item, may take the step.
fn permit<I: Item>(actor: &Actor, found: &Found<I>, step: Step) -> Result<(), Problem> {
    match step.by() {
        By::Officer if actor.is_officer() && actor.has_interest_in(found.item.organization_id()) => {
            Err(Code::ConflictOfInterest.into())
        }
        By::Officer if actor.is_officer() => Ok(()),
        By::Officer => Err(Code::OfficerRequired.into()),
        By::Owner(role) if actor.role_in(found.item.organization_id()) >= Some(role) => Ok(()),
        By::Owner(role) => Err(Problem::new(Code::RoleTooLow).with("role", role)),
        By::Time => Err(Code::NotFound.into()),
    }
}

fn ready_to_submit<I: Item>(found: &Found<I>) -> Result<(), Problem> {
    let organization: Option<OrganizationBrief> = found.organization.clone().into();
    if organization.as_ref().is_some_and(|organization| organization.deactivated_at.is_some()) {
        return Err(Code::OrganizationDeactivated.into());
    }
    if organization.is_none_or(|organization| organization.verification != Verification::Verified) {
        return Err(Code::OrganizationNotVerified.into());
    }
    let missing = found.item.content().missing();
    if missing.is_empty() {
        return Ok(());
    }
    let errors = missing.into_iter().map(|pointer| FieldError::new(pointer, FieldCode::Required)).collect();
    Err(Problem { errors, ..Problem::new(Code::Incomplete) })
}

pub fn answer<I: Item>(tx: &Tx<'_>, found: Found<I>) -> Result<Reply, Failure> {
    let version = found.item.state().version;
    Ok(Reply::ok(&I::view(found, tx.now))?.version(version))
}
