//! Where settings come from: defaults, then a TOML file, then the environment, then flags; each overrides the ones before.

use figment::providers::{Env, Format, Serialized, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};
use std::path::{Path, PathBuf};

use super::{Config, Mode};

/// Why the configuration cannot be used, in one line.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

/// What the command line sets.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The file to read instead of `techex.toml`; it has to exist.
    pub file: Option<PathBuf>,
    /// `key=value` pairs.
    pub settings: Vec<(String, String)>,
}

/// The file read when none is named, if it exists.
const DEFAULT_FILE: &str = "techex.toml";

/// Reads the configuration.
///
/// # Errors
/// One line that names the setting, where it was set, and what is wrong with it.
pub fn load(overrides: &Overrides) -> Result<Config, ConfigError> {
    let mut figment = Figment::from(Serialized::defaults(Config::default()));
    figment = match &overrides.file {
        Some(file) if !file.exists() => {
            return Err(ConfigError(format!("there is no configuration file {}", file.display())));
        }
        Some(file) => figment.merge(Toml::file_exact(file)),
        None if Path::new(DEFAULT_FILE).exists() => figment.merge(Toml::file_exact(DEFAULT_FILE)),
        None => figment,
    };
    let known = |name: &str| matches!(name, "DATABASE_URL" | "SMTP_URL");
    figment = figment
        .merge(
            Env::raw()
                .filter(move |key| known(key.as_str()))
                .map(|key| if key == "DATABASE_URL" { "database.url".into() } else { "mail.smtp_url".into() }),
        )
        .merge(Env::prefixed("TECHEX_").split("__"))
        .merge(Flags(&overrides.settings));
    let mut config: Config = figment.extract().map_err(|error| ConfigError(one_line(error)))?;
    read_secret_file(&mut config)?;
    check(&config)?;
    Ok(config)
}

struct Flags<'a>(&'a [(String, String)]);

impl Provider for Flags<'_> {
    fn metadata(&self) -> Metadata {
        Metadata::named("command line")
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let mut dict = Dict::new();
        for (key, value) in self.0 {
            let value = value.parse::<Value>().unwrap_or_else(|_| Value::from(value.as_str()));
            merge(&mut dict, figment::util::nest(key, value));
        }
        Ok(Profile::Default.collect(dict))
    }
}

fn merge(into: &mut Dict, value: Value) {
    let Some(fields) = value.into_dict() else { return };
    for (name, value) in fields {
        match (into.get_mut(&name), value) {
            (Some(Value::Dict(_, inner)), value @ Value::Dict(..)) => merge(inner, value),
            (_, value) => {
                into.insert(name, value);
            }
        }
    }
}

fn one_line(error: figment::Error) -> String {
    let setting = error.path.join(".");
    let source = error.metadata.as_ref().map(|m| match &m.source {
        Some(figment::Source::File(path)) => path.display().to_string(),
        _ => m.name.trim_matches('`').replace('`', ""),
    });
    let place = source.map(|source| format!(" ({source})")).unwrap_or_default();
    let what = error.kind.to_string();
    if setting.is_empty() {
        format!("configuration{place}: {what}")
    } else {
        format!("setting {setting}{place}: {what}")
    }
}

fn read_secret_file(config: &mut Config) -> Result<(), ConfigError> {
    let path = &config.auth.secret_file;
    if path.is_empty() {
        return Ok(());
    }
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError(format!("setting auth.secret_file: {path}: {error}")))?;
    config.auth.secret = super::Secret::new(text.trim());
    Ok(())
}

/// The shortest secret that keys are derived from, in characters.
const SECRET_AT_LEAST: usize = 32;

fn check(config: &Config) -> Result<(), ConfigError> {
    let wrong = |setting: &str, what: &str| Err(ConfigError(format!("setting {setting}: {what}")));
    let secret = &config.auth.secret;
    if !secret.is_empty() && secret.expose().chars().count() < SECRET_AT_LEAST {
        return wrong("auth.secret", "needs at least 32 characters; make one with: openssl rand -base64 48");
    }
    if config.mode == Mode::Production && secret.is_empty() {
        return wrong("auth.secret", "has to be set in production; make one with: openssl rand -base64 48");
    }
    if config.mode == Mode::Production && !config.server.public_url.starts_with("https://") {
        return wrong("server.public_url", "has to begin with https:// in production");
    }
    if !config.metrics.address.is_empty() && config.metrics.address.parse::<std::net::SocketAddr>().is_err() {
        return wrong("metrics.address", "is no address and port, such as 127.0.0.1:9464");
    }
    if config.auth.access_token_seconds < 30 || config.auth.session_days < 1 {
        return wrong("auth", "access_token_seconds needs at least 30 and session_days at least 1");
    }
    Ok(())
}
