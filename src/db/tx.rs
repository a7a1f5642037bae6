//! Write transactions: begun by hand, because `BEGIN` alone lets two SQLite writers meet half-way.

use diesel::connection::{AnsiTransactionManager, TransactionManager};

use super::conn::Conn;
use super::error::{DbError, Failure};

/// How strictly a PostgreSQL transaction is kept apart from the others; SQLite has one writer at a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Isolation {
    /// As if the transactions ran one after another. For requests.
    Serializable,
    /// For the queue: `SKIP LOCKED` has to see what others have committed.
    ReadCommitted,
}

/// How often a transaction is run before its conflicts are told.
pub(super) const ATTEMPTS: u32 = 8;

pub(super) fn begin(conn: &mut Conn, isolation: Isolation) -> Result<(), DbError> {
    let result = match conn {
        Conn::Pg(conn) => AnsiTransactionManager::begin_transaction_sql(
            conn,
            match isolation {
                Isolation::Serializable => "BEGIN ISOLATION LEVEL SERIALIZABLE",
                Isolation::ReadCommitted => "BEGIN ISOLATION LEVEL READ COMMITTED",
            },
        ),
        Conn::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE"),
    };
    result.map_err(DbError::from)
}

pub(super) fn commit(conn: &mut Conn) -> Result<(), DbError> {
    <Conn as TransactionManager<Conn>>::commit_transaction(conn).map_err(DbError::from)
}

/// Rolls back; a connection that cannot even do that is marked broken by diesel and leaves its pool.
pub(super) fn rollback(conn: &mut Conn) {
    if let Err(error) = <Conn as TransactionManager<Conn>>::rollback_transaction(conn) {
        tracing::warn!(%error, "rollback failed");
    }
}

/// Runs `work` in a transaction of its own on this connection.
pub(super) fn run<T>(
    conn: &mut Conn,
    isolation: Isolation,
    work: &mut dyn FnMut(&mut Conn) -> Result<T, Failure>,
) -> Result<T, Failure> {
    begin(conn, isolation)?;
    match work(conn) {
        Ok(value) => commit(conn).map(|()| value).map_err(Failure::from),
        Err(failure) => {
            rollback(conn);
            Err(failure)
        }
    }
}
