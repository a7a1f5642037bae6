//! `techex reindex`.

use std::sync::Arc;
use std::time::Duration;

use super::import::Progress;
use crate::config::Config;
use crate::db::{Failure, Isolation};
use crate::events::{Change, Origin, Tx, queue};
use crate::search::{self, REBUILD_REQUESTED, SearchError};
use crate::wiring::{self, Sources, StartError, System};

/// Runs it: here, or, when a server holds the index, by asking that server and waiting for it.
pub fn run(config: Config) -> Result<(), StartError> {
    let system = wiring::assemble_without_index(config, Sources::default())?;
    match wiring::open_index(&system.app.config, &system.app.clock) {
        Ok(index) => {
            let mut progress = Progress::unbounded("read");
            let mut reached = |read| progress.reached(read);
            let documents =
                search::rebuild(&system.app.database, &*index, &wiring::projection(), &*system.app.clock, &mut reached)
                    .map_err(|e| StartError::of("search index")(&e))?;
            progress.finish();
            println!("{documents} documents indexed");
            Ok(())
        }
        Err(SearchError::Locked(_)) => {
            ask_the_server(&system).map_err(|failure| StartError(format!("reindex: {failure:?}")))
        }
        Err(error) => Err(StartError::of("search index")(&error)),
    }
}

/// How often it is looked whether the server is done.
const LOOK_EVERY: Duration = Duration::from_millis(200);

fn ask_the_server(system: &System) -> Result<(), Failure> {
    println!("a server holds the search index; it builds it anew now");
    let app = Arc::clone(&system.app);
    let origin = Origin { actor: None, request_id: "techex reindex".into(), address: String::new() };
    system.app.database.write(Isolation::Serializable, move |conn| {
        let mut tx = Tx::new(conn, app.clock.now(), &app.writing, &origin);
        let request = tx.id();
        Ok(tx.record(&Change::new(REBUILD_REQUESTED, request, 0))?)
    })?;
    while system.app.database.read(|conn| Ok(queue::is_waiting(conn, REBUILD_REQUESTED)?))? {
        std::thread::sleep(LOOK_EVERY);
    }
    println!("done");
    Ok(())
}
