//! Schema migrations: two trees with the same names, one for each engine.

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::conn::{Access, Conn, MultiBackend};
use super::error::DbError;

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// Any number, the same for every server of the product: whoever holds it migrates, the others wait.
const ADVISORY_LOCK: i64 = 0x7465_6368_6578;

/// Applies what is missing and returns the names of the migrations applied. Safe when several servers start at once.
///
/// # Errors
/// `Unavailable` when the database cannot be reached, `Broken` when a migration fails or a newer version made the database.
pub fn migrate(url: &str) -> Result<Vec<String>, DbError> {
    let mut conn = Conn::open(url, Access::Write)?;
    locked(&mut conn, |conn| {
        let known = known()?;
        match applied(conn)?.into_iter().find(|version| !known.contains(version)) {
            Some(newer) => {
                Err(DbError::Broken(format!("a newer version of techex made this database ({newer}): use that")))
            }
            None => complete(conn),
        }
    })
}

/// Takes every migration back; for the test that goes up, down and up again.
///
/// # Errors
/// As [`migrate`].
pub fn down_all(url: &str) -> Result<(), DbError> {
    let mut conn = Conn::open(url, Access::Write)?;
    locked(&mut conn, take_back)
}

/// Versions of all migrations this program has, in order.
///
/// # Errors
/// `Broken` when they cannot be read, which is a mistake of the build.
pub fn known() -> Result<Vec<String>, DbError> {
    let migrations = <EmbeddedMigrations as MigrationSource<diesel::pg::Pg>>::migrations(&POSTGRES).map_err(broken)?;
    let mut versions: Vec<_> = migrations.iter().map(|migration| migration.name().version().to_string()).collect();
    versions.sort();
    Ok(versions)
}

/// Versions of the migrations applied to a database, in order. Only reads.
///
/// # Errors
/// The database's failure.
pub fn applied(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    let table = match conn {
        Conn::Pg(_) => "SELECT tablename::text AS version FROM pg_tables WHERE schemaname = current_schema()",
        Conn::Sqlite(_) => "SELECT name AS version FROM sqlite_schema WHERE type = 'table'",
    };
    let tables: Vec<Applied> = diesel::sql_query(table).load(conn)?;
    if tables.iter().all(|table| table.version != "__diesel_schema_migrations") {
        return Ok(Vec::new());
    }
    let versions = diesel::sql_query("SELECT version FROM __diesel_schema_migrations ORDER BY version");
    Ok(versions.load::<Applied>(conn)?.into_iter().map(|row| row.version).collect())
}

#[derive(QueryableByName)]
struct Applied {
    #[diesel(sql_type = diesel::sql_types::Text)]
    version: String,
}

/// Takes every migration back and applies those of the given versions, inside the caller's transaction.
pub(super) fn remake(conn: &mut Conn, versions: &[String]) -> Result<(), DbError> {
    if let Conn::Pg(pg) = conn {
        pg.batch_execute(&format!("SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))?;
    }
    take_back(conn)?;
    let chosen = pending(conn)?;
    let chosen: Vec<_> = chosen.into_iter().filter(|m| versions.contains(&m.name().version().to_string())).collect();
    if chosen.len() != versions.len() {
        return Err(DbError::Broken("the copy has migrations that this version of techex does not know".into()));
    }
    conn.run_migrations(&chosen).map(|_| ()).map_err(broken)
}

/// Applies what is missing, inside the caller's transaction if there is one.
pub(super) fn complete(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    let missing = pending(conn)?;
    let applied = conn.run_migrations(&missing).map_err(broken)?;
    Ok(applied.iter().map(ToString::to_string).collect())
}

fn pending(conn: &mut Conn) -> Result<Vec<Box<dyn Migration<MultiBackend>>>, DbError> {
    let source = source(conn);
    conn.pending_migrations(source).map_err(broken)
}

fn take_back(conn: &mut Conn) -> Result<(), DbError> {
    let source = source(conn);
    conn.revert_all_migrations(source).map(|_| ()).map_err(broken)
}

fn source(conn: &Conn) -> EmbeddedMigrations {
    match conn {
        Conn::Pg(_) => POSTGRES,
        Conn::Sqlite(_) => SQLITE,
    }
}

fn broken(error: impl std::fmt::Display) -> DbError {
    DbError::Broken(error.to_string())
}

fn locked<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T, DbError>) -> Result<T, DbError> {
    if let Conn::Pg(pg) = conn {
        pg.batch_execute(&format!(
            "SET lock_timeout = 0; SET statement_timeout = 0; SELECT pg_advisory_lock({ADVISORY_LOCK})"
        ))?;
    }
    let outcome = work(conn);
    if let Conn::Pg(pg) = conn {
        pg.batch_execute(&format!("SELECT pg_advisory_unlock({ADVISORY_LOCK})"))?;
    }
    outcome
}
