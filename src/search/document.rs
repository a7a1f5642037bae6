//! What is indexed: one [`Document`] per published listing or order.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::dimension::Dimension;

/// The two searchable sides of the exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A technology on offer.
    Listing,
    /// A technology that is looked for.
    Order,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 2] = [Kind::Listing, Kind::Order];

    /// The stable name used in indexes and facets.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Listing => "listing",
            Kind::Order => "order",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A searchable document. The projection receives only what everybody may see, so every document is public.
///
/// `(kind, id)` identifies it; putting it again replaces what was there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Listing or order.
    pub kind: Kind,
    /// Identifier of the row.
    pub id: Uuid,
    /// Version of the row this document was made from. Informative: the last put wins.
    pub version: i64,
    /// Title; weighs most.
    pub title: String,
    /// Short description.
    pub summary: String,
    /// The rest of the text, joined.
    pub body: String,
    /// Key words; weigh like the title.
    pub keywords: Vec<String>,
    /// Owner; nil where it is not to be known, and then no filter and no facet knows the document by it.
    pub organization_id: Uuid,
    /// Name of the owner, searchable; empty where it is not to be known.
    pub organization_name: String,
    /// Whether the owner was verified.
    pub verified: bool,
    /// IPC symbols as they are written, searchable.
    pub ipc: Vec<String>,
    /// What it is filtered and counted by besides kind and readiness level. Codes of classifications come with those above
    /// them, as far as the codes themselves tell these.
    pub labels: Vec<(Dimension, String)>,
    /// Technology readiness level, 1 to 9.
    pub trl: Option<u8>,
    /// Lower end of the price in dong; both ends absent means negotiable.
    pub price_from: Option<i64>,
    /// Upper end of the price in dong.
    pub price_to: Option<i64>,
    /// Time of publication, microseconds since the epoch.
    pub published_at: i64,
    /// When its owner last said that it holds, if ever, microseconds since the epoch.
    pub confirmed_at: Option<i64>,
}

impl Document {
    /// All labels, each once, so that a facet counts a document once per value.
    pub(super) fn all_labels(&self) -> BTreeSet<(Dimension, Cow<'_, str>)> {
        let given = self.labels.iter().map(|(dimension, label)| (*dimension, Cow::from(label)));
        let kind = (Dimension::Kind, Cow::from(self.kind.as_str()));
        let level = self.trl.map(|level| (Dimension::Trl, Cow::from(level.to_string())));
        given.chain([kind]).chain(level).collect()
    }
}
