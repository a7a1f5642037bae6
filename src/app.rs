//! The system: what every request and every command works with.

use std::sync::{Arc, OnceLock};

use crate::config::Config;
use crate::db::Database;
use crate::events::{Workers, Writing};
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
    workers: OnceLock<Workers>,
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
}

impl App {
    /// Puts the parts together; no worker runs yet.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { config, database, clock, writing, search, authenticator } = parts;
        let limits = RateLimits::new(&config.limits);
        Self {
            config,
            database,
            clock,
            writing,
            search,
            authenticator,
            limits,
            metrics: Metrics::default(),
            workers: OnceLock::new(),
        }
    }

    /// Starts delivering events; they stop with the `App`.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn start_workers(&self) -> std::io::Result<()> {
        let workers = Workers::start(&self.database, &self.clock, &self.writing.consumers)?;
        let _ = self.workers.set(workers);
        Ok(())
    }

    /// Tells the workers that something was queued.
    pub fn wake_workers(&self) {
        if let Some(workers) = self.workers.get() {
            workers.wake();
        }
    }
}
