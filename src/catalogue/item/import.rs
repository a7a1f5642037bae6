//! Taking items over from elsewhere, idempotent by where they come from.

use uuid::Uuid;

use super::model::{Content, Happening, Item};
use super::step;
use crate::catalogue::lifecycle::{State, Status};
use crate::catalogue::reference;
use crate::db::Failure;
use crate::events::Tx;
use crate::kernel::clock::At;
use crate::kernel::id::OrganizationId;

/// Where an imported item comes from.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Origin {
    /// The collection it is from.
    pub source: String,
    /// Its identifier there.
    pub external_id: String,
}

/// What an import brings.
#[derive(Clone, Debug)]
pub struct Incoming<C> {
    /// Where it comes from.
    pub origin: Origin,
    /// Whose it becomes.
    pub organization: OrganizationId,
    /// What it says.
    pub content: C,
    /// Where in its life it begins.
    pub status: Status,
    /// When it was published or submitted, if it was.
    pub since: At,
}

/// What became of an imported item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Imported {
    /// It was not there.
    Created,
    /// It was there and said something else.
    Changed,
    /// It was there and said the same.
    Unchanged,
}

/// Takes an item over: creates it, or changes the content of the one with the same origin. An operator's act, so neither
/// completeness nor verification is asked for.
///
/// # Errors
/// `validation_failed` for an unknown field of research, or the database's failure.
pub fn import<I: Item>(tx: &mut Tx<'_>, incoming: &Incoming<I::Content>) -> Result<Imported, Failure> {
    reference::check(tx, &incoming.content.references())?;
    let Some(mut item) = I::find_by_origin(tx.conn, &incoming.origin)? else {
        return create::<I>(tx, incoming).map(|()| Imported::Created);
    };
    if *item.content() == incoming.content {
        return Ok(Imported::Unchanged);
    }
    let before = item.replace_content(incoming.content.clone());
    let state = item.state();
    item.set_state(State { version: state.version + 1, updated_at: tx.now, ..state });
    item.save(tx.conn)?;
    step::say(tx, &item, Happening::Imported, Some((&before, state)))?;
    Ok(Imported::Changed)
}

fn create<I: Item>(tx: &mut Tx<'_>, incoming: &Incoming<I::Content>) -> Result<(), Failure> {
    let id: Uuid = tx.id();
    let mut item = I::draft(id.into(), incoming.organization, incoming.content.clone(), tx.now);
    let submitted_at = (incoming.status != Status::Draft).then_some(incoming.since);
    let published_at = (incoming.status == Status::Published).then_some(incoming.since);
    item.set_state(State { status: incoming.status, submitted_at, published_at, ..item.state() });
    item.insert(tx.conn, Some(&incoming.origin))?;
    step::say(tx, &item, Happening::Imported, None)
}
