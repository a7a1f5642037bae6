//! A database for each test.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use sha2::{Digest, Sha256};
use std::path::Path;

/// Which database a test runs on.
pub enum Engine {
    /// A file in the test's folder.
    Sqlite,
    /// A database of its own on the server at this URL.
    Postgres(String),
}

impl Engine {
    /// PostgreSQL, if `TEST_POSTGRES_URL` names a server on which databases may be created; says so if not.
    pub fn postgres() -> Option<Self> {
        match std::env::var("TEST_POSTGRES_URL") {
            Ok(url) => Some(Self::Postgres(url)),
            Err(_) => {
                println!("skipped: TEST_POSTGRES_URL is not set");
                None
            }
        }
    }
}

/// A test's database; a PostgreSQL one is dropped with it.
pub struct TestDatabase {
    pub url: String,
    drop_from: Option<(String, String)>,
}

impl TestDatabase {
    /// The database of another test server, which outlives this one.
    pub fn of_another(url: &str) -> Self {
        Self { url: url.to_owned(), drop_from: None }
    }

    pub fn create(engine: Engine, folder: &Path) -> Self {
        match engine {
            Engine::Sqlite => {
                let url = format!("sqlite:{}", folder.join("test.db").display());
                techex::db::migrate(&url).expect("migrations apply");
                Self { url, drop_from: None }
            }
            Engine::Postgres(server) => {
                let name = format!("techex_test_{}", uuid::Uuid::new_v4().simple());
                let template = template(&server);
                execute(&server, &format!("CREATE DATABASE {name} TEMPLATE {template}"));
                Self { url: sibling(&server, &name), drop_from: Some((server, name)) }
            }
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.drop_from {
            execute(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// A migrated database to copy, made by the first test that needs it.
fn template(server: &str) -> String {
    let mut hash = Sha256::new();
    let mut files: Vec<_> = walk(Path::new("migrations/postgres"));
    files.sort();
    for file in files {
        hash.update(std::fs::read(file).expect("a migration is readable"));
    }
    let digest: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let name = format!("techex_template_{digest}");
    let mut conn = connect(server);
    conn.batch_execute("SELECT pg_advisory_lock(4242)").expect("the lock is to be had");
    let known: i64 = diesel::sql_query(format!("SELECT count(*) AS n FROM pg_database WHERE datname = '{name}'"))
        .get_result::<Count>(&mut conn)
        .expect("the databases can be listed")
        .n;
    if known == 0 {
        let raw = format!("{name}_new");
        conn.batch_execute(&format!("DROP DATABASE IF EXISTS {raw} WITH (FORCE)")).expect("leftovers go");
        conn.batch_execute(&format!("CREATE DATABASE {raw}")).expect("a database is created");
        techex::db::migrate(&sibling(server, &raw)).expect("migrations apply");
        conn.batch_execute(&format!("ALTER DATABASE {raw} RENAME TO {name}")).expect("the template gets its name");
    }
    conn.batch_execute("SELECT pg_advisory_unlock(4242)").expect("the lock is given back");
    name
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder is readable").flatten();
    entries.flat_map(|entry| if entry.path().is_dir() { walk(&entry.path()) } else { vec![entry.path()] }).collect()
}

fn connect(url: &str) -> PgConnection {
    PgConnection::establish(url).expect("the PostgreSQL server answers")
}

fn execute(server: &str, sql: &str) {
    connect(server).batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
}

fn sibling(server: &str, name: &str) -> String {
    let (head, _) = server.rsplit_once('/').expect("the URL ends in a database name");
    format!("{head}/{name}")
}
