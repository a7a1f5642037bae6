//! What makes something an item of the catalogue.

use deserr::Deserr;
use serde::Serialize;
use std::str::FromStr;
use utoipa::ToSchema;
use uuid::Uuid;

use super::import::Origin;
use super::pages::{OwnQuery, QueueQuery};
use crate::accounts::OrganizationBrief;
use crate::catalogue::lifecycle::{Status, Step};
use crate::db::{Conn, DbError, Failure};
use crate::http::Sample;
use crate::kernel::access::Reader;
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::id::OrganizationId;
use crate::kernel::text_enum;
use crate::kernel::validate::FieldErrors;

text_enum! {
    /// The kinds of items.
    pub enum Subject {
        /// A listing.
        Listing = "listing",
        /// An order.
        Order = "order",
    }
}

/// The part of an item that its life changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct State {
    /// Where it is.
    pub status: Status,
    /// Counts the changes.
    pub version: i64,
    /// When it last changed.
    pub updated_at: At,
    /// When it was last handed to the officers.
    pub submitted_at: Option<At>,
    /// When it was last made public.
    pub published_at: Option<At>,
}

impl State {
    /// A new draft.
    #[must_use]
    pub fn draft(now: At) -> Self {
        Self { status: Status::Draft, version: 1, updated_at: now, submitted_at: None, published_at: None }
    }
}

/// An item with its organisation.
pub struct Found<I> {
    /// The item.
    pub item: I,
    /// Whose it is.
    pub organization: OrganizationBrief,
}

/// What happens to items; each kind has a name for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Happening {
    /// It was drafted.
    Created,
    /// It was imported or changed by an import.
    Imported,
    /// A step was taken.
    Step(Step),
}

/// Path and name of an operation.
pub type Named = (&'static str, &'static str);

/// Paths and names of the common operations.
pub struct Names {
    pub create: Named,
    pub show: Named,
    pub change: Named,
    pub list_own: Named,
    pub queue: Named,
    pub reviews: Named,
    pub submission: Named,
    pub publication: Named,
    pub change_request: Named,
    pub rejection: Named,
    pub withdrawal: Named,
}

/// What its owner writes.
pub trait Content:
    Deserr<FieldErrors> + Serialize + ToSchema + Sample + Clone + PartialEq + Send + Sync + 'static
{
    /// The fields without which it cannot be submitted and that are empty, as JSON pointers.
    fn missing(&self) -> Vec<&'static str>;

    /// The code of the field of research.
    fn research_field(&self) -> Option<&str>;
}

/// An item in a list.
pub trait Summary: Sample + Serialize + ToSchema + Send + 'static {
    /// The item.
    fn id(&self) -> Uuid;
    /// When it last changed.
    fn updated_at(&self) -> At;
    /// When it was last handed to the officers.
    fn submitted_at(&self) -> Option<At>;
}

/// A listing or an order.
pub trait Item: Sized + Send + 'static {
    /// Which of the two.
    const SUBJECT: Subject;
    /// The tag of its operations.
    const TAG: &'static str;
    /// What answers a step from the wrong status.
    const WRONG_STATE: Code;
    /// Its operations.
    const NAMES: Names;
    /// Its identifier.
    type Id: FromStr + Copy + From<Uuid> + Into<Uuid> + Send + Sync + 'static;
    /// What its owner writes.
    type Content: Content;
    /// What readers get.
    type View: Sample + Serialize + ToSchema + From<Found<Self>>;
    /// What readers get of it in lists.
    type Summary: Summary;

    /// A new draft.
    fn draft(id: Self::Id, organization: OrganizationId, content: Self::Content, now: At) -> Self;

    /// The item.
    fn id(&self) -> Self::Id;

    /// Whose it is.
    fn organization_id(&self) -> OrganizationId;

    /// What it says.
    fn content(&self) -> &Self::Content;

    /// Puts other content in and hands out what was there.
    fn replace_content(&mut self, content: Self::Content) -> Self::Content;

    /// Where it is in its life.
    fn state(&self) -> State;

    /// Takes another state.
    fn set_state(&mut self, state: State);

    /// The name of what happened.
    fn event(happening: Happening) -> &'static str;

    /// The item, if the reader may see it.
    fn find_for(conn: &mut Conn, reader: &Reader, id: Self::Id) -> Result<Option<Found<Self>>, DbError>;

    /// The item that was taken over from there.
    fn find_by_origin(conn: &mut Conn, origin: &Origin) -> Result<Option<Self>, DbError>;

    /// Writes a new item.
    fn insert(&self, conn: &mut Conn, origin: Option<&Origin>) -> Result<(), DbError>;

    /// Writes content and state, if the item is still at the version before.
    fn save(&self, conn: &mut Conn) -> Result<bool, DbError>;

    /// A page of an organisation's own items, and one more if there is more.
    fn list_own(conn: &mut Conn, organization: OrganizationId, query: &OwnQuery)
    -> Result<Vec<Self::Summary>, Failure>;

    /// A page of what waits for a decision, and one more if there is more.
    fn list_submitted(conn: &mut Conn, query: &QueueQuery) -> Result<Vec<Self::Summary>, Failure>;
}
