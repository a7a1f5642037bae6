//! The configuration reference: a Markdown table made from the structs' doc comments and defaults.

use serde_json::Value;
use std::fmt::Write;
use utoipa::PartialSchema;
use utoipa::openapi::{RefOr, Schema};

use super::{
    Auth, Catalogue, Config, DatabaseConfig, Feed, FileStore, Invitations, Jobs, Limits, Log, Mail, Metrics,
    Negotiation, Search, Server,
};

/// The table of all settings: key, environment variable, default, meaning.
#[must_use]
pub fn reference() -> String {
    let defaults = serde_json::to_value(Config::default()).unwrap_or_default();
    let mut table = String::from("| setting | environment | default | meaning |\n| --- | --- | --- | --- |\n");
    row(
        &mut table,
        "mode",
        defaults.get("mode"),
        "`development` or `production`; production refuses default secrets and demonstration data.",
    );
    row(&mut table, "data_dir", defaults.get("data_dir"), "The folder for everything kept on disk.");
    for (section, schema) in [
        ("server", Server::schema()),
        ("metrics", Metrics::schema()),
        ("database", DatabaseConfig::schema()),
        ("catalogue", Catalogue::schema()),
        ("files", FileStore::schema()),
        ("negotiation", Negotiation::schema()),
        ("jobs", Jobs::schema()),
        ("search", Search::schema()),
        ("mail", Mail::schema()),
        ("auth", Auth::schema()),
        ("invitations", Invitations::schema()),
        ("feed", Feed::schema()),
        ("limits", Limits::schema()),
        ("log", Log::schema()),
    ] {
        let RefOr::T(Schema::Object(object)) = schema else { continue };
        for (name, property) in &object.properties {
            let default = defaults.get(section).and_then(|values| values.get(name));
            row(&mut table, &format!("{section}.{name}"), default, &description(property));
        }
    }
    table
}

fn row(table: &mut String, key: &str, default: Option<&Value>, meaning: &str) {
    let default = match default {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) if text.is_empty() => "empty".into(),
        Some(Value::String(text)) => format!("`{text}`"),
        Some(Value::Array(items)) if items.is_empty() => "none".into(),
        Some(other) => format!("`{other}`"),
    };
    let variable = format!("TECHEX_{}", key.replace('.', "__").to_uppercase());
    let meaning = meaning.split_whitespace().collect::<Vec<_>>().join(" ");
    // Writing to a String cannot fail.
    let _ = writeln!(table, "| `{key}` | `{variable}` | {default} | {meaning} |");
}

fn description(property: &RefOr<Schema>) -> String {
    let text = match property {
        RefOr::Ref(reference) => Some(reference.description.clone()),
        RefOr::T(Schema::Object(object)) => object.description.clone(),
        RefOr::T(Schema::Array(array)) => array.description.clone(),
        RefOr::T(Schema::OneOf(one_of)) => one_of.description.clone(),
        RefOr::T(_) => None,
    };
    text.unwrap_or_default()
}
