//! What readers get of orders.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::disclosure::OrderBlock;
use super::order::{Order, OrderContent};
use crate::accounts::OrganizationBrief;
use crate::catalogue::completeness::{self, Completeness};
use crate::catalogue::item::{Content, Found};
use crate::catalogue::{Ipc, Status, TransferForm};
use crate::db::schema::orders;
use crate::files::{AttachmentView, Shown};
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
    /// Whose it is; `null` where the order is anonymous and the reader neither a member of the organisation nor an officer.
    pub organization: Option<OrganizationBrief>,
    /// Where it is in its life.
    pub status: Status,
    /// What it says.
    #[serde(flatten)]
    pub content: OrderContent,
    /// Its files but for the confidential ones; a link to one is got at `…/attachments/…/link`.
    pub attachments: Shown,
    /// How complete it is.
    #[serde(flatten)]
    pub completeness: Completeness,
    /// Blocks that are left out because the reader is not signed in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub withheld: Vec<OrderBlock>,
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
    /// When its organisation last said that it holds, by submitting or by confirming it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub last_confirmed_at: Option<At>,
    /// When it is archived unless its organisation confirms it before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub expires_at: Option<At>,
    /// Whether it takes expressions of interest while it is public.
    pub open_for_interest: bool,
}

impl OrderView {
    /// The order.
    pub(super) fn new(Found { item, organization }: Found<Order>) -> Self {
        Self {
            id: item.id,
            organization,
            status: item.status,
            completeness: completeness::of(&item.said().parts()),
            withheld: item.withheld(),
            attachments: item.attachments,
            content: item.content,
            created_at: item.created_at,
            updated_at: item.updated_at,
            submitted_at: item.submitted_at,
            published_at: item.published_at,
            last_confirmed_at: item.last_confirmed_at,
            expires_at: item.expires_at,
            open_for_interest: item.open_for_interest,
        }
    }
}

impl Sample for OrderView {
    fn sample() -> Self {
        let (at, organization) = (At::sample(), OrganizationBrief::sample());
        let item = Order {
            id: OrderId(uuid::uuid!("0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d50")),
            organization_id: organization.id,
            status: Status::Published,
            content: OrderContent::sample(),
            attachments: [AttachmentView::sample()].into_iter().collect(),
            whole: None,
            version: 3,
            created_at: at,
            updated_at: at,
            submitted_at: Some(at),
            published_at: Some(at),
            expires_at: Some(at.plus_days(365)),
            warned_at: None,
            last_confirmed_at: Some(at),
            open_for_interest: true,
        };
        Self::new(Found { item, organization: Some(organization) })
    }
}

/// A order in a list: what is needed to choose.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = orders, check_for_backend(crate::db::MultiBackend))]
pub struct OrderSummary {
    /// The order.
    pub id: OrderId,
    /// Whose it is; `null` where the order is anonymous.
    #[diesel(embed)]
    pub organization: Option<OrganizationBrief>,
    /// Whether it hides whose it is.
    pub anonymous: bool,
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
    /// How complete it is, 0 to 100; absent where it has not been counted since this figure was introduced.
    #[schema(minimum = 0, maximum = 100)]
    pub completeness: Option<i16>,
    /// When it last changed.
    pub updated_at: At,
    /// When it was last handed to the officers.
    pub submitted_at: Option<At>,
    /// When it was last made public.
    pub published_at: Option<At>,
    /// When its organisation last said that it holds.
    pub last_confirmed_at: Option<At>,
    /// Whether it takes expressions of interest while it is public.
    pub open_for_interest: bool,
}

impl Sample for OrderSummary {
    fn sample() -> Self {
        let view = OrderView::sample();
        let completeness = Some(i16::from(view.completeness.completeness));
        let content = view.content;
        Self {
            id: view.id,
            organization: view.organization,
            anonymous: content.anonymous,
            status: view.status,
            language: content.language,
            title: content.title.into(),
            summary: content.summary.map(String::from),
            trl_wanted: content.trl_wanted,
            cooperation_forms: content.cooperation_forms,
            budget: content.budget,
            deadline_on: content.deadline_on,
            research_field: content.research_field.map(String::from),
            ipc: content.ipc,
            completeness,
            updated_at: view.updated_at,
            submitted_at: view.submitted_at,
            published_at: view.published_at,
            last_confirmed_at: view.last_confirmed_at,
            open_for_interest: view.open_for_interest,
        }
    }
}
