//! What readers get of orders.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::order::{Order, OrderContent};
use crate::accounts::OrganizationBrief;
use crate::catalogue::item::Found;
use crate::catalogue::{Ipc, Status, TransferForm};
use crate::db::schema::orders;
use crate::http::Sample;
use crate::kernel::clock::{At, Day};
use crate::kernel::id::OrderId;
use crate::kernel::list::List;
use crate::kernel::locale::Locale;
use crate::kernel::money::Price;
use crate::kernel::trl::Trl;

/// A technology order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderView {
    /// The order.
    pub id: OrderId,
    /// Whose it is.
    pub organization: OrganizationBrief,
    /// Where it is in its life.
    pub status: Status,
    /// What it says.
    #[serde(flatten)]
    pub content: OrderContent,
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

impl From<Found<Order>> for OrderView {
    fn from(Found { item, organization }: Found<Order>) -> Self {
        let Order { id, status, content, created_at, updated_at, submitted_at, published_at, .. } = item;
        Self { id, organization, status, content, created_at, updated_at, submitted_at, published_at }
    }
}

impl Sample for OrderView {
    fn sample() -> Self {
        let at = At::sample();
        Self {
            id: OrderId(uuid::uuid!("0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d50")),
            organization: OrganizationBrief::sample(),
            status: Status::Published,
            content: OrderContent::sample(),
            created_at: at,
            updated_at: at,
            submitted_at: Some(at),
            published_at: Some(at),
        }
    }
}

/// A order in a list: what is needed to choose.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = orders, check_for_backend(crate::db::MultiBackend))]
pub struct OrderSummary {
    /// The order.
    pub id: OrderId,
    /// Whose it is.
    #[diesel(embed)]
    pub organization: OrganizationBrief,
    /// Where it is in its life.
    pub status: Status,
    /// The language of the texts.
    pub language: Locale,
    /// What is looked for.
    pub title: String,
    /// The need in a few sentences.
    pub summary: Option<String>,
    /// The lowest technology readiness level wanted.
    pub trl_wanted: Option<Trl>,
    /// The forms of cooperation wanted.
    pub cooperation_forms: List<TransferForm, 7>,
    /// The budget offered.
    pub budget: Price,
    /// The day by which proposals are wanted.
    pub deadline_on: Option<Day>,
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

impl Sample for OrderSummary {
    fn sample() -> Self {
        let OrderView { id, organization, status, content, updated_at, submitted_at, published_at, .. } =
            OrderView::sample();
        Self {
            id,
            organization,
            status,
            language: content.language,
            title: content.title.into(),
            summary: content.summary.map(String::from),
            trl_wanted: content.trl_wanted,
            cooperation_forms: content.cooperation_forms,
            budget: content.budget,
            deadline_on: content.deadline_on,
            research_field: content.research_field.map(String::from),
            ipc: content.ipc,
            updated_at,
            submitted_at,
            published_at,
        }
    }
}
