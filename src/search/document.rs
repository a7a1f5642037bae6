//! What is indexed: one [`Document`] per published listing or order.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
    /// Kind of the owner, such as `university`; empty where it is not to be known.
    pub organization_kind: String,
    /// Whether the owner was verified.
    pub verified: bool,
    /// Province code.
    pub province: Option<String>,
    /// Research field code.
    pub research_field: Option<String>,
    /// IPC symbols, subclass or finer (`C02F`, `C02F1/28`), searchable too.
    pub ipc: Vec<String>,
    /// Forms of transfer offered or accepted.
    pub transfer_forms: Vec<String>,
    /// Technology readiness level, 1 to 9.
    pub trl: Option<u8>,
    /// Lower end of the price in dong; both ends absent means negotiable.
    pub price_from: Option<i64>,
    /// Upper end of the price in dong.
    pub price_to: Option<i64>,
    /// Language code of the text.
    pub language: String,
    /// Time of publication, microseconds since the epoch.
    pub published_at: i64,
}

/// An IPC symbol without blanks, in upper case, so that symbols and their beginnings compare.
pub(super) fn ipc_symbol(written: &str) -> String {
    written.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_uppercase).collect()
}
