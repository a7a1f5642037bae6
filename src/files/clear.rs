//! Taking files away: with what they hang on, their bytes after their row, and what was cut off while it was received.

use std::sync::Arc;
use uuid::Uuid;

use super::attachment::{Attachment, Disclosure};
use super::holder::{Holder, Shown};
use super::storage::Storage;
use super::store;
use super::view::AttachmentView;
use crate::db::{Conn, DbError, Failure};
use crate::events::{Change, Consumer, Delivery, Failed, Job, Pace, Tx};
use crate::kernel::id::AttachmentId;
use crate::kernel::problem::Problem;

/// What happens to a file that is taken away.
const REMOVED: &str = "attachment.removed";
/// Days after which a file that is still being received was cut off; longer than receiving one may ever take.
const CUT_OFF_AFTER: i64 = 1;
/// Files cleared away in one run.
const AT_A_TIME: i64 = 500;

/// Tells the holder which files it has now, if it tells of one like this.
///
/// # Errors
/// The database's failure.
pub(super) fn note<H: Holder>(conn: &mut Conn, id: H::Id, disclosure: Disclosure) -> Result<(), DbError> {
    if disclosure == Disclosure::Confidential {
        return Ok(());
    }
    let shown = store::list(conn, H::HOLDER, id.into(), &[Disclosure::Public, Disclosure::Registered])?;
    let shown: Shown = shown.into_iter().map(AttachmentView::from).collect();
    H::note(conn, id, &shown)
}

/// Takes a file away; its bytes follow.
///
/// # Errors
/// The database's failure.
pub(super) fn remove(tx: &mut Tx<'_>, file: &Attachment) -> Result<(), DbError> {
    store::delete(tx.conn, file.id)?;
    let change = Change::new(REMOVED, file.id.0, 2).of(file.organization_id);
    let change = change.field(&file.holder, file.holder_id, ()).field("sha256", &file.sha256, ());
    tx.record(&change)
}

/// Takes all files away with what they hang on, in its transaction.
///
/// # Errors
/// The database's failure.
pub fn remove_all<H: Holder>(tx: &mut Tx<'_>, id: H::Id) -> Result<(), DbError> {
    let id: Uuid = id.into();
    for file in store::list(tx.conn, H::HOLDER, id, Disclosure::ALL)? {
        remove(tx, &file)?;
    }
    Ok(())
}

/// Removes the bytes of files whose row is gone.
pub(super) struct Remover(pub Arc<Storage>);

impl Consumer for Remover {
    fn name(&self) -> &'static str {
        "files"
    }

    fn wants(&self, event: &str) -> bool {
        event == REMOVED
    }

    fn pace(&self) -> Pace {
        Pace { batch: 20, lease_seconds: 600 }
    }

    fn handle(&self, batch: &[Delivery]) -> Vec<Failed> {
        let remove = |delivery: &Delivery| {
            let outcome = self.0.remove(AttachmentId(delivery.object_id.0));
            outcome.err().map(|error| Failed { id: delivery.id, error: error.to_string() })
        };
        batch.iter().filter_map(remove).collect()
    }
}

/// The job that clears away what was cut off while it was received: by a client that went away, or by the end of a server.
pub(super) fn job(storage: Arc<Storage>) -> Job {
    Job::new("clear_cut_off_files", 3_600, move |run| {
        let before = run.now.plus_days(-CUT_OFF_AFTER);
        let files = run.read(|conn| Ok(store::begun_before(conn, before, AT_A_TIME)?))?;
        for file in &files {
            storage.remove(*file).map_err(|error| Failure::from(Problem::from(error)))?;
            let file = *file;
            run.write(move |tx| Ok(store::end(tx.conn, file)?))?;
        }
        Ok(files.len())
    })
}
