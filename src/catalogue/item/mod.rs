//! What listings and orders have in common, written once: drafting, reading, changing, the steps of their life, and the
//! lists behind the public. Each kind adds its content, its tables and its public list.

mod change;
mod create;
mod discard;
mod drafted;
mod expire;
mod import;
mod lead;
mod list_own;
mod model;
mod moderate;
mod pages;
mod queue;
mod show;
mod step;

use crate::http::Operation;

pub use expire::Expiring;
pub(super) use expire::{expiring, job};
pub use import::{Imported, Incoming, Origin, import};
pub use model::Item;
pub(super) use model::{Content, Found, Happening, Names, Subject, Summary};
pub(super) use pages::{OwnQuery, QueueQuery};
pub(super) use step::{answer, wrong_state};

/// The common endpoints of one kind.
pub(super) fn operations<I: Item>() -> Vec<Operation> {
    let mut operations = vec![
        create::operation::<I>(),
        show::operation::<I>(),
        change::operation::<I>(),
        discard::operation::<I>(),
        list_own::operation::<I>(),
        queue::operation::<I>(),
        super::reviews::operation::<I>(),
    ];
    operations.extend(super::revisions::operations::<I>());
    operations.extend(lead::operations::<I>());
    operations.extend(moderate::operations::<I>());
    operations
}
