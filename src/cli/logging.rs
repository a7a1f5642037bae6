//! Logging: structured lines to standard error.

use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};
use crate::wiring::StartError;

/// Begins logging as configured.
///
/// # Errors
/// When the filter does not parse.
pub fn begin(log: &Log) -> Result<(), StartError> {
    let filter = EnvFilter::try_new(&log.filter).map_err(|error| StartError(format!("setting log.filter: {error}")))?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // A second beginning in one process keeps the first.
    let _ = match log.format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    Ok(())
}
