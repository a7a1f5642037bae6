//! What the two sides see of a negotiation and of its events.

use serde::Serialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use utoipa::ToSchema;

use super::event::{Event, EventKind, NOTHING_BEFORE, Saying};
use super::negotiation::{Negotiation, NegotiationStatus};
use super::store;
use crate::accounts::{self, OrganizationBrief};
use crate::db::{Conn, DbError};
use crate::http::Sample;
use crate::kernel::access::Actor;
use crate::kernel::clock::At;
use crate::kernel::id::{ApproachId, ListingId, NegotiationId, OrderId, OrganizationId, UserId};

/// A negotiation between two organisations.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Negotiation)]
pub struct NegotiationView {
    /// The negotiation.
    pub id: NegotiationId,
    /// The approach it began with.
    pub approach_id: ApproachId,
    /// The listing that is negotiated about, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub listing_id: Option<ListingId>,
    /// The order it is about, if it began with a proposal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub order_id: Option<OrderId>,
    /// What it is about, in one line.
    #[schema(example = "Đĩa quay sinh học xử lý nước thải dệt nhuộm")]
    pub title: String,
    /// Who gives the technology.
    pub transferor: Option<OrganizationBrief>,
    /// Who takes it.
    pub transferee: Option<OrganizationBrief>,
    /// Where it is.
    pub status: NegotiationStatus,
    /// The number of its last event.
    pub last_seq: i64,
    /// The hash of that, which stands for everything that has happened.
    #[schema(example = "0b5a3f1f6c3d5d1d0a6f4f6f4d7f4c5e8b6c0f5f3c1d2e3f4a5b6c7d8e9f0a1b")]
    pub last_hash: String,
    /// Events after the one you marked as read, without what you did yourself.
    pub unread: i64,
    /// When it began.
    pub created_at: At,
    /// When something last happened.
    pub updated_at: At,
}

impl NegotiationView {
    /// The negotiations as this person sees them.
    ///
    /// # Errors
    /// The database's failure.
    pub fn all(conn: &mut Conn, actor: &Actor, rows: &[Negotiation]) -> Result<Vec<Self>, DbError> {
        let sides: Vec<_> = rows.iter().flat_map(Negotiation::sides).collect();
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let briefs: HashMap<_, _> =
            accounts::organization_briefs(conn, &sides)?.into_iter().map(|brief| (brief.id, brief)).collect();
        let unread: HashMap<_, _> = store::unread(conn, actor.user_id, &ids)?.into_iter().collect();
        let shown = |row: &Negotiation| Self {
            id: row.id,
            approach_id: row.approach_id,
            listing_id: row.listing_id,
            order_id: row.order_id,
            title: row.title.clone(),
            transferor: briefs.get(&row.transferor_id).cloned(),
            transferee: briefs.get(&row.transferee_id).cloned(),
            status: row.status,
            last_seq: row.head_seq,
            last_hash: row.head_hash.clone(),
            unread: unread.get(&row.id).copied().unwrap_or_default(),
            created_at: row.created_at,
            updated_at: row.updated_at,
        };
        Ok(rows.iter().map(shown).collect())
    }
}

/// A negotiation with the end of its timeline.
#[derive(Debug, Serialize, ToSchema)]
pub struct Room {
    /// The negotiation.
    #[serde(flatten)]
    pub negotiation: NegotiationView,
    /// The latest events, at most 50, in their order.
    pub events: Vec<EventView>,
}

/// Who did something.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = EventAuthor)]
pub struct Author {
    /// The account.
    pub id: UserId,
    /// The person's name.
    #[schema(example = "Trần Thị Bình")]
    pub full_name: String,
}

/// Something that happened in a negotiation.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = NegotiationEvent)]
pub struct EventView {
    /// The how manyth it is, from 1 on without a gap.
    pub seq: i64,
    /// When.
    pub at: At,
    /// What; more kinds may be added.
    #[schema(value_type = EventKind)]
    pub kind: String,
    /// Who did it; absent where time did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub author: Option<Author>,
    /// For which organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub organization_id: Option<OrganizationId>,
    /// What there is to say of it, by kind.
    #[schema(value_type = Object)]
    pub data: Value,
    /// The hash of the event before.
    pub previous_hash: String,
    /// The hash of this one: SHA-256 over its canonical JSON (RFC 8785); see the export.
    pub hash: String,
}

impl EventView {
    /// An event with the name of who did it.
    #[must_use]
    pub fn new((event, name): (Event, Option<String>)) -> Self {
        let Event { seq, at, kind, user_id, organization_id, data, previous_hash, hash, .. } = event;
        let author = user_id.map(|id| Author { id, full_name: name.unwrap_or_default() });
        Self { seq, at, kind, author, organization_id, data, previous_hash, hash }
    }
}

/// A negotiation with everything that happened in it, as it can be checked without the exchange.
#[derive(Debug, Serialize, ToSchema)]
pub struct NegotiationExport {
    /// What this is: `techex-negotiation/1`.
    #[schema(example = "techex-negotiation/1")]
    pub format: &'static str,
    /// When it was made.
    pub exported_at: At,
    /// The negotiation.
    pub negotiation: NegotiationView,
    /// Every event in its order. `hash` is SHA-256 in hexadecimal over the canonical JSON (RFC 8785) of the other members.
    #[schema(value_type = Vec<Object>)]
    pub events: Vec<Event>,
}

impl Sample for NegotiationView {
    fn sample() -> Self {
        let id = OrganizationId(uuid::uuid!("0198c5a1-f2b0-7000-8000-00000000000c"));
        let transferee =
            OrganizationBrief { id, name: "Công ty Dệt nhuộm (mẫu)".into(), ..OrganizationBrief::sample() };
        let event = sample_event();
        Self {
            id: event.negotiation_id,
            approach_id: ApproachId(uuid::uuid!("0198c5a1-f2b0-7e00-8d3e-5f0a1b2c3d4e")),
            listing_id: Some(ListingId(uuid::uuid!("0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d4e"))),
            order_id: None,
            title: "Đĩa quay sinh học xử lý nước thải dệt nhuộm".into(),
            transferor: Some(OrganizationBrief::sample()),
            transferee: Some(transferee),
            status: NegotiationStatus::Open,
            last_seq: event.seq,
            last_hash: event.hash,
            unread: 1,
            created_at: At::sample(),
            updated_at: At::sample(),
        }
    }
}

fn sample_event() -> Event {
    let saying = Saying {
        kind: EventKind::MessagePosted,
        user_id: Some(UserId(uuid::uuid!("0198c5a1-f2b0-7000-8000-00000000000d"))),
        organization_id: Some(OrganizationId(uuid::uuid!("0198c5a1-f2b0-7000-8000-00000000000a"))),
        data: json!({"text": "Chúng tôi gửi kèm số liệu vận hành ba tháng."}),
    };
    let id = NegotiationId(uuid::uuid!("0198c5a1-f2b0-7e00-8d3e-5f0a1b2c3d50"));
    let event = Event {
        negotiation_id: id,
        seq: 1,
        at: At::sample(),
        kind: saying.kind.to_string(),
        user_id: saying.user_id,
        organization_id: saying.organization_id,
        data: saying.data,
        previous_hash: NOTHING_BEFORE.to_owned(),
        hash: String::new(),
    };
    let hash = event.computed_hash().unwrap_or_default();
    Event { hash, ..event }
}

impl Sample for EventView {
    fn sample() -> Self {
        Self::new((sample_event(), Some("Trần Thị Bình".into())))
    }
}

impl Sample for Room {
    fn sample() -> Self {
        Self { negotiation: NegotiationView::sample(), events: vec![EventView::sample()] }
    }
}

impl Sample for NegotiationExport {
    fn sample() -> Self {
        Self {
            format: super::verify::FORMAT,
            exported_at: At::sample(),
            negotiation: NegotiationView::sample(),
            events: vec![sample_event()],
        }
    }
}
