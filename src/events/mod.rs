//! What happened: each change writes its audit entry and, for every consumer that wants to know, an outbox row, in the
//! transaction of the change itself. Workers deliver the rows afterwards, at least once. What has to happen because time
//! passes is a job, done again and again by one process at a time.

mod history;
mod job;
pub mod queue;
mod record;
mod retry;
mod schedule;
mod signal;
mod worker;

pub use history::{Deed, Entry, deeds_of, entries_about};
pub use job::{Job, Run};
pub use queue::Delivery;
pub use record::{Change, Origin, Tx, Writing, newest_entry, recorded_since};
pub use schedule::{JobState, Schedule, Scheduler, states};
pub use worker::{Consumer, Failed, Pace, Workers};
