//! Where settings come from: defaults, then a TOML file, then the environment, then flags; each overrides the ones before.

use figment::providers::{Env, Format, Serialized, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};
use std::path::{Path, PathBuf};

use super::{Config, Mode, Secret};

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

/// Variables by the names other programs give them, and what they set.
const WELL_KNOWN: [(&str, &str); 4] = [
    ("DATABASE_URL", "database.url"),
    ("SMTP_URL", "mail.smtp_url"),
    ("MEILI_URL", "search.meili_url"),
    ("MEILI_KEY", "search.meili_key"),
];

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
    let known = |name: &str| WELL_KNOWN.iter().find(|(variable, _)| *variable == name).map(|(_, setting)| *setting);
    figment = figment
        .merge(
            Env::raw()
                .filter(move |key| known(key.as_str()).is_some())
                .map(move |key| known(key.as_str()).unwrap_or_default().into()),
        )
        .merge(Env::prefixed("TECHEX_").split("__"))
        .merge(Flags(&overrides.settings));
    let mut config: Config = figment.extract().map_err(|error| ConfigError(one_line(error)))?;
    let Config { auth, database, files, mail, search, .. } = &mut config;
    read_secret("auth.secret_file", &auth.secret_file, &mut auth.secret)?;
    read_secret("auth.previous_secret_file", &auth.previous_secret_file, &mut auth.previous_secret)?;
    read_secret("database.password_file", &database.password_file, &mut database.password)?;
    read_secret("files.s3_secret_file", &files.s3_secret_file, &mut files.s3_secret)?;
    read_secret("mail.smtp_url_file", &mail.smtp_url_file, &mut mail.smtp_url)?;
    read_secret("search.meili_key_file", &search.meili_key_file, &mut search.meili_key)?;
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

/// Reads a secret from its file, if one is named.
fn read_secret(setting: &str, path: &str, secret: &mut Secret) -> Result<(), ConfigError> {
    if path.is_empty() {
        return Ok(());
    }
    let wrong = |what: &dyn std::fmt::Display| ConfigError(format!("setting {setting}: {path}: {what}"));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(&error))?;
    if text.trim().is_empty() {
        return Err(wrong(&"the file is empty"));
    }
    *secret = Secret::new(text.trim());
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
    let prefix = &config.search.meili_prefix;
    if prefix.is_empty() || !prefix.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_') {
        return wrong("search.meili_prefix", "may hold letters, digits, hyphens and underscores, at least one");
    }
    if let Some((setting, what)) = config.files.fault() {
        return wrong(setting, what);
    }
    let url = &config.search.meili_url;
    if !url.is_empty() && !url.starts_with("http://") && !url.starts_with("https://") {
        return wrong("search.meili_url", "has to begin with http:// or https://");
    }
    if config.auth.access_token_seconds < 30 || config.auth.session_days < 1 || config.auth.session_max_days < 1 {
        return wrong("auth", "access_token_seconds needs at least 30, session_days and session_max_days at least 1");
    }
    Ok(())
}
