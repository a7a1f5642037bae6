//! What a process that ended leaves to the next one: nothing is lost.

use std::path::Path;
use std::sync::Arc;
use techex::catalogue::{Listing, import};
use techex::config::Config;
use techex::db::Isolation;
use techex::events::Tx;
use techex::kernel::clock::ManualClock;
use techex::kernel::id::RandomIds;
use techex::search::{EmbeddedIndex, Query};
use techex::wiring::{self, Sources, System};

use crate::events::{incoming, origin};
use crate::harness::{Engine, TestDatabase};
use crate::{on_each_engine, rows};

/// A system on a database and a folder that outlive it, without workers.
fn assemble(database: &TestDatabase, folder: &Path) -> System {
    let clock = Arc::new(ManualClock::new("2026-11-23T02:00:00Z".parse().expect("a time")));
    let sources = Sources { clock, ids: Arc::new(RandomIds::default()) };
    wiring::assemble(Config::for_testing(&database.url, folder), sources).expect("the system starts")
}

/// Writes a published listing with all that belongs to it, as a request does.
fn write(system: &System) {
    let app = Arc::clone(&system.app);
    let written = system.app.database.write(Isolation::Serializable, move |conn| {
        let (origin, now) = (origin(), app.clock.now());
        let mut tx = Tx::new(conn, now, &app.writing, &origin);
        let kind = techex::kernel::access::OrganizationKind::Institute;
        let organization = techex::accounts::create_imported_organization(&mut tx, kind, "Viện thử")?;
        import::<Listing>(&mut tx, &incoming(organization, now)).map(|_| ())
    });
    written.expect("it is written");
}

fn hits(system: &System) -> usize {
    let query = Query { text: "pin nhien lieu".into(), ..Query::default() };
    system.app.search.search(&query).expect("an answer").total
}

fn eventually(what: &str, condition: impl Fn() -> bool) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !condition() {
        assert!(std::time::Instant::now() < deadline, "it never happened: {what}");
        std::thread::park_timeout(std::time::Duration::from_millis(5));
    }
}

/// The process ends after the commit, before anything was indexed; the next one catches up.
fn a_crash_before_indexing(engine: Engine) {
    let folder = tempfile::tempdir().expect("a folder");
    let database = TestDatabase::create(engine, folder.path());
    let first = assemble(&database, folder.path());
    write(&first);
    assert_eq!((hits(&first), rows::count(&database.url, "outbox WHERE consumer = 'search'")), (0, 1));
    drop(first);
    let second = assemble(&database, folder.path());
    assert_eq!(hits(&second), 0);
    second.app.start_workers().expect("threads");
    eventually("it is found", || hits(&second) == 1);
    eventually("the outbox is empty", || rows::count(&database.url, "outbox") == 0);
}

/// The index is lost; the next process builds it from the database.
fn a_lost_index(engine: Engine) {
    let folder = tempfile::tempdir().expect("a folder");
    let database = TestDatabase::create(engine, folder.path());
    let first = assemble(&database, folder.path());
    write(&first);
    first.app.start_workers().expect("threads");
    eventually("it is found", || hits(&first) == 1);
    drop(first);
    std::fs::remove_dir_all(folder.path().join("search")).expect("the index goes");
    let second = assemble(&database, folder.path());
    assert_eq!(hits(&second), 0);
    second.complete_index().expect("it is built");
    assert_eq!(hits(&second), 1);
}

/// One process holds an index at a time.
fn a_second_process_on_the_same_index(engine: Engine) {
    let folder = tempfile::tempdir().expect("a folder");
    let database = TestDatabase::create(engine, folder.path());
    let first = assemble(&database, folder.path());
    let refusal = EmbeddedIndex::open(&folder.path().join("search")).map(drop).expect_err("it is held");
    assert!(refusal.to_string().contains("in use by another process"), "{refusal}");
    drop(first);
    assemble(&database, folder.path());
}

on_each_engine! { a_crash_before_indexing a_lost_index a_second_process_on_the_same_index }
