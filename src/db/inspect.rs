//! How a database is: what an operator has to know of it.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};

use super::conn::{Access, Conn};
use super::error::DbError;
use super::migrate;
use super::types::UtcTime;
use crate::kernel::clock::At;

/// What was found. What only one of the engines has is an option.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// The engine's name and version.
    pub version: String,
    /// Versions of the migrations applied.
    pub applied: Vec<String>,
    /// The first damage a check of the whole file finds; SQLite.
    pub damage: Option<String>,
    /// What the server says of itself; PostgreSQL.
    pub server: Option<Server>,
}

/// What a PostgreSQL server says of itself.
#[derive(Clone, Debug, QueryableByName)]
pub struct Server {
    /// Its major version.
    #[diesel(sql_type = BigInt)]
    pub major: i64,
    /// Its version in its own words.
    #[diesel(sql_type = Text)]
    pub version: String,
    /// Its clock.
    #[diesel(sql_type = UtcTime)]
    pub now: At,
    /// Whether what it has committed survives a crash: `fsync`, `full_page_writes` and `synchronous_commit` are on.
    #[diesel(sql_type = Bool)]
    pub durable: bool,
    /// Whether the database keeps all of Unicode (UTF8).
    #[diesel(sql_type = Bool)]
    pub unicode: bool,
    /// Connections it allows to ordinary roles.
    #[diesel(sql_type = BigInt)]
    pub connections: i64,
    /// Connections open to any of its databases.
    #[diesel(sql_type = BigInt)]
    pub connected: i64,
    /// Whether the connection to it is encrypted, or stays on this machine.
    #[diesel(sql_type = Bool)]
    pub private: bool,
}

const SERVER: &str = "SELECT current_setting('server_version_num')::int8 / 10000 AS major,
        current_setting('server_version') AS version,
        clock_timestamp() AS now,
        current_setting('fsync')::bool AND current_setting('full_page_writes')::bool
            AND current_setting('synchronous_commit') <> 'off' AS durable,
        current_setting('server_encoding') = 'UTF8' AS unicode,
        current_setting('max_connections')::int8 - current_setting('superuser_reserved_connections')::int8 AS connections,
        (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connected,
        COALESCE((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false)
            OR inet_client_addr() IS NULL OR inet_client_addr() <<= '127.0.0.0/8' OR inet_client_addr() = '::1' AS private";

/// Opens a database that exists, to read only and for a moment.
///
/// # Errors
/// `Unavailable` when it cannot be reached, or what `work` fails with.
pub fn look<T>(url: &str, work: impl FnOnce(&mut Conn) -> Result<T, DbError>) -> Result<T, DbError> {
    // Without its scheme a SQLite file that is not there is not created.
    work(&mut Conn::open(url.strip_prefix("sqlite:").unwrap_or(url), Access::Read)?)
}

/// Looks at a database without changing it. A SQLite file is read from end to end.
///
/// # Errors
/// The database's failure.
pub fn inspect(conn: &mut Conn) -> Result<Inspection, DbError> {
    let applied = migrate::applied(conn)?;
    match conn {
        Conn::Pg(pg) => {
            let server: Server = diesel::sql_query(SERVER).get_result(pg)?;
            Ok(Inspection {
                version: format!("PostgreSQL {}", server.version),
                applied,
                damage: None,
                server: Some(server),
            })
        }
        Conn::Sqlite(sqlite) => {
            let check: Said = diesel::sql_query("SELECT integrity_check AS said FROM pragma_integrity_check LIMIT 1")
                .get_result(sqlite)?;
            let version: Said = diesel::sql_query("SELECT sqlite_version() AS said").get_result(sqlite)?;
            let damage = (check.said != "ok").then_some(check.said);
            Ok(Inspection { version: format!("SQLite {}", version.said), applied, damage, server: None })
        }
    }
}

#[derive(QueryableByName)]
struct Said {
    #[diesel(sql_type = Text)]
    said: String,
}

/// The names of the server processes that are connected to a PostgreSQL database; none for SQLite.
///
/// # Errors
/// The database's failure.
pub fn servers(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    let Conn::Pg(pg) = conn else { return Ok(Vec::new()) };
    let connected = "SELECT DISTINCT application_name AS said FROM pg_stat_activity \
                     WHERE datname = current_database() AND application_name LIKE 'techex serve %' ORDER BY 1";
    Ok(diesel::sql_query(connected).load::<Said>(pg)?.into_iter().map(|row| row.said).collect())
}
