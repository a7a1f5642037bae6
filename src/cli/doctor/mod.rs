//! `techex doctor`: looks at everything a server needs and says what is wrong and what to do about it. Changes nothing.

mod database;
mod finding;
mod machine;
mod services;

use clap::Args;
use serde_json::{Value, json};
use std::process::ExitCode;

use crate::config::{Config, Mode};
use crate::kernel::locale::Locale;
use crate::wiring::StartError;
use finding::{Finding, Level, Matter};

/// How to report.
#[derive(Args)]
pub struct Doctor {
    /// One JSON object instead of lines.
    #[arg(long)]
    json: bool,
    /// `vi` or `en`; by default that of the environment's `LC_ALL`, `LC_MESSAGES` or `LANG`, English if it is another.
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<Locale>,
}

/// Runs it: success unless something is an error.
pub fn run(config: Result<Config, StartError>, doctor: &Doctor) -> ExitCode {
    let findings = match config {
        Ok(config) => examine(&config),
        Err(error) => vec![Finding::error("configuration", Matter::ConfigurationWrong).with("reason", error)],
    };
    let locale = doctor.language.unwrap_or_else(environment_locale);
    let failed = findings.iter().any(|finding| finding.level == Level::Error);
    if doctor.json {
        println!("{}", report(&findings, locale));
    } else {
        for finding in &findings {
            println!("{} {}: {}", finding.level.word(locale), finding.about, finding.text(locale));
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn report(findings: &[Finding], locale: Locale) -> Value {
    let worst = findings.iter().map(|finding| finding.level).max().unwrap_or(Level::Ok);
    let one = |finding: &Finding| {
        json!({
            "about": finding.about, "level": finding.level, "code": finding.matter.as_str(), "text": finding.text(locale),
        })
    };
    json!({ "level": worst, "findings": findings.iter().map(one).collect::<Vec<_>>() })
}

/// The language a terminal is set to (POSIX.1, 8.2).
fn environment_locale() -> Locale {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok());
    match set.into_iter().find(|value| !value.is_empty()) {
        Some(value) if value.starts_with("vi") => Locale::Vi,
        _ => Locale::En,
    }
}

fn examine(config: &Config) -> Vec<Finding> {
    let mut findings = configuration(config);
    findings.extend(machine::permissions(config));
    findings.extend(machine::disk(config));
    findings.extend(database::examine(config));
    findings.push(services::files(config));
    findings.push(services::mail(config));
    findings
}

fn configuration(config: &Config) -> Vec<Finding> {
    let about = "configuration";
    let url = &config.server.public_url;
    let local = ["127.0.0.1", "localhost", "[::1]"].iter().any(|host| url.contains(host));
    let mode = match config.mode {
        Mode::Production => Finding::ok(about, Matter::ModeProduction),
        Mode::Development => Finding::warning(about, Matter::ModeDevelopment),
    };
    let address = match local {
        true => Finding::warning(about, Matter::PublicUrlLocal),
        false => Finding::ok(about, Matter::PublicUrl),
    };
    let mut findings = vec![mode, address.with("url", url)];
    if config.mode == Mode::Production && config.server.trusted_proxies.is_empty() {
        findings.push(Finding::warning(about, Matter::NoTrustedProxy));
    }
    findings
}
