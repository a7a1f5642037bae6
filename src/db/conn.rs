//! The connection that is PostgreSQL or SQLite, and the two hatches for what the derive does not forward.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};

use super::error::DbError;

/// Which database the server runs on, told by the URL's scheme.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Engine {
    /// `postgres://` or `postgresql://`.
    Postgres,
    /// `sqlite:` or a path.
    Sqlite,
}

impl Engine {
    /// The engine a database URL names.
    #[must_use]
    pub fn of(url: &str) -> Self {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") { Self::Postgres } else { Self::Sqlite }
    }
}

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL.
    Pg(PgConnection),
    /// SQLite, compiled in.
    Sqlite(SqliteConnection),
}

/// The oldest SQLite without the WAL corruption race.
const SQLITE_AT_LEAST: i32 = 3_051_003;

impl Conn {
    /// Opens a connection and sets it up. The URL's scheme decides; a file that does not exist is created only with
    /// the `sqlite:` scheme, so that a typo in a bare path makes no empty database.
    ///
    /// # Errors
    /// `Unavailable` with the reason.
    pub fn open(url: &str, access: Access) -> Result<Self, DbError> {
        match Engine::of(url) {
            Engine::Postgres => Self::open_postgres(url),
            Engine::Sqlite => Self::open_sqlite(url, access),
        }
    }

    fn open_postgres(url: &str) -> Result<Self, DbError> {
        let mut conn = PgConnection::establish(url)?;
        conn.batch_execute(
            "SET TIME ZONE 'UTC'; SET statement_timeout = '15s'; SET lock_timeout = '5s'; \
             SET idle_in_transaction_session_timeout = '30s'",
        )?;
        Ok(Self::Pg(conn))
    }

    fn open_sqlite(url: &str, access: Access) -> Result<Self, DbError> {
        let version = libsqlite3_sys::SQLITE_VERSION_NUMBER;
        if version < SQLITE_AT_LEAST {
            return Err(DbError::Unavailable(format!("SQLite {version} is older than {SQLITE_AT_LEAST}")));
        }
        let path = url.strip_prefix("sqlite:").unwrap_or(url);
        if path == url && !std::path::Path::new(path).exists() {
            return Err(DbError::Unavailable(format!("there is no file {path}; write sqlite:{path} to create it")));
        }
        let mut conn = SqliteConnection::establish(path)?;
        conn.batch_execute(
            "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096;",
        )?;
        if access == Access::Read {
            conn.batch_execute("PRAGMA query_only = ON")?;
        }
        Ok(Self::Sqlite(conn))
    }

    /// Tells PostgreSQL's planner of many new rows, which it would find out by itself only later; until then a page of a list
    /// takes seconds. SQLite's planner is told by the migrations what to expect.
    ///
    /// # Errors
    /// The database's failure.
    pub fn analyze(&mut self) -> Result<(), DbError> {
        match self {
            Self::Pg(conn) => Ok(conn.batch_execute("ANALYZE")?),
            Self::Sqlite(_) => Ok(()),
        }
    }
}

/// What a connection is opened for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    /// Reading only; SQLite enforces it.
    Read,
    /// Reading and writing.
    Write,
}

/// A statement that is valid on both engines but that the derive refuses (`ON CONFLICT`, `UNION`).
pub struct Both<Q>(pub Q);

impl<Q> QueryFragment<MultiBackend> for Both<Q>
where
    Q: QueryFragment<diesel::pg::Pg> + QueryFragment<diesel::sqlite::Sqlite>,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(&self.0, pass)
    }
}
impl<Q: QueryId> QueryId for Both<Q> {
    type QueryId = Q::QueryId;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}
impl<Q: Query> Query for Both<Q> {
    type SqlType = Q::SqlType;
}
impl<Q> RunQueryDsl<Conn> for Both<Q> {}

/// Compiles one line for each engine; for multi-row inserts, which have no common type.
macro_rules! each {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::db::Conn::Pg($c) => $body,
            $crate::db::Conn::Sqlite($c) => $body,
        }
    };
}
pub(crate) use each;

/// The `RETURNING` list of a row type.
#[must_use]
pub fn columns<T: Selectable<MultiBackend>>() -> T::SelectExpression {
    T::construct_selection()
}
