//! Files that hang on something: sent, kept, listed, and handed out by links that can be used for minutes. What they hang on
//! is a [`Holder`] of another slice, which says who may add files to it and who may have them.
//!
//! Owns the tables `attachments` and `incoming_files`, and the bytes in the [`Storage`]. A row of the first is written when
//! the bytes are durable; until then a row of the second says that they may be there, so that what was cut off is cleared
//! away. A removed file loses its row in the transaction, and its bytes afterwards, through the outbox.

mod attachment;
mod begin;
mod clear;
mod create;
mod download;
mod holder;
mod inspect;
mod link;
mod list;
mod pass;
mod remove;
mod show;
mod storage;
mod store;
mod view;

use std::sync::Arc;
use tokio::sync::Semaphore;

use crate::config::FileStore;
use crate::events::{Consumer, Job};
use crate::http::Operation;

pub use attachment::{Attachment, Disclosure, FileName, MOST};
pub use clear::remove_all;
pub use holder::{Door, Holder, Names, Shown};
pub use storage::{Storage, StorageError};
pub use store::list as of_holder;
pub use view::AttachmentView;

use pass::Passes;

/// The tag of the operations.
const TAG: &str = "Attachments";

/// What the handlers need besides the system; one for the whole server, handed to them as application data.
pub struct Files {
    storage: Arc<Storage>,
    settings: FileStore,
    passes: Passes,
    /// How many more files may be received at the same time.
    places: Semaphore,
    doors: Vec<Door>,
}

impl Files {
    /// Files in a storage, with links signed under the first of these keys and checked under all of them.
    #[must_use]
    pub fn new(storage: Arc<Storage>, settings: FileStore, keys: Vec<[u8; 32]>, doors: Vec<Door>) -> Self {
        let places = Semaphore::new(settings.uploads);
        Self { storage, settings, passes: Passes(keys), places, doors }
    }
}

/// The endpoints for the files of one kind of holder.
#[must_use]
pub fn operations_of<H: Holder>() -> Vec<Operation> {
    vec![
        list::operation::<H>(),
        create::operation::<H>(),
        show::operation::<H>(),
        remove::operation::<H>(),
        link::operation::<H>(),
    ]
}

/// The endpoint all files are downloaded from.
#[must_use]
pub fn operations() -> Vec<Operation> {
    vec![download::operation()]
}

/// Periodic work: clears away what was cut off while it was received.
#[must_use]
pub fn jobs(storage: &Arc<Storage>) -> Vec<Job> {
    vec![clear::job(Arc::clone(storage))]
}

/// Who removes the bytes of removed files.
#[must_use]
pub fn consumer(storage: &Arc<Storage>) -> Arc<dyn Consumer> {
    Arc::new(clear::Remover(Arc::clone(storage)))
}
