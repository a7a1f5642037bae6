//! Configuration: one small struct per concern. Its doc comments are the reference in the README.

mod files;
mod limits;
mod load;
mod negotiation;
mod parameter;
mod reference;
mod secret;

use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use utoipa::ToSchema;

pub use files::FileStore;
pub use limits::Limits;
pub use load::{ConfigError, Overrides, load};
pub use negotiation::Negotiation;
pub use parameter::with_parameter;
pub use reference::reference;
pub use secret::Secret;

/// Everything that can be set.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// What the server is for.
    pub mode: Mode,
    /// Where it keeps what it keeps on disk.
    pub data_dir: DataDir,
    /// HTTP.
    pub server: Server,
    /// Figures for Prometheus.
    pub metrics: Metrics,
    /// Database.
    pub database: DatabaseConfig,
    /// Listings and orders.
    pub catalogue: Catalogue,
    /// Attached files.
    pub files: FileStore,
    /// Expressions of interest, proposals and what follows from them.
    pub negotiation: Negotiation,
    /// Periodic work.
    pub jobs: Jobs,
    /// Search.
    pub search: Search,
    /// Outgoing mail.
    pub mail: Mail,
    /// Tokens and passwords.
    pub auth: Auth,
    /// Invitations to organisations.
    pub invitations: Invitations,
    /// What those who keep a copy of the public lists are told.
    pub feed: Feed,
    /// How much one client may ask for.
    pub limits: Limits,
    /// Logging.
    pub log: Log,
}

/// What the server is for. In production it refuses to start with a default secret or with demonstration data.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Trying out and developing: a secret is made, links in mails are logged.
    #[default]
    Development,
    /// Real use.
    Production,
}

/// The folder for everything kept on disk.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DataDir(pub PathBuf);

impl Default for DataDir {
    fn default() -> Self {
        Self(PathBuf::from("data"))
    }
}

/// HTTP.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Address and port to listen on.
    #[schema(value_type = String)]
    pub address: SocketAddr,
    /// The address people reach the server at; links in mails begin with it.
    pub public_url: String,
    /// Worker threads; 0 means one for each core.
    pub workers: usize,
    /// Largest request body, in bytes.
    pub body_limit: usize,
    /// Seconds a client may take to send a body.
    pub body_seconds: u64,
    /// Open connections at the most.
    pub connections: usize,
    /// Addresses of reverse proxies whose `X-Forwarded-For` is believed.
    #[schema(value_type = Vec<String>)]
    pub trusted_proxies: Vec<IpAddr>,
    /// Origins of web pages that may call the API from a browser; none by default.
    pub cors_origins: Vec<String>,
    /// Seconds that requests in flight get when the server is told to stop.
    pub shutdown_seconds: u64,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            address: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: "http://127.0.0.1:8080".into(),
            workers: 0,
            body_limit: 262_144,
            body_seconds: 20,
            connections: 10_000,
            trusted_proxies: Vec::new(),
            cors_origins: Vec::new(),
            shutdown_seconds: 20,
        }
    }
}

/// Figures for Prometheus.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Metrics {
    /// Address and port of `/metrics`; empty means none.
    pub address: String,
}

impl Default for Metrics {
    fn default() -> Self {
        Self { address: "127.0.0.1:9464".into() }
    }
}

/// Database.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `postgres://…`, `sqlite:path`, or the path of an existing SQLite file; empty means SQLite in the data folder.
    /// The environment's `DATABASE_URL` sets it too.
    #[schema(value_type = String)]
    pub url: Secret,
    /// The password for PostgreSQL, where the URL carries none.
    #[schema(value_type = String)]
    pub password: Secret,
    /// A file that holds the password instead.
    pub password_file: String,
    /// Connections of the pool; 0 means four for each core on PostgreSQL, two on SQLite.
    pub connections: u32,
    /// Milliseconds a request waits for a connection before it is answered with 503.
    pub wait_ms: u64,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self {
            url: Secret::default(),
            password: Secret::default(),
            password_file: String::new(),
            connections: 0,
            wait_ms: 2_000,
        }
    }
}

/// Listings and orders.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Catalogue {
    /// Days from a publication or a confirmation until what is published runs out.
    pub valid_days: u32,
    /// Days before that on which the owners are warned by mail; nothing runs out with less notice.
    pub warning_days: u32,
}

impl Default for Catalogue {
    fn default() -> Self {
        Self { valid_days: 365, warning_days: 14 }
    }
}

/// Periodic work: warnings, expiry, clearing up.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Jobs {
    /// Seconds between two looks for work that is due; 0 means that this process does none of it.
    pub poll_seconds: u64,
}

impl Default for Jobs {
    fn default() -> Self {
        Self { poll_seconds: 10 }
    }
}

/// Search.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Search {
    /// Address of a Meilisearch server, such as `http://127.0.0.1:7700`; empty means the engine inside the process, with
    /// its files in the data folder. The environment's `MEILI_URL` sets it too.
    pub meili_url: String,
    /// A key to that server which may do everything with the indexes of this exchange. The environment's `MEILI_KEY`
    /// sets it too.
    #[schema(value_type = String)]
    pub meili_key: Secret,
    /// A file that holds the key instead.
    pub meili_key_file: String,
    /// What the names of the indexes on that server begin with; exchanges that share a server need different ones.
    pub meili_prefix: String,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            meili_url: String::new(),
            meili_key: Secret::default(),
            meili_key_file: String::new(),
            meili_prefix: "techex".into(),
        }
    }
}

/// Outgoing mail.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// `smtps://user:password@host:465`; empty means that mails are written into the folder `mail` of the data folder.
    #[schema(value_type = String)]
    pub smtp_url: Secret,
    /// A file that holds this URL instead.
    pub smtp_url_file: String,
    /// The sender's address.
    pub from: String,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            smtp_url: Secret::default(),
            smtp_url_file: String::new(),
            from: "Techex <no-reply@localhost.localdomain>".into(),
        }
    }
}

/// Tokens and passwords.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Auth {
    /// At least 32 characters from which the token keys are derived; empty means that one is made and kept in the data
    /// folder, which production refuses.
    #[schema(value_type = String)]
    pub secret: Secret,
    /// A file that holds the secret instead.
    pub secret_file: String,
    /// The secret before the current one: access tokens made with it stay valid until they expire, and second factors
    /// sealed with it can be read until they are next used.
    #[schema(value_type = String)]
    pub previous_secret: Secret,
    /// A file that holds the previous secret instead.
    pub previous_secret_file: String,
    /// Seconds an access token is valid.
    pub access_token_seconds: i64,
    /// Days after which a session ends unless it is renewed.
    pub session_days: i64,
    /// Days after which a session ends however often it is renewed.
    pub session_max_days: i64,
    /// Seconds for which a second factor that was proved opens what takes one.
    pub step_up_seconds: i64,
    /// Seconds within which a repeated renewal, whose answer was lost, gets the same successor token.
    pub renewal_grace_seconds: i64,
    /// Passwords hashed at a time; 0 means one for each core.
    pub hashing_threads: usize,
}

impl Default for Auth {
    fn default() -> Self {
        Self {
            secret: Secret::default(),
            secret_file: String::new(),
            previous_secret: Secret::default(),
            previous_secret_file: String::new(),
            access_token_seconds: 900,
            session_days: 30,
            session_max_days: 90,
            step_up_seconds: 300,
            renewal_grace_seconds: 10,
            hashing_threads: 0,
        }
    }
}

/// Invitations to organisations.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Invitations {
    /// Days after which an invitation expires.
    pub days: i64,
    /// Invitation mails that one organisation may have sent within 24 hours.
    pub mails_per_day: i32,
}

impl Default for Invitations {
    fn default() -> Self {
        Self { days: 14, mails_per_day: 50 }
    }
}

/// What those who keep a copy of the public lists are told.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Feed {
    /// Days for which it is told that something is not public any more.
    pub tombstone_days: i64,
}

impl Default for Feed {
    fn default() -> Self {
        Self { tombstone_days: 400 }
    }
}

/// Logging.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// What is logged, in the syntax of `tracing` (`info`, `warn,techex=debug`).
    pub filter: String,
    /// `text` or `json`.
    pub format: LogFormat,
}

impl Default for Log {
    fn default() -> Self {
        Self { filter: "info,actix_server=warn".into(), format: LogFormat::Text }
    }
}

/// How log lines look.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Config {
    /// The configuration of a test: nothing is shared, nothing is limited, hashing is cheap to queue, and periodic work is
    /// done when the test says so.
    #[must_use]
    pub fn for_testing(database_url: &str, data_dir: &Path) -> Self {
        Self {
            data_dir: DataDir(data_dir.to_owned()),
            database: DatabaseConfig { url: Secret::new(database_url), connections: 4, ..DatabaseConfig::default() },
            metrics: Metrics { address: String::new() },
            jobs: Jobs { poll_seconds: 0 },
            auth: Auth { secret: Secret::new("a secret for tests, long enough for keys"), ..Auth::default() },
            limits: Limits { reads: 0, searches: 0, writes: 0, credentials: 0, keys: 0, failed_logins: 0 },
            ..Self::default()
        }
    }

    /// The folder for everything kept on disk.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        &self.data_dir.0
    }

    /// The folder attached files are kept in, where they are kept on this machine.
    #[must_use]
    pub fn files_dir(&self) -> PathBuf {
        self.data_dir().join("files")
    }

    /// The database's URL, with the default and the password filled in.
    #[must_use]
    pub fn database_url(&self) -> String {
        match self.database.url.expose() {
            "" => format!("sqlite:{}", self.data_dir().join("techex.db").display()),
            url if self.database.password.is_empty() => url.to_owned(),
            url => with_parameter(url, "password", self.database.password.expose()),
        }
    }
}
