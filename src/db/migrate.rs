//! Schema migrations: two trees with the same names, one for each engine.

use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::conn::{Access, Conn};
use super::error::DbError;

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// Any number, the same for every server of the product: whoever holds it migrates, the others wait.
const ADVISORY_LOCK: i64 = 0x7465_6368_6578;

/// Applies what is missing and returns the names of the migrations applied. Safe when several servers start at once.
///
/// # Errors
/// `Unavailable` when the database cannot be reached, `Broken` when a migration fails.
pub fn migrate(url: &str) -> Result<Vec<String>, DbError> {
    let mut conn = Conn::open(url, Access::Write)?;
    locked(&mut conn, |conn| {
        let migrations = match conn {
            Conn::Pg(_) => POSTGRES,
            Conn::Sqlite(_) => SQLITE,
        };
        let applied = conn.run_pending_migrations(migrations).map_err(|e| DbError::Broken(e.to_string()))?;
        Ok(applied.iter().map(ToString::to_string).collect())
    })
}

/// Takes every migration back; for the test that goes up, down and up again.
///
/// # Errors
/// As [`migrate`].
pub fn down_all(url: &str) -> Result<(), DbError> {
    let mut conn = Conn::open(url, Access::Write)?;
    locked(&mut conn, |conn| {
        let migrations = match conn {
            Conn::Pg(_) => POSTGRES,
            Conn::Sqlite(_) => SQLITE,
        };
        conn.revert_all_migrations(migrations).map(|_| ()).map_err(|e| DbError::Broken(e.to_string()))
    })
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
