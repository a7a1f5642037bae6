//! Filling an empty database with copied rows, all or nothing.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::conn::{Access, Conn};
use super::error::DbError;
use super::migrate;
use super::tables::{self, Table, quoted};
use super::tx::{self, Isolation};

/// What a database holds that is to be filled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Content {
    /// Nothing, or only what the migrations put there.
    Nothing,
    /// An exchange that has been used.
    Exchange,
    /// Tables of something else.
    SomethingElse,
}

/// What a database holds. Everything anybody ever did has left an audit entry, so an exchange without any is unused.
///
/// # Errors
/// `Unavailable` when it cannot be reached.
pub fn content(url: &str) -> Result<Content, DbError> {
    let mut conn = Conn::open(url, Access::Write)?;
    let migrated = !migrate::applied(&mut conn)?.is_empty();
    Ok(match tables::tables(&mut conn) {
        Ok(tables) if tables.is_empty() => Content::Nothing,
        Ok(tables) if migrated && tables.iter().any(|table| table.name == "audit_log") => {
            if count(&mut conn, "audit_log")? == 0 { Content::Nothing } else { Content::Exchange }
        }
        Ok(_) | Err(DbError::Broken(_)) => Content::SomethingElse,
        Err(error) => return Err(error),
    })
}

/// A database being filled, in one transaction that [`Filling::finish`] commits.
pub struct Filling {
    conn: Conn,
    tables: Vec<Table>,
}

/// Rows and bytes written by one statement.
const ROWS: usize = 500;
const BYTES: usize = 4 << 20;

impl Filling {
    /// Takes away what is there and makes the tables as the given migrations leave them, without rows.
    ///
    /// # Errors
    /// `Unavailable` when somebody else uses the database, `Broken` when a migration fails.
    pub fn begin(url: &str, migrations: &[String]) -> Result<Self, DbError> {
        let mut conn = Conn::open(url, Access::Write)?;
        seclude(&mut conn)?;
        tx::begin(&mut conn, Isolation::ReadCommitted)?;
        migrate::remake(&mut conn, migrations)?;
        let tables = tables::tables(&mut conn)?;
        for table in tables.iter().rev() {
            // What the migrations put there comes with the copy; an append-only table is empty and would refuse this.
            if count(&mut conn, &table.name)? > 0 {
                diesel::sql_query(format!("DELETE FROM {}", quoted(&table.name))).execute(&mut conn)?;
            }
        }
        Ok(Self { conn, tables })
    }

    /// The names of the tables in the order in which they can be filled: those referred to come first.
    #[must_use]
    pub fn tables(&self) -> Vec<String> {
        self.tables.iter().map(|table| table.name.clone()).collect()
    }

    /// Writes rows, one line of JSON each, with the values of `columns`; tells how many the table has afterwards.
    ///
    /// # Errors
    /// `Broken` when there is no such table or column, otherwise what `lines` or the database fails with.
    pub fn fill<E: From<DbError>>(
        &mut self,
        table: &str,
        columns: &[String],
        lines: impl Iterator<Item = Result<String, E>>,
    ) -> Result<u64, E> {
        let known = self.tables.iter().find(|known| known.name == table);
        let known = known.ok_or_else(|| DbError::Broken(format!("there is no table {table}")))?;
        let statement = known
            .write_sql(&self.conn, columns)
            .map_err(|column| DbError::Broken(format!("there is no column {table}.{column}")))?;
        let mut batch = Batch::default();
        for line in lines {
            batch.add(&line?);
            if batch.rows == ROWS || batch.text.len() > BYTES {
                batch.write(&mut self.conn, &statement)?;
            }
        }
        batch.write(&mut self.conn, &statement)?;
        let rows = count(&mut self.conn, table)?;
        Ok(u64::try_from(rows).unwrap_or_default())
    }

    /// Checks that every reference leads somewhere, applies the migrations that came after those of the copy, and commits;
    /// tells which were applied.
    ///
    /// # Errors
    /// `Broken` when a reference leads nowhere or a migration fails; then nothing was written.
    pub fn finish(mut self) -> Result<Vec<String>, DbError> {
        check_references(&mut self.conn)?;
        let applied = migrate::complete(&mut self.conn)?;
        tx::commit(&mut self.conn)?;
        self.conn.analyze()?;
        Ok(applied)
    }
}

/// Several lines as one JSON array.
#[derive(Default)]
struct Batch {
    text: String,
    rows: usize,
}

impl Batch {
    fn add(&mut self, line: &str) {
        self.text.push(if self.rows == 0 { '[' } else { ',' });
        self.text.push_str(line);
        self.rows += 1;
    }

    fn write(&mut self, conn: &mut Conn, statement: &str) -> Result<(), DbError> {
        if self.rows == 0 {
            return Ok(());
        }
        self.text.push(']');
        let rows = match conn {
            Conn::Pg(conn) => diesel::sql_query(statement).bind::<Text, _>(&self.text).execute(conn)?,
            Conn::Sqlite(conn) => diesel::sql_query(statement).bind::<Text, _>(&self.text).execute(conn)?,
        };
        if rows != self.rows {
            return Err(DbError::Broken(format!("{rows} rows written instead of {}", self.rows)));
        }
        *self = Self::default();
        Ok(())
    }
}

/// Makes sure that nobody else uses the database.
fn seclude(conn: &mut Conn) -> Result<(), DbError> {
    let in_use = |who: String| DbError::Unavailable(format!("{who}; stop the servers first"));
    match conn {
        Conn::Pg(pg) => {
            pg.batch_execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")?;
            let others = "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() \
                          AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
            match diesel::sql_query(others).get_result::<Count>(pg)?.n {
                0 => Ok(()),
                n => Err(in_use(format!("{n} other connections to the database are open"))),
            }
        }
        // Leaving the write-ahead log is possible for the only user of a database; the next server begins a new one.
        Conn::Sqlite(sqlite) => sqlite
            .batch_execute("PRAGMA busy_timeout = 500; PRAGMA journal_mode = DELETE")
            .map_err(|error| in_use(format!("another process uses the database ({error})"))),
    }
}

/// PostgreSQL has checked them at each row; SQLite too, but a second look costs little beside a restore.
fn check_references(conn: &mut Conn) -> Result<(), DbError> {
    let Conn::Sqlite(sqlite) = conn else { return Ok(()) };
    let loose = "SELECT count(*) AS n FROM pragma_foreign_key_check";
    match diesel::sql_query(loose).get_result::<Count>(sqlite)?.n {
        0 => Ok(()),
        n => Err(DbError::Broken(format!("{n} rows refer to rows that are not there"))),
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn count(conn: &mut Conn, table: &str) -> Result<i64, DbError> {
    Ok(diesel::sql_query(format!("SELECT count(*) AS n FROM {}", quoted(table))).get_result::<Count>(conn)?.n)
}
