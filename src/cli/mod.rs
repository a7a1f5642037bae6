//! The command line.

mod admin;
mod backup;
mod demo;
mod doctor;
mod health;
mod import;
mod logging;
mod reference;
mod reindex;
mod restore;
mod serve;
mod verify;

use clap::{Args, Parser, Subcommand};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::config::{self, Config, Overrides};
use crate::wiring::{self, StartError};

/// The Hanoi Technology Exchange: institutes list technologies, enterprises post technology orders, both find each other.
#[derive(Parser)]
#[command(name = "techex", version, about)]
struct Command {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    action: Action,
}

/// Settings that every command takes; they override the file and the environment.
#[derive(Args)]
struct Settings {
    /// Configuration file (TOML); `techex.toml` in the current folder by default, if there is one.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder for everything kept on disk.
    #[arg(long, global = true, value_name = "FOLDER")]
    data_dir: Option<String>,
    /// `postgres://…`, `sqlite:path`, or the path of an existing SQLite file.
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Any setting, such as `--set server.workers=4`; may be repeated.
    #[arg(long, global = true, value_name = "KEY=VALUE", value_parser = pair)]
    set: Vec<(String, String)>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .ok_or_else(|| "write it as key=value".to_owned())
}

#[derive(Subcommand)]
enum Action {
    /// Serve the API; creates and migrates the database first.
    Serve(serve::Serve),
    /// Apply missing schema migrations.
    Migrate,
    /// Load listings or orders from CSV, XLSX or JSON Lines.
    Import(import::Import),
    /// Load reference lists.
    #[command(subcommand)]
    Reference(reference::Reference),
    /// Build the search index anew beside the live one and swap.
    Reindex,
    /// Create an officer of the supervising authority.
    Admin(admin::Admin),
    /// Look at everything a server needs and say what is wrong; changes nothing.
    Doctor(doctor::Doctor),
    /// Ask the running server of this configuration whether it is ready.
    Health,
    /// Copy the database and the files to a folder, while servers run.
    Backup(backup::Backup),
    /// Put a backup into an empty database, of either kind.
    Restore(restore::Restore),
    /// Check an exported negotiation, without a database or a server.
    Verify(verify::Verify),
    /// Print the effective configuration, secrets masked.
    Config {
        /// Print the table of all settings instead.
        #[arg(long)]
        reference: bool,
    },
    /// Print the OpenAPI document.
    Openapi,
}

/// Runs the command the process was started with.
#[must_use]
pub fn run() -> ExitCode {
    let command = Command::parse();
    match execute(command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("techex: {}", error.to_string().split_whitespace().collect::<Vec<_>>().join(" "));
            ExitCode::FAILURE
        }
    }
}

/// Writes a text to standard output; a reader that has closed it has had enough.
fn put(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

fn execute(command: Command) -> Result<ExitCode, StartError> {
    match command.action {
        Action::Verify(verify) => return verify::run(&verify),
        Action::Openapi => put(&wiring::document()),
        Action::Config { reference: true } => put(&config::reference()),
        Action::Config { reference: false } => put(&effective(&load(&command.settings, &[])?)?),
        Action::Serve(serve) => {
            let address = serve.address.iter().map(|address| ("server.address".to_owned(), address.to_string()));
            return serve::run(load(&command.settings, &address.collect::<Vec<_>>())?, &serve);
        }
        Action::Migrate => migrate(&started(&command.settings)?)?,
        Action::Reindex => reindex::run(started(&command.settings)?)?,
        Action::Admin(admin) => admin::run(started(&command.settings)?, &admin)?,
        Action::Doctor(doctor) => return Ok(doctor::run(load(&command.settings, &[]), &doctor)),
        Action::Health => return Ok(health::run(&load(&command.settings, &[])?)),
        Action::Backup(backup) => backup::run(&started(&command.settings)?, &backup)?,
        Action::Restore(restore) => restore::run(started(&command.settings)?, &restore)?,
        Action::Reference(reference) => return reference::run(started(&command.settings)?, &reference),
        Action::Import(import) => return import::run(started(&command.settings)?, &import),
    }
    Ok(ExitCode::SUCCESS)
}

fn load(settings: &Settings, more: &[(String, String)]) -> Result<Config, StartError> {
    let mut pairs = settings.set.clone();
    pairs.extend(settings.data_dir.iter().map(|folder| ("data_dir".to_owned(), folder.clone())));
    pairs.extend(settings.database_url.iter().map(|url| ("database.url".to_owned(), url.clone())));
    pairs.extend_from_slice(more);
    let overrides = Overrides { file: settings.config.clone(), settings: pairs };
    config::load(&overrides).map_err(|error| StartError(error.to_string()))
}

/// The configuration, with logging begun.
fn started(settings: &Settings) -> Result<Config, StartError> {
    let config = load(settings, &[])?;
    logging::begin(&config.log)?;
    Ok(config)
}

fn effective(config: &Config) -> Result<String, StartError> {
    serde_json::to_string_pretty(config).map(|text| text + "\n").map_err(|e| StartError::of("configuration")(&e))
}

fn migrate(config: &Config) -> Result<(), StartError> {
    let applied = wiring::migrate(config)?;
    applied.iter().for_each(|name| println!("applied {name}"));
    println!("{} migrations applied", applied.len());
    Ok(())
}
