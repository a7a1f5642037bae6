//! A running exchange.

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use techex::config::Config;
use techex::kernel::clock::{At, Clock, ManualClock};
use techex::kernel::id::RandomIds;
use techex::wiring::{self, Sources, StartError, System};

use super::database::{Engine, TestDatabase};
use super::people::{Client, Member};

/// An exchange that serves on a port of its own.
pub struct Exchange {
    pub address: SocketAddr,
    pub system: Arc<System>,
    pub clock: Arc<ManualClock>,
    pub folder: tempfile::TempDir,
    officer: Mutex<Option<(At, Client)>>,
    running: Option<(tokio::sync::oneshot::Sender<()>, std::thread::JoinHandle<()>)>,
    database: TestDatabase,
}

impl Drop for Exchange {
    /// Stops the server, so that the tests of one process do not pile up servers and connections.
    fn drop(&mut self) {
        if let Some((stop, server)) = self.running.take() {
            drop(stop);
            let _ = server.join();
        }
    }
}

/// When tests begin: any working morning.
const MORNING: &str = "2026-11-23T02:00:00Z";

impl Exchange {
    pub fn start_with(engine: Engine, adjust: impl FnOnce(&mut Config)) -> Self {
        Self::start_assembled(engine, adjust, wiring::assemble)
    }

    /// An exchange whose search index answers nothing.
    pub fn start_without_index(engine: Engine) -> Self {
        Self::start_assembled(engine, |_| {}, wiring::assemble_without_index)
    }

    /// Another server on the same database, with a data folder of its own and the same clock.
    pub fn beside(&self) -> Self {
        self.beside_with(|_| {})
    }

    /// The same with an adjusted configuration.
    pub fn beside_with(&self, adjust: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = TestDatabase::of_another(self.database_url());
        Self::serve(folder, database, Arc::clone(&self.clock), adjust, wiring::assemble)
    }

    fn start_assembled(
        engine: Engine,
        adjust: impl FnOnce(&mut Config),
        assemble: fn(Config, Sources) -> Result<System, StartError>,
    ) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = TestDatabase::create(engine, folder.path());
        let clock = Arc::new(ManualClock::new(MORNING.parse().expect("a time")));
        Self::serve(folder, database, clock, adjust, assemble)
    }

    fn serve(
        folder: tempfile::TempDir,
        database: TestDatabase,
        clock: Arc<ManualClock>,
        adjust: impl FnOnce(&mut Config),
        assemble: fn(Config, Sources) -> Result<System, StartError>,
    ) -> Self {
        let mut config = Config::for_testing(&database.url, folder.path());
        // Many tests share a machine, and a delivery that failed for want of time waits for a clock that stands still.
        config.database.wait_ms = 30_000;
        adjust(&mut config);
        let sources = Sources { clock: Arc::clone(&clock) as Arc<dyn Clock>, ids: Arc::new(RandomIds::default()) };
        let system = Arc::new(assemble(config, sources).expect("the system starts"));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let served = Arc::clone(&system);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let server = std::thread::spawn(move || {
            let stopped = async { drop(stopped.await) };
            let serving = async move { served.serve_until(listener, stopped).await };
            actix_web::rt::System::new().block_on(serving).expect("the server runs");
        });
        Self { address, system, clock, folder, officer: Mutex::default(), running: Some((stop, server)), database }
    }

    /// The time the exchange thinks it is.
    pub fn now(&self) -> At {
        self.clock.now()
    }

    pub fn database_url(&self) -> &str {
        &self.database.url
    }

    /// Somebody who is not signed in.
    pub fn visitor(&self) -> Client {
        Client::new(self.address)
    }

    /// A researcher: owner of a verified institute.
    pub fn researcher(&self) -> Member {
        Member::of_verified(self, "institute")
    }

    /// An enterprise member: owner of a verified enterprise.
    pub fn enterprise(&self) -> Member {
        Member::of_verified(self, "enterprise")
    }

    /// An officer of the supervising authority, signed in anew when the access token becomes old.
    pub fn officer(&self) -> Client {
        let mut officer = self.officer.lock().expect("no test has failed in here");
        match &*officer {
            Some((since, client)) if self.now() < since.plus_seconds(600) => client.clone(),
            _ => officer.insert((self.now(), super::people::officer(self))).1.clone(),
        }
    }

    /// Does the periodic work that is due.
    pub fn run_jobs(&self) {
        self.system.app.schedule.run_due();
    }

    /// Waits until `condition` holds; for what workers do in the background.
    pub fn eventually(&self, what: &str, mut condition: impl FnMut() -> bool) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !condition() {
            assert!(Instant::now() < deadline, "it never happened: {what}");
            std::thread::yield_now();
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }

    /// The mails sent to an address, newest last, with their bodies decoded.
    pub fn mails_to(&self, address: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.folder.path().join("mail")) else { return Vec::new() };
        let mut files: Vec<_> = entries
            .flatten()
            .filter(|entry| entry.path().extension().is_some_and(|ending| ending == "eml"))
            .filter_map(|entry| {
                Some((entry.metadata().ok()?.modified().ok()?, std::fs::read_to_string(entry.path()).ok()?))
            })
            .filter(|(_, text)| text.contains(address))
            .collect();
        files.sort();
        files.into_iter().map(|(_, text)| super::mail::readable(&text)).collect()
    }
}
