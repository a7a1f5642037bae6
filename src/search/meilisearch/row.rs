//! How a document is laid out on the server.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

use crate::search::dimension::Dimension;
use crate::search::document::{Document, Kind};
use crate::search::index::Change;

/// Raised whenever the layout or the settings change: the index of another version has another name, so that servers
/// of both versions can run side by side while they are exchanged.
pub(super) const FORMAT: u32 = 2;

/// Name of the attribute that identifies a row.
pub(super) const KEY: &str = "key";

/// A document as it is sent.
#[derive(Serialize)]
pub(super) struct Row<'a> {
    key: String,
    kind: &'static str,
    /// Orders equal documents, as everywhere else.
    id: Uuid,
    title: &'a str,
    keywords: &'a [String],
    summary: &'a str,
    body: &'a str,
    organization_name: &'a str,
    ipc_written: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_id: Option<Uuid>,
    verified: bool,
    published_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trl: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price_low: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price_high: Option<i64>,
    /// The highest price that is known: without an upper end the lower one.
    #[serde(skip_serializing_if = "Option::is_none")]
    price_top: Option<i64>,
    /// The labels by dimension, and those of each that are counted where not all are.
    #[serde(flatten)]
    labels: BTreeMap<&'static str, BTreeSet<&'a str>>,
}

impl<'a> Row<'a> {
    /// Lays a document out.
    pub(super) fn new(from: &'a Document) -> Row<'a> {
        let mut labels: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for (dimension, label) in &from.labels {
            labels.entry(dimension.name()).or_default().insert(label.as_str());
            if dimension.counts(label) {
                labels.entry(counted(*dimension)).or_default().insert(label);
            }
        }
        let priced = from.price_from.is_some() || from.price_to.is_some();
        Row {
            key: key(from.kind, from.id),
            kind: from.kind.as_str(),
            id: from.id,
            title: &from.title,
            keywords: &from.keywords,
            summary: &from.summary,
            body: &from.body,
            organization_name: &from.organization_name,
            ipc_written: &from.ipc,
            organization_id: Some(from.organization_id).filter(|id| !id.is_nil()),
            verified: from.verified,
            published_at: from.published_at,
            confirmed_at: from.confirmed_at,
            trl: from.trl,
            price_low: priced.then(|| from.price_from.unwrap_or(0)),
            price_high: priced.then(|| from.price_to.unwrap_or(i64::MAX)),
            price_top: from.price_to.or(from.price_from),
            labels,
        }
    }
}

/// Name of the attribute a facet counts.
pub(super) fn counted(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Ipc => "ipc_class",
        Dimension::Vsic => "vsic_division",
        other => other.name(),
    }
}

/// A document as it is answered: what is needed to show a hit.
#[derive(Debug, Deserialize)]
pub(super) struct Found {
    pub kind: Kind,
    pub id: Uuid,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub keywords: Vec<String>,
    #[serde(default)]
    pub summary: String,
    #[serde(default)]
    pub body: String,
    #[serde(default)]
    organization_name: String,
    #[serde(default)]
    ipc_written: Vec<String>,
}

impl Found {
    /// The texts that came with it, by the names of their fields.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let keywords = self.keywords.iter().map(|text| ("keywords", text.as_str()));
        let one = [("summary", &self.summary), ("body", &self.body), ("organization_name", &self.organization_name)];
        let one = one.into_iter().map(|(name, text)| (name, text.as_str()));
        let ipc = self.ipc_written.iter().map(|text| ("ipc", text.as_str()));
        std::iter::once(("title", self.title.as_str())).chain(keywords).chain(one).chain(ipc)
    }
}

/// What identifies a row.
pub(super) fn key(kind: Kind, id: Uuid) -> String {
    format!("{}-{}", kind.as_str(), id.simple())
}

/// What a list of changes comes to: the rows to put and the keys to remove, each key once.
pub(super) fn net(changes: &[Change]) -> (Vec<Row<'_>>, Vec<String>) {
    let mut last = BTreeMap::new();
    for change in changes {
        match change {
            Change::Put(document) => last.insert(key(document.kind, document.id), Some(&**document)),
            Change::Remove { kind, id } => last.insert(key(*kind, *id), None),
        };
    }
    let gone = last.iter().filter(|(_, document)| document.is_none()).map(|(key, _)| key.clone()).collect();
    (last.values().flatten().map(|document| Row::new(document)).collect(), gone)
}
