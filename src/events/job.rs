//! Periodic work: what a slice declares, and what it is given when it runs.

use std::sync::Arc;

use super::record::{Origin, Tx, Writing};
use crate::db::{Conn, Database, Failure, Isolation};
use crate::kernel::clock::At;

/// Work that is done again and again, by one process at a time. A run may be cut off at any moment and another process
/// may begin it again, so it works in transactions of its own and looks each time at what there is to do.
pub struct Job {
    /// Its name in the table `jobs` and in the figures.
    pub name: &'static str,
    /// Seconds from a run that went well to the next.
    pub every_seconds: i64,
    work: Box<Work>,
}

/// What a job does; it tells how many things it dealt with.
type Work = dyn Fn(&Run<'_>) -> Result<usize, Failure> + Send + Sync;

impl Job {
    /// The job `name`: `work` does what there is to do and tells how many things it dealt with.
    #[must_use]
    pub fn new(
        name: &'static str,
        every_seconds: i64,
        work: impl Fn(&Run<'_>) -> Result<usize, Failure> + Send + Sync + 'static,
    ) -> Self {
        Self { name, every_seconds, work: Box::new(work) }
    }

    pub(super) fn work(&self, run: &Run<'_>) -> Result<usize, Failure> {
        (self.work)(run)
    }
}

/// A run of a job.
pub struct Run<'a> {
    /// When it began; one instant for all of it.
    pub now: At,
    pub(super) job: &'static str,
    pub(super) database: &'a Arc<Database>,
    pub(super) writing: &'a Writing,
}

impl Run<'_> {
    /// Reads.
    ///
    /// # Errors
    /// What `work` fails with.
    pub fn read<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T, Failure>) -> Result<T, Failure> {
        self.database.read(work)
    }

    /// Does `work`, which deals with at most `chunk` things in a transaction of its own, until nothing is left, and tells
    /// with how many it dealt.
    ///
    /// # Errors
    /// What `work` fails with; what earlier transactions did stays.
    pub fn write_in_chunks(
        &self,
        chunk: usize,
        work: impl Fn(&mut Tx<'_>) -> Result<usize, Failure> + Copy + Send + 'static,
    ) -> Result<usize, Failure> {
        let mut all = 0;
        loop {
            let done = self.write(work)?;
            all += done;
            if done < chunk {
                return Ok(all);
            }
        }
    }

    /// Writes in a transaction, whose audit entries name the job. `work` may run more than once, each time from the
    /// beginning.
    ///
    /// # Errors
    /// What `work` fails with; then nothing was written.
    pub fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let (writing, now) = (self.writing.clone(), self.now);
        let origin = Origin { actor: None, request_id: format!("job:{}", self.job), address: String::new() };
        self.database.write(Isolation::Serializable, move |conn| work(&mut Tx::new(conn, now, &writing, &origin)))
    }
}
