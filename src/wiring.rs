//! The one place that names every slice: what is routed, who consumes events, what can be found, and how it all is put
//! together.

use actix_web::web::{Data, ServiceConfig};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use crate::app::{App, Parts};
use crate::config::{Config, Mode};
use crate::db::{self, Database, Options};
use crate::events::{Consumer, Writing};
use crate::http::Operation;
use crate::kernel::clock::{Clock, SystemClock};
use crate::kernel::id::{Ids, RandomIds};
use crate::notifications::Mailer;
use crate::search::{EmbeddedIndex, Indexer, NoIndex, SearchIndex, Searchable};
use crate::{accounts, catalogue, http, search};

/// Every endpoint.
#[must_use]
pub fn operations() -> Vec<Operation> {
    [accounts::operations(), catalogue::operations()].into_iter().flatten().collect()
}

/// Everything that can be found by searching.
#[must_use]
pub fn searchable() -> Vec<Arc<dyn Searchable>> {
    catalogue::searchable()
}

/// The OpenAPI document.
#[must_use]
pub fn document() -> String {
    http::document(&operations(), &Config::default().server.public_url)
}

/// What is injected, so that tests can stop time and repeat identifiers.
pub struct Sources {
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Identifiers.
    pub ids: Arc<dyn Ids>,
}

impl Default for Sources {
    fn default() -> Self {
        Self { clock: Arc::new(SystemClock), ids: Arc::new(RandomIds::default()) }
    }
}

/// A system that is put together.
pub struct System {
    /// What requests and commands work with.
    pub app: Arc<App>,
    /// What the handlers of the accounts need besides.
    pub credentials: Arc<accounts::Credentials>,
}

/// Why a system cannot be put together; one line for the operator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StartError(pub String);

impl StartError {
    /// A failure of a part, with the part's name.
    pub fn of(part: &str) -> impl FnOnce(&dyn std::fmt::Display) -> Self {
        let part = part.to_owned();
        move |error| Self(format!("{part}: {error}"))
    }
}

/// Migrates the database, opens it and the search index, and puts the system together. No worker runs yet.
///
/// # Errors
/// What is wrong with the data folder, the database, the search index, the secrets or the mail settings.
pub fn assemble(config: Config, sources: Sources) -> Result<System, StartError> {
    migrate(&config)?;
    let index =
        EmbeddedIndex::open(&config.data_dir().join("search")).map_err(|e| StartError::of("search index")(&e))?;
    assemble_with(config, sources, Arc::new(index))
}

/// The same for commands that run beside a server, which holds the search index: they only queue what it has to do.
///
/// # Errors
/// As [`assemble`].
pub fn assemble_without_index(config: Config, sources: Sources) -> Result<System, StartError> {
    migrate(&config)?;
    assemble_with(config, sources, Arc::new(NoIndex))
}

/// Creates the data folder and brings the database's schema up to date.
///
/// # Errors
/// What is wrong with the data folder or the database.
pub fn migrate(config: &Config) -> Result<Vec<String>, StartError> {
    std::fs::create_dir_all(config.data_dir()).map_err(|e| StartError::of("data folder")(&e))?;
    db::migrate(&config.database_url()).map_err(|e| StartError::of("database")(&e))
}

fn assemble_with(config: Config, sources: Sources, index: Arc<dyn SearchIndex>) -> Result<System, StartError> {
    let database = Arc::new(open_database(&config)?);
    let credentials = Arc::new(accounts::Credentials::new(&config).map_err(|e| StartError::of("secret")(&e))?);
    let Sources { clock, ids } = sources;
    let mut writing = Writing { ids, consumers: Arc::new([]) };
    let mailer = Mailer::new(&config, Arc::clone(&database), Arc::clone(&clock));
    let mailer = mailer.map_err(|e| StartError::of("mail")(&e))?;
    let indexer = Indexer::new(Arc::clone(&database), Arc::clone(&index), searchable());
    let consumers: [Arc<dyn Consumer>; 2] = [Arc::new(indexer), Arc::new(mailer)];
    writing.consumers = Arc::new(consumers);
    let authenticator = Arc::clone(&credentials) as Arc<dyn http::Authenticator>;
    let app = App::new(Parts { config, database, clock, writing, search: index, authenticator });
    Ok(System { app: Arc::new(app), credentials })
}

/// The database as configured.
///
/// # Errors
/// When it cannot be opened.
pub fn open_database(config: &Config) -> Result<Database, StartError> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let connections = match config.database.connections {
        0 => u32::try_from(cores * 4).unwrap_or(4),
        set => set,
    };
    let wait = Duration::from_millis(config.database.wait_ms);
    Database::open(&Options { url: config.database_url(), connections, wait })
        .map_err(|e| StartError::of("database")(&e))
}

impl System {
    /// Whether this is real use.
    #[must_use]
    pub fn in_production(&self) -> bool {
        self.app.config.mode == Mode::Production
    }

    /// Builds the search index from the database if it is known to be incomplete: new, of an older version, or damaged.
    ///
    /// # Errors
    /// The index's or the database's failure.
    pub fn complete_index(&self) -> Result<(), search::SearchError> {
        if self.app.search.health()?.needs_rebuild {
            let documents = search::rebuild(&self.app.database, &*self.app.search, &searchable(), &mut |_| {})?;
            tracing::info!(documents, "search index built");
        }
        Ok(())
    }

    /// Adds what handlers need besides the [`App`].
    pub fn services(&self) -> impl Fn(&mut ServiceConfig) + Clone + Send + 'static {
        let credentials = Data::from(Arc::clone(&self.credentials));
        move |config| {
            config.app_data(credentials.clone());
        }
    }

    /// Serves until the process is told to stop.
    ///
    /// # Errors
    /// When an address cannot be listened on or no thread is to be had.
    pub async fn serve(&self, listener: TcpListener) -> std::io::Result<()> {
        self.serve_until(listener, std::future::pending()).await
    }

    /// The same until `stop` is there; requests in flight are dropped.
    ///
    /// # Errors
    /// As [`System::serve`].
    pub async fn serve_until(
        &self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + 'static,
    ) -> std::io::Result<()> {
        self.app.start_workers()?;
        http::serve(Arc::clone(&self.app), listener, operations().into(), self.services(), stop).await
    }
}
