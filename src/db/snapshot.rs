//! Reading the whole database as it was at one instant, while others go on writing.

use diesel::connection::{DefaultLoadingMode, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::conn::{Access, Conn};
use super::error::DbError;
use super::migrate;
use super::tables::{self, Table};

/// A view of the database that does not change; it ends with the value.
pub struct Snapshot {
    conn: Conn,
    tables: Vec<Table>,
    migrations: Vec<String>,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Rows fetched from PostgreSQL at once.
const FETCH: usize = 500;

impl Snapshot {
    /// Takes the view. On PostgreSQL it waits for an instant at which all transactions so far look as if they had run one
    /// after another, as requests do; nobody waits for it.
    ///
    /// # Errors
    /// `Unavailable` when the database cannot be reached.
    pub fn take(url: &str) -> Result<Self, DbError> {
        // Without its scheme a SQLite file that is not there is not created.
        let mut conn = Conn::open(url.strip_prefix("sqlite:").unwrap_or(url), Access::Read)?;
        let begin = match conn {
            Conn::Pg(_) => {
                "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0; \
                 BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE"
            }
            // The instant is that of the first read.
            Conn::Sqlite(_) => "BEGIN",
        };
        conn.batch_execute(begin)?;
        let migrations = migrate::applied(&mut conn)?;
        let tables = tables::tables(&mut conn)?;
        Ok(Self { conn, tables, migrations })
    }

    /// The tables, those that others refer to before those that refer to them.
    #[must_use]
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// The versions of the migrations that made them, in order.
    #[must_use]
    pub fn migrations(&self) -> &[String] {
        &self.migrations
    }

    /// Hands over each row of a table as one line of JSON.
    ///
    /// # Errors
    /// The database's failure, or what `take` fails with.
    pub fn rows<E: From<DbError>>(
        &mut self,
        table: &Table,
        mut take: impl FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        let query = table.read_sql(&self.conn);
        match &mut self.conn {
            Conn::Pg(conn) => {
                let declare = format!("DECLARE copied NO SCROLL CURSOR FOR {query}");
                conn.batch_execute(&declare).map_err(DbError::from)?;
                loop {
                    let fetched = diesel::sql_query(format!("FETCH {FETCH} FROM copied")).load::<Line>(conn);
                    let lines = fetched.map_err(DbError::from)?;
                    lines.iter().try_for_each(|row| take(&row.line))?;
                    if lines.len() < FETCH {
                        break;
                    }
                }
                conn.batch_execute("CLOSE copied").map_err(DbError::from)?;
            }
            Conn::Sqlite(conn) => {
                let rows = diesel::sql_query(query).load_iter::<Line, DefaultLoadingMode>(conn);
                for row in rows.map_err(DbError::from)? {
                    take(&row.map_err(DbError::from)?.line)?;
                }
            }
        }
        Ok(())
    }
}
