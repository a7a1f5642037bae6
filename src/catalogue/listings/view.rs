//! What readers get of listings.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::disclosure::ListingBlock;
use super::evidence::{Badge, EvidenceCheck, EvidenceStatus};
use super::listing::{Listing, ListingContent};
use super::protection::Protection;
use crate::accounts::OrganizationBrief;
use crate::catalogue::completeness::{self, Completeness};
use crate::catalogue::item::{Content, Found};
use crate::catalogue::{Ipc, Status, TransferForm};
use crate::db::schema::listings;
use crate::files::{AttachmentView, Shown};
use crate::http::Sample;
use crate::kernel::clock::{At, Day};
use crate::kernel::id::{ListingId, UserId};
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
    /// What follows from each of `ip_rights`, in their order, as of today.
    pub protection: Vec<Protection>,
    /// What is known of each piece of `evidence`, in their order.
    pub evidence_status: Vec<EvidenceStatus>,
    /// Its files but for the confidential ones; a link to one is got at `…/attachments/…/link`.
    pub attachments: Shown,
    /// How complete it is.
    #[serde(flatten)]
    pub completeness: Completeness,
    /// Blocks that are left out because the reader is not signed in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub withheld: Vec<ListingBlock>,
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

impl ListingView {
    /// The listing as of `now`.
    pub(super) fn new(Found { item, organization }: Found<Listing>, now: At) -> Self {
        let today = Day::in_vietnam(now);
        Self {
            id: item.id,
            organization,
            status: item.status,
            protection: item.content.ip_rights.iter().map(|right| Protection::of(right, today)).collect(),
            evidence_status: EvidenceStatus::of(&item.content.evidence, &item.badges),
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

impl Sample for ListingView {
    fn sample() -> Self {
        let (at, content) = (At::sample(), ListingContent::sample());
        let badge = |evidence: &super::evidence::Evidence| Badge {
            fingerprint: evidence.fingerprint(),
            check: EvidenceCheck::Issuer,
            finding: Some("Phòng thử nghiệm xác nhận đã cấp phiếu kết quả này.".into()),
            officer_id: UserId(uuid::Uuid::nil()),
            authority: "Sở Khoa học và Công nghệ (mẫu)".into(),
            verified_at: at,
        };
        let item = Listing {
            id: ListingId(uuid::uuid!("0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d4e")),
            organization_id: OrganizationBrief::sample().id,
            status: Status::Published,
            badges: content.evidence.iter().map(badge).collect(),
            content,
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
        Self::new(Found { item, organization: OrganizationBrief::sample() }, at)
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

impl Sample for ListingSummary {
    fn sample() -> Self {
        let view = ListingView::sample();
        let completeness = Some(i16::from(view.completeness.completeness));
        let content = view.content;
        Self {
            id: view.id,
            organization: view.organization,
            status: view.status,
            language: content.language,
            title: content.title.into(),
            summary: content.summary.map(String::from),
            trl: content.trl,
            transfer_forms: content.transfer_forms,
            price: content.price,
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
