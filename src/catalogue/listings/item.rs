//! Listings as items of the catalogue.

use uuid::Uuid;

use super::listing::{Listing, ListingContent};
use super::store;
use super::view::{ListingSummary, ListingView};
use crate::catalogue::item::{Found, Happening, Item, Names, Origin, OwnQuery, QueueQuery, State, Subject, Summary};
use crate::catalogue::lifecycle::Step;
use crate::db::{Conn, DbError, Failure};
use crate::kernel::access::Reader;
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::id::{ListingId, OrganizationId};

impl Summary for ListingSummary {
    fn id(&self) -> Uuid {
        self.id.0
    }

    fn updated_at(&self) -> At {
        self.updated_at
    }

    fn submitted_at(&self) -> Option<At> {
        self.submitted_at
    }
}

impl Item for Listing {
    const SUBJECT: Subject = Subject::Listing;
    const TAG: &'static str = "Listings";
    const WRONG_STATE: Code = Code::ListingWrongState;
    const NAMES: Names = Names {
        create: ("/v1/organizations/{id}/listings", "listings_create"),
        show: ("/v1/listings/{id}", "listings_show"),
        change: ("/v1/listings/{id}", "listings_change"),
        list_own: ("/v1/organizations/{id}/listings", "listings_list_own"),
        queue: ("/v1/moderation/listings", "listings_queue"),
        reviews: ("/v1/listings/{id}/reviews", "listings_reviews"),
        submission: ("/v1/listings/{id}/submission", "listings_submit"),
        publication: ("/v1/listings/{id}/publication", "listings_publish"),
        change_request: ("/v1/listings/{id}/change-request", "listings_request_changes"),
        rejection: ("/v1/listings/{id}/rejection", "listings_reject"),
        withdrawal: ("/v1/listings/{id}/withdrawal", "listings_withdraw"),
    };
    type Id = ListingId;
    type Content = ListingContent;
    type View = ListingView;
    type Summary = ListingSummary;

    fn draft(id: ListingId, organization_id: OrganizationId, content: ListingContent, now: At) -> Self {
        let State { status, version, updated_at, submitted_at, published_at } = State::draft(now);
        Self { id, organization_id, status, content, version, created_at: now, updated_at, submitted_at, published_at }
    }

    fn id(&self) -> ListingId {
        self.id
    }

    fn organization_id(&self) -> OrganizationId {
        self.organization_id
    }

    fn content(&self) -> &ListingContent {
        &self.content
    }

    fn replace_content(&mut self, content: ListingContent) -> ListingContent {
        std::mem::replace(&mut self.content, content)
    }

    fn state(&self) -> State {
        let Self { status, version, updated_at, submitted_at, published_at, .. } = *self;
        State { status, version, updated_at, submitted_at, published_at }
    }

    fn set_state(&mut self, state: State) {
        State {
            status: self.status,
            version: self.version,
            updated_at: self.updated_at,
            submitted_at: self.submitted_at,
            published_at: self.published_at,
        } = state;
    }

    fn event(happening: Happening) -> &'static str {
        match happening {
            Happening::Created => "listing.created",
            Happening::Imported => "listing.imported",
            Happening::Step(Step::Change) => "listing.changed",
            Happening::Step(Step::Submit) => "listing.submitted",
            Happening::Step(Step::Publish) => "listing.published",
            Happening::Step(Step::RequestChanges) => "listing.changes_requested",
            Happening::Step(Step::Reject) => "listing.rejected",
            Happening::Step(Step::Withdraw) => "listing.withdrawn",
        }
    }

    fn find_for(conn: &mut Conn, reader: &Reader, id: ListingId) -> Result<Option<Found<Self>>, DbError> {
        store::find_for(conn, reader, id)
    }

    fn find_by_origin(conn: &mut Conn, origin: &Origin) -> Result<Option<Self>, DbError> {
        store::find_by_origin(conn, origin)
    }

    fn insert(&self, conn: &mut Conn, origin: Option<&Origin>) -> Result<(), DbError> {
        store::insert(conn, self, origin)
    }

    fn save(&self, conn: &mut Conn) -> Result<bool, DbError> {
        store::save(conn, self)
    }

    fn list_own(
        conn: &mut Conn,
        organization: OrganizationId,
        query: &OwnQuery,
    ) -> Result<Vec<ListingSummary>, Failure> {
        store::list_own(conn, organization, query)
    }

    fn list_submitted(conn: &mut Conn, query: &QueueQuery) -> Result<Vec<ListingSummary>, Failure> {
        store::list_submitted(conn, query)
    }
}
