//! What happened: each change writes its audit entry and, for every consumer that wants to know, an outbox row, in the
//! transaction of the change itself. Workers deliver the rows afterwards, at least once.

pub mod queue;
mod record;
mod retry;
mod worker;

pub use queue::Delivery;
pub use record::{Change, Origin, Tx, Writing};
pub use worker::{Consumer, Failed, Workers};
