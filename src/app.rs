//! The system: what every request and every command works with.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::config::Config;
use crate::db::Database;
use crate::events::{Job, Schedule, Scheduler, Workers, Writing};
use crate::http::{Authenticator, Metrics, RateLimits};
use crate::kernel::clock::Clock;
use crate::search::SearchIndex;

/// Everything that is shared, put together in `wiring`.
pub struct App {
    /// The effective configuration.
    pub config: Config,
    /// The database.
    pub database: Arc<Database>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// What writes need: identifiers and consumers of events.
    pub writing: Writing,
    /// The search index.
    pub search: Arc<dyn SearchIndex>,
    /// Who is behind an access token.
    pub authenticator: Arc<dyn Authenticator>,
    /// How much a client may ask for.
    pub limits: RateLimits,
    /// Figures.
    pub metrics: Metrics,
    /// Periodic work.
    pub schedule: Arc<Schedule>,
    workers: OnceLock<Workers>,
    scheduler: OnceLock<Scheduler>,
}

/// The parts of an [`App`].
pub struct Parts {
    /// The effective configuration.
    pub config: Config,
    /// The database.
    pub database: Arc<Database>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// What writes need.
    pub writing: Writing,
    /// The search index.
    pub search: Arc<dyn SearchIndex>,
    /// Who is behind an access token.
    pub authenticator: Arc<dyn Authenticator>,
    /// Periodic work.
    pub jobs: Vec<Job>,
}

impl App {
    /// Puts the parts together; no worker runs yet.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { config, database, clock, writing, search, authenticator, jobs } = parts;
        let limits = RateLimits::new(&config.limits);
        let schedule = Schedule::new(Arc::clone(&database), Arc::clone(&clock), writing.clone(), jobs);
        Self {
            config,
            database,
            clock,
            writing,
            search,
            authenticator,
            limits,
            metrics: Metrics::default(),
            schedule: Arc::new(schedule),
            workers: OnceLock::new(),
            scheduler: OnceLock::new(),
        }
    }

    /// Starts delivering events and, unless this process is to do none, the periodic work; they stop with the `App`.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn start_workers(&self) -> std::io::Result<()> {
        let workers = Workers::start(&self.database, &self.clock, &self.writing.consumers)?;
        let _ = self.workers.set(workers);
        if let poll @ 1.. = self.config.jobs.poll_seconds {
            let scheduler = Scheduler::start(Arc::clone(&self.schedule), Duration::from_secs(poll))?;
            let _ = self.scheduler.set(scheduler);
        }
        Ok(())
    }

    /// Tells the workers that something was queued.
    pub fn wake_workers(&self) {
        if let Some(workers) = self.workers.get() {
            workers.wake();
        }
    }
}
