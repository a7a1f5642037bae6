//! `techex serve`.

use clap::Args;
use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::sync::Arc;

use super::{demo, logging};
use crate::config::{Config, Mode};
use crate::wiring::{self, Sources, StartError, System};

/// What to serve.
#[derive(Args)]
pub struct Serve {
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDRESS")]
    pub address: Option<SocketAddr>,
    /// Load the demonstration data first, if it is not there; refused in production.
    #[arg(long)]
    demo: bool,
}

/// Runs it.
pub fn run(config: Config, serve: &Serve) -> Result<ExitCode, StartError> {
    if serve.demo && config.mode == Mode::Production {
        return Err(StartError("demonstration data is refused in production mode".into()));
    }
    logging::begin(&config.log)?;
    let address = config.server.address;
    let listener =
        TcpListener::bind(address).map_err(|error| StartError(format!("server.address {address}: {error}")))?;
    let system = wiring::assemble(config, Sources::default())?;
    let outcome = actix_web::rt::System::new().block_on(serve_until_stopped(system, listener, serve.demo));
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn serve_until_stopped(system: System, listener: TcpListener, with_demo: bool) -> Result<(), StartError> {
    let logins = if with_demo { Some(demo::load(&system).await?) } else { None };
    let system = Arc::new(system);
    let indexed = Arc::clone(&system);
    let indexing = actix_web::rt::task::spawn_blocking(move || {
        indexed.warn_of_neighbours();
        if let Err(error) = indexed.complete_index() {
            tracing::error!(%error, "the search index is incomplete; run techex reindex");
        }
    });
    if let Some(logins) = logins {
        let _ = indexing.await;
        println!("{logins}");
    }
    let address = listener.local_addr().map_err(|e| StartError::of("server.address")(&e))?;
    println!("Techex is ready at http://{address}; documentation: http://{address}/docs/");
    note_key_uses(&system);
    system.serve(listener).await.map_err(|e| StartError::of("server")(&e))
}

/// How often it is noted which API keys were used.
const NOTING: std::time::Duration = std::time::Duration::from_secs(600);

/// Notes which API keys were used through this process, for as long as it runs. No job of the schedule, because each process
/// knows only of its own requests.
fn note_key_uses(system: &System) {
    let (app, credentials) = (Arc::clone(&system.app), Arc::clone(&system.credentials));
    actix_web::rt::spawn(async move {
        let mut interval = actix_web::rt::time::interval(NOTING);
        loop {
            interval.tick().await;
            let credentials = Arc::clone(&credentials);
            if let Err(failure) = app.database.write_async(move |conn| Ok(credentials.note_key_uses(conn)?)).await {
                tracing::warn!(?failure, "the last uses of API keys could not be noted");
            }
        }
    });
}
