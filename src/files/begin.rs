//! Before a file is received, and once more when it has been: whether there is room for it.

use super::attachment::{Disclosure, MOST};
use super::holder::Holder;
use super::store;
use crate::db::{Conn, Failure};
use crate::events::Tx;
use crate::http::Reply;
use crate::kernel::access::Actor;
use crate::kernel::code::Code;
use crate::kernel::id::{AttachmentId, OrganizationId};
use crate::kernel::problem::Problem;

/// A file that is about to be received.
#[derive(Clone, Copy)]
pub(super) struct Expected {
    pub file: AttachmentId,
    pub disclosure: Disclosure,
    /// Its size in bytes, if that was announced.
    pub size: i64,
    /// What its organisation may keep, in bytes.
    pub quota: i64,
}

/// Checks that the actor may add the file and that there is room, and notes that it is about to be received.
///
/// # Errors
/// Those of [`Holder::keep`], `limit_reached`, `quota_reached`.
pub(super) fn begin<H: Holder>(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: H::Id,
    expected: Expected,
) -> Result<Reply, Failure> {
    room::<H>(tx.conn, actor, id, expected)?;
    store::begin(tx.conn, expected.file, tx.now)?;
    Ok(Reply::no_content())
}

/// Checks that the actor may add the file and that there is room, and tells in whose quota it counts. Transactions that do
/// so at the same time are kept apart by the database, so they do not overdraw it together.
///
/// # Errors
/// Those of [`Holder::keep`], `limit_reached`, `quota_reached`.
pub(super) fn room<H: Holder>(
    conn: &mut Conn,
    actor: &Actor,
    id: H::Id,
    expected: Expected,
) -> Result<OrganizationId, Failure> {
    let Expected { disclosure, size, quota, .. } = expected;
    let organization = H::keep(conn, actor, id, disclosure)?;
    if usize::try_from(store::count(conn, H::HOLDER, id.into())?).is_ok_and(|count| count >= MOST) {
        return Err(Problem::new(Code::LimitReached).with("max", MOST).into());
    }
    let used = store::used(conn, organization)?;
    if used.saturating_add(size) > quota {
        return Err(Problem::new(Code::QuotaReached).with("used", used).with("max", quota).into());
    }
    Ok(organization)
}
