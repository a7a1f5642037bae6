//! The database, and what is known through it: migrations, connections, clocks, search, deliveries.

use std::time::Instant;

use super::finding::{Finding, Matter};
use super::{machine, services};
use crate::config::Config;
use crate::db::{self, Conn, DbError, Inspection, Server};
use crate::events;
use crate::kernel::clock::{At, Clock, SystemClock};
use crate::wiring;

const ABOUT: &str = "database";

/// Everything the database tells.
pub fn examine(config: &Config) -> Vec<Finding> {
    let begun = Instant::now();
    let looked = db::look(&config.database_url(), |conn| {
        let inspection = db::inspect(conn)?;
        let millis = begun.elapsed().as_millis();
        let mut findings = vec![
            Finding::ok(ABOUT, Matter::DatabaseAnswers).with("version", &inspection.version).with("millis", millis),
        ];
        let now = SystemClock.now();
        findings.extend(engine(config, &inspection, &db::servers(conn)?, now));
        let migrations = migrations(&inspection)?;
        let complete = migrations.matter == Matter::MigrationsComplete;
        findings.push(migrations);
        if complete {
            findings.extend(content(config, conn, now)?);
        }
        Ok(findings)
    });
    looked.unwrap_or_else(|error| vec![Finding::error(ABOUT, Matter::DatabaseUnreachable).with("reason", error)])
}

fn migrations(inspection: &Inspection) -> Result<Finding, DbError> {
    let known = db::known()?;
    let applied = &inspection.applied;
    if applied.is_empty() {
        return Ok(Finding::warning(ABOUT, Matter::DatabaseEmpty));
    }
    if let Some(newer) = applied.iter().find(|version| !known.contains(version)) {
        return Ok(Finding::error(ABOUT, Matter::MigrationsUnknown).with("version", newer));
    }
    Ok(match known.len() - applied.len() {
        0 => Finding::ok(ABOUT, Matter::MigrationsComplete).with("count", known.len()),
        missing => Finding::warning(ABOUT, Matter::MigrationsPending).with("count", missing),
    })
}

fn engine(config: &Config, inspection: &Inspection, servers: &[String], now: At) -> Vec<Finding> {
    match &inspection.server {
        Some(server) => postgres(config, server, servers, now),
        None => sqlite(config, inspection.damage.as_deref()),
    }
}

/// Length of the write-ahead log from which on something hinders it from being taken over, in MiB.
const LONG_LOG: u64 = 256;

fn sqlite(config: &Config, damage: Option<&str>) -> Vec<Finding> {
    let mut findings = vec![match damage {
        None => Finding::ok(ABOUT, Matter::DatabaseSound),
        Some(reason) => Finding::error(ABOUT, Matter::DatabaseDamaged).with("reason", reason),
    }];
    let url = config.database_url();
    let log = format!("{}-wal", url.strip_prefix("sqlite:").unwrap_or(&url));
    let mib = std::fs::metadata(log).map_or(0, |log| log.len() >> 20);
    if mib > LONG_LOG {
        findings.push(Finding::warning(ABOUT, Matter::LogLarge).with("mib", mib));
    }
    findings
}

/// The oldest major version that its makers still mend (postgresql.org/support/versioning).
const OLDEST_POSTGRES: i64 = 14;
/// Seconds by which two clocks may differ unnoticed.
const CLOCKS_MAY_DIFFER: i64 = 2;

fn postgres(config: &Config, server: &Server, servers: &[String], now: At) -> Vec<Finding> {
    let mut findings = Vec::new();
    if server.major < OLDEST_POSTGRES {
        findings.push(Finding::error(ABOUT, Matter::DatabaseTooOld).with("major", server.major));
    }
    for (fine, matter) in [(server.durable, Matter::NotDurable), (server.unicode, Matter::NotUnicode)] {
        if !fine {
            findings.push(Finding::error(ABOUT, matter));
        }
    }
    if !server.private {
        findings.push(Finding::warning(ABOUT, Matter::NotPrivate));
    }
    let pool = wiring::pool_size(config);
    let count = i64::try_from(servers.len()).unwrap_or(i64::MAX).max(1);
    let tight = count.saturating_mul(i64::from(pool)) > server.connections;
    let connections = if tight {
        Finding::warning(ABOUT, Matter::ConnectionsTight).with("servers", count)
    } else {
        Finding::ok(ABOUT, Matter::ConnectionsEnough).with("connected", server.connected)
    };
    findings.push(connections.with("pool", pool).with("connections", server.connections));
    let seconds = (now.seconds() - server.now.seconds()).abs();
    if seconds > CLOCKS_MAY_DIFFER {
        findings.push(Finding::warning("clock", Matter::ClocksDiffer).with("seconds", seconds));
    }
    findings.extend(services::lone_indexes(config, servers.len()));
    findings.extend(services::lone_folders(config, servers.len()));
    findings
}

fn content(config: &Config, conn: &mut Conn, now: At) -> Result<Vec<Finding>, DbError> {
    let mut findings = vec![machine::clock(now, events::newest_entry(conn)?)];
    findings.push(services::search(config, wiring::count_public(conn)?));
    findings.extend(services::outbox(conn, now)?);
    findings.extend(services::jobs(conn)?);
    Ok(findings)
}
