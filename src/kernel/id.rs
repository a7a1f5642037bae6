//! Typed identifiers: UUID version 7 (RFC 9562), so that they sort by time of creation and cannot be guessed.

use std::sync::Mutex;
use uuid::{ContextV7, Timestamp, Uuid};

use super::clock::At;

/// Makes identifiers. Injected, so that tests can repeat a run.
pub trait Ids: Send + Sync {
    /// The next identifier, later than all before it from the same source.
    fn next(&self, now: At) -> Uuid;
}

/// Identifiers from the clock and the system's randomness.
pub struct RandomIds(Mutex<ContextV7>);

impl Default for RandomIds {
    fn default() -> Self {
        Self(Mutex::new(ContextV7::new()))
    }
}

impl Ids for RandomIds {
    fn next(&self, now: At) -> Uuid {
        let micros = now.micros().max(0).unsigned_abs();
        let context = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let nanos = u32::try_from(micros % 1_000_000).unwrap_or_default() * 1_000;
        Uuid::new_v7(Timestamp::from_unix(&*context, micros / 1_000_000, nanos))
    }
}

/// An identifier before all that are made at this time or later.
#[must_use]
pub fn first_id_at(at: At) -> Uuid {
    let millis = u128::from(at.micros().max(0).unsigned_abs() / 1_000);
    Uuid::from_u128(millis << 80)
}

/// Declares identifier types: `id_types! { /// doc  ListingId }`.
macro_rules! id_types { ($($(#[$meta:meta])* $name:ident)+) => {$(
    $(#[$meta])*
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
    #[diesel(sql_type = crate::db::types::Guid)]
    #[serde(transparent)]
    pub struct $name(pub uuid::Uuid);

    impl std::fmt::Display for $name {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
    }
    impl std::fmt::Debug for $name {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
    }
    impl std::str::FromStr for $name {
        type Err = uuid::Error;
        fn from_str(text: &str) -> Result<Self, uuid::Error> { text.parse().map(Self) }
    }
    impl From<uuid::Uuid> for $name {
        fn from(id: uuid::Uuid) -> Self { Self(id) }
    }
    impl From<$name> for uuid::Uuid {
        fn from(id: $name) -> Self { id.0 }
    }
    impl deserr::Deserr<$crate::kernel::validate::FieldErrors> for $name {
        fn deserialize_from_value<V: deserr::IntoValue>(
            value: deserr::Value<V>, location: deserr::ValuePointerRef<'_>,
        ) -> Result<Self, $crate::kernel::validate::FieldErrors> {
            $crate::kernel::validate::parse(value, location, $crate::kernel::validate::FieldCode::InvalidId)
        }
    }
    impl utoipa::PartialSchema for $name {
        fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
            utoipa::openapi::ObjectBuilder::new()
                .schema_type(utoipa::openapi::schema::Type::String)
                .format(Some(utoipa::openapi::SchemaFormat::Custom("uuid".into())))
                .description(Some("Opaque identifier; identifiers sort by time of creation."))
                .build().into()
        }
    }
    impl utoipa::ToSchema for $name {}
)+} }

id_types! {
    /// A person's account.
    UserId
    /// A signed-in device: the life of one chain of refresh tokens.
    SessionId
    /// An API key of an organisation.
    ApiKeyId
    /// An institute, enterprise, intermediary, individual or authority.
    OrganizationId
    /// An invitation to become a member of an organisation.
    InvitationId
    /// A technology listing.
    ListingId
    /// A technology order.
    OrderId
    /// A group of words that mean the same in a search.
    SynonymId
    /// A search somebody keeps.
    SavedSearchId
    /// A moderation decision on a listing or an order.
    ReviewId
    /// A grant of the confidential part of a listing to an organisation.
    ConfidentialGrantId
    /// A reading of the confidential part of a listing.
    ConfidentialViewId
    /// A file that hangs on something, and the name its bytes are kept under.
    AttachmentId
    /// An officer's decision on the identity of an organisation.
    VerificationId
    /// An entry of the audit log, and the identity of the event it records.
    EventId
    /// Any object, where its kind stands beside the identifier.
    ObjectId
    /// A delivery of an event to one consumer.
    DeliveryId
    /// An expression of interest in a listing, or a proposal on an order.
    ApproachId
    /// A negotiation between two organisations.
    NegotiationId
    /// A non-disclosure agreement.
    NdaId
    /// An offer in a negotiation.
    OfferId
}
