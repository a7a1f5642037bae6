//! What makes something an item of the catalogue.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::import::Origin;
use super::pages::{OwnQuery, QueueQuery};
use crate::accounts::OrganizationBrief;
use crate::catalogue::completeness::Part;
use crate::catalogue::lifecycle::{State, Step};
use crate::catalogue::reference::Usage;
use crate::db::{Conn, DbError, Failure};
use crate::files::Holder;
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

/// An item with its organisation, as far as the reader may know it.
pub struct Found<I: Item> {
    /// The item.
    pub item: I,
    /// Whose it is.
    pub organization: I::Owner,
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
    /// It was removed before anybody else had seen it.
    Discarded,
}

/// Path and name of an operation.
pub type Named = (&'static str, &'static str);

/// Paths and names of the common operations.
pub struct Names {
    pub create: Named,
    pub show: Named,
    pub change: Named,
    pub discard: Named,
    pub list_own: Named,
    pub queue: Named,
    pub reviews: Named,
    pub revisions: Named,
    pub revision: Named,
    pub comparison: Named,
    pub submission: Named,
    pub publication: Named,
    pub change_request: Named,
    pub rejection: Named,
    pub withdrawal: Named,
    pub suspension: Named,
    pub reinstatement: Named,
    pub confirmation: Named,
    pub opening: Named,
    pub closing: Named,
    pub restoration: Named,
    /// The name of the job that warns of expiry and archives what has run out.
    pub expiry: &'static str,
}

/// What its owner writes.
pub trait Content:
    Deserr<FieldErrors> + Serialize + ToSchema + Sample + Clone + PartialEq + Send + Sync + 'static
{
    /// The fields without which it cannot be submitted and that are empty, as JSON pointers.
    fn missing(&self) -> Vec<&'static str>;

    /// Every field that makes it complete, with its points and whether it is filled in.
    fn parts(&self) -> Vec<Part>;

    /// Title and summary.
    fn head(&self) -> (&str, &str);

    /// The names of the fields that are kept for registered readers, as a whole or in part.
    fn registered_only(&self) -> Vec<&'static str>;

    /// The codes of reference lists it uses.
    fn references(&self) -> Vec<Usage<'_>>;
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

/// A listing or an order; files can hang on it.
pub trait Item: Holder + Sized + Send {
    /// Which of the two.
    const SUBJECT: Subject;
    /// The tag of its operations.
    const TAG: &'static str;
    /// What answers a step from the wrong status.
    const WRONG_STATE: Code;
    /// Its operations.
    const NAMES: Names;
    /// What its owner writes.
    type Content: Content;
    /// Whose it is: always told, or not to everybody.
    type Owner: From<OrganizationBrief> + Into<Option<OrganizationBrief>> + Clone + Send;
    /// What readers get.
    type View: Sample + Serialize + ToSchema;
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

    /// What it is, in one line.
    fn title(&self) -> &str {
        self.content().head().0
    }

    /// Puts other content in and hands out what was there.
    fn replace_content(&mut self, content: Self::Content) -> Self::Content;

    /// Where it is in its life.
    fn state(&self) -> State;

    /// Takes another state.
    fn set_state(&mut self, state: State);

    /// The name of what happened.
    fn event(happening: Happening) -> &'static str;

    /// What readers get of it as of `now`.
    fn view(found: Found<Self>, now: At) -> Self::View;

    /// The item, if the reader may see it.
    fn find_for(conn: &mut Conn, reader: &Reader, id: Self::Id) -> Result<Option<Found<Self>>, DbError>;

    /// The item that was taken over from there.
    fn find_by_origin(conn: &mut Conn, origin: &Origin) -> Result<Option<Self>, DbError>;

    /// Writes a new item.
    fn insert(&self, conn: &mut Conn, origin: Option<&Origin>) -> Result<(), DbError>;

    /// Writes content and state, if the item is still at the version before.
    fn save(&self, conn: &mut Conn) -> Result<bool, DbError>;

    /// Removes the row, and what hangs on that alone.
    fn delete(conn: &mut Conn, id: Self::Id) -> Result<(), DbError>;

    /// A page of an organisation's own items, and one more if there is more.
    fn list_own(conn: &mut Conn, organization: OrganizationId, query: &OwnQuery)
    -> Result<Vec<Self::Summary>, Failure>;

    /// A page of what waits for a decision, and one more if there is more.
    fn list_submitted(conn: &mut Conn, query: &QueueQuery) -> Result<Vec<Self::Summary>, Failure>;

    /// Lets published items that have no expiry, from an import, run out at `until`; at most `limit`, and tells how many.
    fn begin_terms(conn: &mut Conn, until: At, limit: i64) -> Result<usize, DbError>;

    /// Published items that run out by `until`, of whose expiry their organisation has or has not been warned.
    fn running_out(conn: &mut Conn, until: At, warned: bool, limit: i64) -> Result<Vec<Self>, DbError>;
}
