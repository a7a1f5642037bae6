//! `techex verify`: checks an exported negotiation, wherever the file is.

use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::negotiation;
use crate::wiring::StartError;

/// Which file.
#[derive(Args)]
pub struct Verify {
    /// The answer of `GET /v1/negotiations/{id}/export`.
    file: PathBuf,
}

/// Runs it: success if every event is as it was written down.
///
/// # Errors
/// When the file cannot be read.
pub fn run(verify: &Verify) -> Result<ExitCode, StartError> {
    let name = verify.file.display();
    let text = std::fs::read_to_string(&verify.file).map_err(|e| StartError::of(&name.to_string())(&e))?;
    match negotiation::verify(&text) {
        Ok(found) => {
            println!("{name}: negotiation {}, {} events, all as written down", found.id, found.events);
            println!("hash of the last one: {}", found.last_hash);
            Ok(ExitCode::SUCCESS)
        }
        Err(wrong) => {
            println!("{name}: {wrong}");
            Ok(ExitCode::FAILURE)
        }
    }
}
