//! What a server works with besides its database: the search index, the mail, the deliveries to both.

use std::net::SocketAddr;
use std::sync::Arc;

use super::finding::{Finding, Matter};
use crate::cli::health;
use crate::config::{Config, Mode};
use crate::db::{Conn, DbError};
use crate::events::{self, queue};
use crate::files::Storage;
use crate::kernel::clock::{At, Clock, SystemClock};
use crate::notifications;
use crate::search::{EmbeddedIndex, Health, SearchError, SearchIndex};
use crate::wiring;

const SEARCH: &str = "search";

/// Whether the index holds what the database has that is public.
pub fn search(config: &Config, count: u64) -> Finding {
    if !config.search.meili_url.is_empty() {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        return match wiring::open_index(config, &clock).and_then(|index| index.health()) {
            Ok(health) => compare(&health, count),
            Err(error) => Finding::error(SEARCH, Matter::SearchUnreachable).with("reason", error),
        };
    }
    let folder = config.data_dir().join("search");
    if !folder.exists() {
        return Finding::warning(SEARCH, Matter::SearchIncomplete).with("engine", "embedded");
    }
    match EmbeddedIndex::open(&folder).and_then(|index| index.health()) {
        Ok(health) => compare(&health, count),
        Err(SearchError::Locked(_)) => match documents_of_server(config) {
            Some(documents) => compare(&Health { engine: "embedded", documents, needs_rebuild: false }, count),
            None => Finding::ok(SEARCH, Matter::SearchHeld),
        },
        Err(error) => Finding::error(SEARCH, Matter::SearchUnreachable).with("reason", error),
    }
}

fn compare(health: &Health, count: u64) -> Finding {
    let finding = if health.needs_rebuild {
        Finding::warning(SEARCH, Matter::SearchIncomplete)
    } else if health.documents == count {
        Finding::ok(SEARCH, Matter::SearchComplete)
    } else {
        Finding::warning(SEARCH, Matter::SearchDiffers).with("documents", health.documents)
    };
    finding.with("engine", health.engine).with("count", count)
}

/// What the server that holds the index says in its figures.
fn documents_of_server(config: &Config) -> Option<u64> {
    let address: SocketAddr = config.metrics.address.parse().ok()?;
    let (_, figures) = health::get(address, "/metrics").ok()?;
    figures.lines().find_map(|line| line.strip_prefix("techex_search_documents ")?.trim().parse().ok())
}

/// Several servers on one database need an index that they share.
pub fn lone_indexes(config: &Config, servers: usize) -> Option<Finding> {
    (servers > 1 && config.search.meili_url.is_empty())
        .then(|| Finding::error(SEARCH, Matter::SearchNotShared).with("servers", servers))
}

const FILES: &str = "files";

/// Whether files can be kept.
pub fn files(config: &Config) -> Finding {
    let bucket = &config.files.s3_bucket;
    let folder = config.files_dir();
    let place = if bucket.is_empty() { folder.display().to_string() } else { format!("s3://{bucket}") };
    // The folder is made at the first start; whether it can be is told of the disk.
    let tried = match bucket.is_empty() && !folder.exists() {
        true => Ok(()),
        false => Storage::open(&config.files, &folder).and_then(|storage| storage.try_out()),
    };
    let finding = match tried {
        Ok(()) => Finding::ok(FILES, Matter::FilesKept),
        Err(error) => Finding::error(FILES, Matter::FilesUnusable).with("reason", error),
    };
    finding.with("place", place)
}

/// Several servers on one database need a file store that they share.
pub fn lone_folders(config: &Config, servers: usize) -> Option<Finding> {
    (servers > 1 && config.files.s3_bucket.is_empty())
        .then(|| Finding::warning(FILES, Matter::FilesNotShared).with("servers", servers))
}

const MAIL: &str = "mail";

/// Whether mails can leave.
pub fn mail(config: &Config) -> Finding {
    if config.mail.smtp_url.is_empty() {
        let finding = match config.mode {
            Mode::Production => Finding::error(MAIL, Matter::MailToFolder),
            Mode::Development => Finding::warning(MAIL, Matter::MailToFolder),
        };
        return finding.with("path", config.data_dir().join("mail").display());
    }
    match notifications::probe(&config.mail, config.data_dir()) {
        Ok(()) => Finding::ok(MAIL, Matter::MailAnswers),
        Err(error) => Finding::error(MAIL, Matter::MailUnreachable).with("reason", error),
    }
}

fn unknown() -> String {
    "-".into()
}

const OUTBOX: &str = "outbox";
/// Seconds after which a delivery that still waits is worth a look.
const LATE: i64 = 600;

/// Whether deliveries are made.
pub fn outbox(conn: &mut Conn, now: At) -> Result<Vec<Finding>, DbError> {
    let backlog = queue::backlog(conn)?;
    let mut findings = Vec::new();
    for (consumer, waiting, dead) in &backlog {
        if *dead > 0 {
            let error = queue::last_given_up(conn, consumer)?.unwrap_or_else(unknown);
            let finding = Finding::warning(OUTBOX, Matter::OutboxDead);
            findings.push(finding.with("consumer", consumer).with("dead", dead).with("error", error));
        }
        if let Some((since, error)) = queue::overdue(conn, consumer, now.plus_seconds(-LATE))? {
            let finding = Finding::warning(OUTBOX, Matter::OutboxLate).with("consumer", consumer);
            let error = error.unwrap_or_else(unknown);
            findings.push(finding.with("waiting", waiting).with("since", since).with("error", error));
        }
    }
    if findings.is_empty() {
        let waiting: i64 = backlog.iter().map(|(_, waiting, _)| waiting).sum();
        findings.push(Finding::ok(OUTBOX, Matter::OutboxFlowing).with("waiting", waiting));
    }
    Ok(findings)
}

/// Whether periodic work succeeds.
pub fn jobs(conn: &mut Conn) -> Result<Vec<Finding>, DbError> {
    let about = "jobs";
    let jobs = events::states(conn)?;
    let failing = jobs.iter().filter(|job| job.failures > 0).map(|job| {
        let error = job.last_error.clone().unwrap_or_else(unknown);
        let finding = Finding::warning(about, Matter::JobFailing).with("job", &job.name).with("failures", job.failures);
        finding.with("error", error)
    });
    let mut findings: Vec<_> = failing.collect();
    if findings.is_empty() {
        findings.push(Finding::ok(about, Matter::JobsDone).with("count", jobs.len()));
    }
    Ok(findings)
}
