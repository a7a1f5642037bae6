//! The schedule: which jobs are due, and that each is run by one process at a time on a shared database.
//!
//! A job's row says when it is due. Whoever moves that time on by the length of a lease, in one statement that only one
//! process can win, has the run. Afterwards the time is set to that of the next run, unless the lease was over and another
//! process has taken it.

use diesel::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use super::job::{Job, Run};
use super::record::Writing;
use super::retry;
use super::signal::Signal;
use crate::db::schema::jobs;
use crate::db::{Both, Conn, Database, DbError, Failure, Isolation};
use crate::kernel::clock::{At, Clock};

/// How long a run may take before another process begins it again.
const LEASE_SECONDS: i64 = 900;
/// The longest wait after a failure.
const LONGEST_RETRY: i64 = 3600;

/// The jobs with what they need.
pub struct Schedule {
    database: Arc<Database>,
    clock: Arc<dyn Clock>,
    writing: Writing,
    jobs: Vec<Job>,
}

/// A run that this process has.
struct Lease {
    until: At,
    /// Failures in a row before it.
    failures: i32,
}

impl Schedule {
    /// A schedule of these jobs; nothing runs yet.
    #[must_use]
    pub fn new(database: Arc<Database>, clock: Arc<dyn Clock>, writing: Writing, jobs: Vec<Job>) -> Self {
        Self { database, clock, writing, jobs }
    }

    /// Runs what is due, in this thread, and names what it ran. A job that fails is logged and due again after a while.
    pub fn run_due(&self) -> Vec<&'static str> {
        let mut ran = Vec::new();
        let waiting = match self.database.read(|conn| Ok(waiting(conn, self.clock.now())?)) {
            Ok(waiting) => waiting,
            Err(failure) => {
                tracing::warn!(?failure, "the schedule cannot be read now");
                return ran;
            }
        };
        for job in self.jobs.iter().filter(|job| !waiting.iter().any(|name| name == job.name)) {
            match self.take(job) {
                Ok(Some(lease)) => {
                    self.perform(job, &lease);
                    ran.push(job.name);
                }
                Ok(None) => {}
                Err(failure) => tracing::warn!(job = job.name, ?failure, "the job cannot be taken now"),
            }
        }
        ran
    }

    /// The run, if the job is due and no other process has it.
    fn take(&self, job: &Job) -> Result<Option<Lease>, Failure> {
        let (name, now) = (job.name, self.clock.now());
        let until = now.plus_seconds(LEASE_SECONDS);
        let failures = self.database.write(Isolation::ReadCommitted, move |conn| Ok(claim(conn, name, now, until)?))?;
        Ok(failures.map(|failures| Lease { until, failures }))
    }

    fn perform(&self, job: &Job, lease: &Lease) {
        let run = Run { now: self.clock.now(), job: job.name, database: &self.database, writing: &self.writing };
        let outcome = catch_unwind(AssertUnwindSafe(|| job.work(&run)))
            .unwrap_or_else(|_| Err(DbError::Broken("the job panicked".into()).into()));
        let error = match outcome {
            Ok(0) => None,
            Ok(things) => {
                tracing::info!(job = job.name, things, "job done");
                None
            }
            Err(failure) => {
                tracing::error!(job = job.name, ?failure, failures = lease.failures + 1, "job failed");
                Some(format!("{failure:?}"))
            }
        };
        let (name, until, failures, now) = (job.name, lease.until, lease.failures, self.clock.now());
        let pause = match &error {
            None => job.every_seconds,
            Some(_) => retry::wait_seconds(failures + 1).unwrap_or(LONGEST_RETRY).min(job.every_seconds),
        };
        let settled = self.database.write(Isolation::ReadCommitted, move |conn| {
            Ok(settle(conn, name, until, now, now.plus_seconds(pause), error.as_deref())?)
        });
        match settled {
            Ok(true) => {}
            Ok(false) => tracing::warn!(job = job.name, "the job took longer than its lease"),
            Err(failure) => tracing::warn!(job = job.name, ?failure, "the job will run again when its lease ends"),
        }
    }
}

/// The jobs that are not due yet.
fn waiting(conn: &mut Conn, now: At) -> Result<Vec<String>, DbError> {
    Ok(jobs::table.filter(jobs::due_at.gt(now)).select(jobs::name).load(conn)?)
}

/// Moves the job on to the end of the lease if it is due, and tells how often it has failed in a row.
fn claim(conn: &mut Conn, name: &str, now: At, until: At) -> Result<Option<i32>, DbError> {
    let new = (jobs::name.eq(name), jobs::due_at.eq(now), jobs::failures.eq(0));
    Both(diesel::insert_into(jobs::table).values(new).on_conflict(jobs::name).do_nothing()).execute(conn)?;
    let due = jobs::table.filter(jobs::name.eq(name)).filter(jobs::due_at.le(now));
    if diesel::update(due).set(jobs::due_at.eq(until)).execute(conn)? == 0 {
        return Ok(None);
    }
    Ok(Some(jobs::table.find(name).select(jobs::failures).first(conn)?))
}

/// Writes down how the run ended and when the next is due; `false` if the lease is no longer this process's.
fn settle(conn: &mut Conn, name: &str, until: At, now: At, next: At, error: Option<&str>) -> Result<bool, DbError> {
    let leased = jobs::table.filter(jobs::name.eq(name)).filter(jobs::due_at.eq(until));
    let settled = match error {
        None => diesel::update(leased)
            .set((
                jobs::due_at.eq(next),
                jobs::finished_at.eq(now),
                jobs::failures.eq(0),
                jobs::last_error.eq(None::<&str>),
            ))
            .execute(conn)?,
        Some(error) => diesel::update(leased)
            .set((jobs::due_at.eq(next), jobs::failures.eq(jobs::failures + 1), jobs::last_error.eq(error)))
            .execute(conn)?,
    };
    Ok(settled == 1)
}

/// How a job is doing, for the figures.
#[derive(Clone, PartialEq, Eq, Debug, Queryable, Selectable)]
#[diesel(table_name = jobs, check_for_backend(crate::db::MultiBackend))]
pub struct JobState {
    /// The job.
    pub name: String,
    /// Failures in a row.
    pub failures: i32,
    /// Why it failed last; none since it went well.
    pub last_error: Option<String>,
    /// When it last went well.
    pub finished_at: Option<At>,
}

/// How the jobs are doing, whichever process runs them.
///
/// # Errors
/// The database's failure.
pub fn states(conn: &mut Conn) -> Result<Vec<JobState>, DbError> {
    Ok(jobs::table.order(jobs::name).select(JobState::as_select()).load(conn)?)
}

/// The thread that keeps to the schedule. Dropping it lets the job it is at finish, and stops.
pub struct Scheduler {
    signal: Arc<Signal>,
    thread: Option<JoinHandle<()>>,
}

impl Scheduler {
    /// Runs what is due now and from then on, looking every `poll`.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(schedule: Arc<Schedule>, poll: Duration) -> std::io::Result<Self> {
        let signal = Arc::new(Signal::default());
        let watched = Arc::clone(&signal);
        let thread = std::thread::Builder::new().name("jobs".into()).spawn(move || {
            schedule.run_due();
            while watched.wait(poll) {
                schedule.run_due();
            }
        })?;
        Ok(Self { signal, thread: Some(thread) })
    }
}

impl Drop for Scheduler {
    fn drop(&mut self) {
        self.signal.stop();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
