//! What readers get of listings.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::listing::{Listing, ListingContent};
use crate::accounts::OrganizationBrief;
use crate::catalogue::item::Found;
use crate::catalogue::{Ipc, Status, TransferForm};
use crate::db::schema::listings;
use crate::http::Sample;
use crate::kernel::clock::At;
use crate::kernel::id::ListingId;
use crate::kernel::list::List;
use crate::kernel::locale::Locale;
use crate::kernel::money::Price;
use crate::kernel::trl::Trl;

/// A technology listing.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListingView {
    /// The listing.
    pub id: ListingId,
    /// Whose it is.
    pub organization: OrganizationBrief,
    /// Where it is in its life.
    pub status: Status,
    /// What it says.
    #[serde(flatten)]
    pub content: ListingContent,
    /// When it was created.
    pub created_at: At,
    /// When it last changed.
    pub updated_at: At,
    /// When it was last handed to the officers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub submitted_at: Option<At>,
    /// When it was last made public.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub published_at: Option<At>,
}

impl From<Found<Listing>> for ListingView {
    fn from(Found { item, organization }: Found<Listing>) -> Self {
        let Listing { id, status, content, created_at, updated_at, submitted_at, published_at, .. } = item;
        Self { id, organization, status, content, created_at, updated_at, submitted_at, published_at }
    }
}

impl Sample for ListingView {
    fn sample() -> Self {
        let at = At::sample();
        Self {
            id: ListingId(uuid::uuid!("0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d4e")),
            organization: OrganizationBrief::sample(),
            status: Status::Published,
            content: ListingContent::sample(),
            created_at: at,
            updated_at: at,
            submitted_at: Some(at),
            published_at: Some(at),
        }
    }
}

/// A listing in a list: what is needed to choose.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = listings, check_for_backend(crate::db::MultiBackend))]
pub struct ListingSummary {
    /// The listing.
    pub id: ListingId,
    /// Whose it is.
    #[diesel(embed)]
    pub organization: OrganizationBrief,
    /// Where it is in its life.
    pub status: Status,
    /// The language of the texts.
    pub language: Locale,
    /// What the technology is.
    pub title: String,
    /// The technology in a few sentences.
    pub summary: Option<String>,
    /// Technology readiness level.
    pub trl: Option<Trl>,
    /// The forms of transfer offered.
    pub transfer_forms: List<TransferForm, 7>,
    /// The price asked.
    pub price: Price,
    /// The code of the field of research.
    pub research_field: Option<String>,
    /// International Patent Classification.
    pub ipc: List<Ipc, 20>,
    /// When it last changed.
    pub updated_at: At,
    /// When it was last handed to the officers.
    pub submitted_at: Option<At>,
    /// When it was last made public.
    pub published_at: Option<At>,
}

impl Sample for ListingSummary {
    fn sample() -> Self {
        let ListingView { id, organization, status, content, updated_at, submitted_at, published_at, .. } =
            ListingView::sample();
        Self {
            id,
            organization,
            status,
            language: content.language,
            title: content.title.into(),
            summary: content.summary.map(String::from),
            trl: content.trl,
            transfer_forms: content.transfer_forms,
            price: content.price,
            research_field: content.research_field.map(String::from),
            ipc: content.ipc,
            updated_at,
            submitted_at,
            published_at,
        }
    }
}
