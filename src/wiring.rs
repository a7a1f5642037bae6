//! The one place that names every slice: what is routed, who consumes events, what can be found, and how it all is put
//! together.

use actix_web::web::{Data, ServiceConfig};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::app::{App, Parts};
use crate::config::{Config, Mode, with_parameter};
use crate::db::{self, Conn, Database, DbError, Engine, Options};
use crate::events::{Consumer, Job, Writing};
use crate::http::Operation;
use crate::kernel::clock::{Clock, SystemClock};
use crate::kernel::id::{Ids, RandomIds};
use crate::notifications::Mailer;
use crate::search::{EmbeddedIndex, Indexer, MeilisearchIndex, MeilisearchOptions, NoIndex, Projection, SearchIndex};
use crate::{accounts, catalogue, files, http, negotiation, search};

/// Every endpoint.
#[must_use]
pub fn operations() -> Vec<Operation> {
    let slices = [accounts::operations(), catalogue::operations(), files::operations(), negotiation::operations()];
    slices.into_iter().flatten().collect()
}

/// Everything that can be found by searching.
#[must_use]
pub fn projection() -> Projection {
    catalogue::projection()
}

/// All periodic work.
#[must_use]
pub fn jobs(config: &Config, index: &Arc<dyn SearchIndex>, storage: &Arc<files::Storage>) -> Vec<Job> {
    let all = [
        http::jobs(),
        accounts::jobs(),
        catalogue::jobs(config, index),
        files::jobs(storage),
        negotiation::jobs(config.negotiation),
    ];
    all.into_iter().flatten().collect()
}

/// Everything that is held about a person: how it is read for the person, and how it is erased.
#[must_use]
pub fn personal_data() -> accounts::PersonalDataParts {
    accounts::PersonalDataParts(
        [accounts::personal_data(), catalogue::personal_data(), negotiation::personal_data()].concat(),
    )
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
    /// What the handlers of the files need besides.
    pub files: Arc<files::Files>,
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
    let index = open_index(&config, &sources.clock).map_err(|e| StartError::of("search index")(&e))?;
    assemble_with(config, sources, index, "serve")
}

/// The search index as configured: on a Meilisearch server where one is named, which need not answer yet, or in the data
/// folder, which one process at a time can hold.
///
/// # Errors
/// When the folder is held by another process or cannot be used, or the server's address cannot.
pub fn open_index(config: &Config, clock: &Arc<dyn Clock>) -> Result<Arc<dyn SearchIndex>, search::SearchError> {
    let settings = &config.search;
    if settings.meili_url.is_empty() {
        return Ok(Arc::new(EmbeddedIndex::open(&config.data_dir().join("search"))?));
    }
    let options = MeilisearchOptions {
        url: settings.meili_url.clone(),
        key: settings.meili_key.expose().to_owned(),
        prefix: settings.meili_prefix.clone(),
    };
    Ok(Arc::new(MeilisearchIndex::new(&options, Arc::clone(clock))?))
}

/// Where attached files are: in a bucket where one is named, or in the data folder.
///
/// # Errors
/// When the folder or the settings of the bucket cannot be used.
pub fn open_storage(config: &Config) -> Result<files::Storage, StartError> {
    let folder = config.files_dir();
    if config.files.s3_bucket.is_empty() {
        private_folder(&folder).map_err(|e| StartError::of("file store")(&e))?;
    }
    files::Storage::open(&config.files, &folder).map_err(|e| StartError::of("file store")(&e))
}

/// The same for commands that run beside a server, which holds the search index: they only queue what it has to do.
///
/// # Errors
/// As [`assemble`].
pub fn assemble_without_index(config: Config, sources: Sources) -> Result<System, StartError> {
    migrate(&config)?;
    assemble_with(config, sources, Arc::new(NoIndex), "command")
}

/// Creates the data folder and brings the database's schema up to date.
///
/// # Errors
/// What is wrong with the data folder or the database.
pub fn migrate(config: &Config) -> Result<Vec<String>, StartError> {
    private_folder(config.data_dir()).map_err(|e| StartError::of("data folder")(&e))?;
    db::migrate(&config.database_url()).map_err(|e| StartError::of("database")(&e))
}

/// Makes a folder, and those above it, that only its owner may look into; leaves one that is there as it is.
///
/// # Errors
/// When it cannot be made.
pub fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)
}

fn assemble_with(
    config: Config,
    sources: Sources,
    index: Arc<dyn SearchIndex>,
    role: &str,
) -> Result<System, StartError> {
    let database = Arc::new(open_database(&config, role)?);
    let credentials = Arc::new(accounts::Credentials::new(&config).map_err(|e| StartError::of("secret")(&e))?);
    let Sources { clock, ids } = sources;
    let mut writing = Writing { ids, consumers: Arc::new([]) };
    let mailer = Mailer::new(&config, Arc::clone(&database), Arc::clone(&clock));
    let mailer = mailer.map_err(|e| StartError::of("mail")(&e))?;
    let indexer = Indexer::new(Arc::clone(&database), Arc::clone(&index), projection(), Arc::clone(&clock));
    let follower = catalogue::Follower::new(Arc::clone(&database), Arc::clone(&clock));
    let storage = Arc::new(open_storage(&config)?);
    let remover = files::consumer(&storage);
    let consumers: [Arc<dyn Consumer>; 4] = [Arc::new(indexer), Arc::new(follower), Arc::new(mailer), remover];
    writing.consumers = Arc::new(consumers);
    let authenticator = Arc::clone(&credentials) as Arc<dyn http::Authenticator>;
    let jobs = jobs(&config, &index, &storage);
    let keys = credentials.keys_for("techex file link v1");
    let files = files::Files::new(storage, config.files.clone(), keys, catalogue::doors());
    let app = App::new(Parts { config, database, clock, writing, search: index, authenticator, jobs });
    Ok(System { app: Arc::new(app), credentials, files: Arc::new(files) })
}

/// The number of connections of the pool.
#[must_use]
pub fn pool_size(config: &Config) -> u32 {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    // A SQLite reader computes; a PostgreSQL connection also waits.
    let per_core = match Engine::of(&config.database_url()) {
        Engine::Sqlite => 2,
        Engine::Postgres => 4,
    };
    match config.database.connections {
        0 => u32::try_from(cores * per_core).unwrap_or(4),
        set => set,
    }
}

/// How many things everybody may see, which is how many the search index has to hold.
///
/// # Errors
/// The database's failure.
pub fn count_public(conn: &mut Conn) -> Result<u64, DbError> {
    let counts = projection().kinds.iter().map(|kind| kind.count(conn)).collect::<Result<Vec<_>, _>>()?;
    Ok(u64::try_from(counts.into_iter().sum::<i64>()).unwrap_or_default())
}

/// The database as configured. PostgreSQL shows its connections under the name of this process.
fn open_database(config: &Config, role: &str) -> Result<Database, StartError> {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = format!("techex {role} {}:{}", host.trim(), std::process::id());
    let url = with_parameter(&config.database_url(), "application_name", &name);
    let (connections, wait) = (pool_size(config), Duration::from_millis(config.database.wait_ms));
    Database::open(&Options { url, connections, wait }).map_err(|e| StartError::of("database")(&e))
}

impl System {
    /// Whether this is real use.
    #[must_use]
    pub fn in_production(&self) -> bool {
        self.app.config.mode == Mode::Production
    }

    /// Builds the search index from the database if it is known to be incomplete: new, of an older version, or damaged. One
    /// on another machine is looked after by the worker that feeds it, as soon as it answers.
    ///
    /// # Errors
    /// The index's or the database's failure.
    pub fn complete_index(&self) -> Result<(), search::SearchError> {
        if self.app.search.is_local() && self.app.search.health()?.needs_rebuild {
            let documents =
                search::rebuild(&self.app.database, &*self.app.search, &projection(), &*self.app.clock, &mut |_| {})?;
            tracing::info!(documents, "search index built");
        }
        Ok(())
    }

    /// Says so if other servers share the database while each has a search index of its own, which then lacks what the
    /// others' events brought.
    pub fn warn_of_neighbours(&self) {
        match self.app.database.read(|conn| Ok(db::servers(conn)?)) {
            Ok(servers) if servers.len() > 1 => tracing::error!(
                servers = servers.join(", "),
                "several servers share the database, but each has a search index of its own: give them one Meilisearch"
            ),
            Ok(_) => {}
            Err(failure) => tracing::warn!(?failure, "it cannot be told whether other servers share the database"),
        }
    }

    /// Adds what handlers need besides the [`App`].
    pub fn services(&self) -> impl Fn(&mut ServiceConfig) + Clone + Send + 'static {
        let credentials = Data::from(Arc::clone(&self.credentials));
        let files = Data::from(Arc::clone(&self.files));
        let personal_data = Data::new(personal_data());
        move |config| {
            config.app_data(credentials.clone()).app_data(files.clone()).app_data(personal_data.clone());
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
