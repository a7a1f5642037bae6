//! Listings as items of the catalogue.

use uuid::Uuid;

use super::listing::{Listing, ListingContent};
use super::store;
use super::view::{ListingSummary, ListingView};
use crate::accounts::OrganizationBrief;
use crate::catalogue::item::{Found, Happening, Item, Names, Origin, OwnQuery, QueueQuery, Subject, Summary};
use crate::catalogue::lifecycle::{State, Step};
use crate::db::{Conn, DbError, Failure};
use crate::kernel::access::Reader;
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::id::{ListingId, OrganizationId};
use crate::kernel::list::List;

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
        discard: ("/v1/listings/{id}", "listings_discard"),
        list_own: ("/v1/organizations/{id}/listings", "listings_list_own"),
        queue: ("/v1/moderation/listings", "listings_queue"),
        reviews: ("/v1/listings/{id}/reviews", "listings_reviews"),
        revisions: ("/v1/listings/{id}/revisions", "listings_revisions"),
        revision: ("/v1/listings/{id}/revisions/{version}", "listings_revision"),
        comparison: ("/v1/listings/{id}/revisions/{version}/comparison", "listings_compare"),
        submission: ("/v1/listings/{id}/submission", "listings_submit"),
        publication: ("/v1/listings/{id}/publication", "listings_publish"),
        change_request: ("/v1/listings/{id}/change-request", "listings_request_changes"),
        rejection: ("/v1/listings/{id}/rejection", "listings_reject"),
        withdrawal: ("/v1/listings/{id}/withdrawal", "listings_withdraw"),
        suspension: ("/v1/listings/{id}/suspension", "listings_suspend"),
        reinstatement: ("/v1/listings/{id}/reinstatement", "listings_reinstate"),
        confirmation: ("/v1/listings/{id}/confirmation", "listings_confirm"),
        opening: ("/v1/listings/{id}/opening", "listings_open"),
        closing: ("/v1/listings/{id}/closing", "listings_close"),
        restoration: ("/v1/listings/{id}/restoration", "listings_restore"),
        expiry: "listings_expiry",
    };
    type Content = ListingContent;
    type Owner = OrganizationBrief;
    type View = ListingView;
    type Summary = ListingSummary;

    fn draft(id: ListingId, organization_id: OrganizationId, content: ListingContent, now: At) -> Self {
        let state = State::draft(now);
        Self {
            id,
            organization_id,
            status: state.status,
            content,
            badges: List::default(),
            attachments: List::default(),
            whole: None,
            version: state.version,
            created_at: now,
            updated_at: state.updated_at,
            submitted_at: state.submitted_at,
            published_at: state.published_at,
            expires_at: state.expires_at,
            warned_at: state.warned_at,
            last_confirmed_at: state.last_confirmed_at,
            open_for_interest: state.open_for_interest,
        }
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
        let before = std::mem::replace(&mut self.content, content);
        self.drop_outdated_badges();
        before
    }

    fn state(&self) -> State {
        State {
            status: self.status,
            version: self.version,
            updated_at: self.updated_at,
            submitted_at: self.submitted_at,
            published_at: self.published_at,
            expires_at: self.expires_at,
            warned_at: self.warned_at,
            last_confirmed_at: self.last_confirmed_at,
            open_for_interest: self.open_for_interest,
        }
    }

    fn set_state(&mut self, state: State) {
        State {
            status: self.status,
            version: self.version,
            updated_at: self.updated_at,
            submitted_at: self.submitted_at,
            published_at: self.published_at,
            expires_at: self.expires_at,
            warned_at: self.warned_at,
            last_confirmed_at: self.last_confirmed_at,
            open_for_interest: self.open_for_interest,
        } = state;
    }

    fn event(happening: Happening) -> &'static str {
        match happening {
            Happening::Created => "listing.created",
            Happening::Imported => "listing.imported",
            Happening::Discarded => "listing.discarded",
            Happening::Step(Step::Change) => "listing.changed",
            Happening::Step(Step::Submit) => "listing.submitted",
            Happening::Step(Step::Publish) => "listing.published",
            Happening::Step(Step::RequestChanges) => "listing.changes_requested",
            Happening::Step(Step::Reject) => "listing.rejected",
            Happening::Step(Step::Withdraw) => "listing.withdrawn",
            Happening::Step(Step::Suspend) => "listing.suspended",
            Happening::Step(Step::Reinstate) => "listing.reinstated",
            Happening::Step(Step::Confirm) => "listing.confirmed",
            Happening::Step(Step::Open) => "listing.opened",
            Happening::Step(Step::Close) => "listing.closed",
            Happening::Step(Step::Warn) => "listing.expiring",
            Happening::Step(Step::Archive) => "listing.archived",
            Happening::Step(Step::Restore) => "listing.restored",
        }
    }

    fn view(found: Found<Self>, now: At) -> ListingView {
        ListingView::new(found, now)
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

    fn delete(conn: &mut Conn, id: ListingId) -> Result<(), DbError> {
        store::delete(conn, id)
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

    fn begin_terms(conn: &mut Conn, until: At, limit: i64) -> Result<usize, DbError> {
        store::begin_terms(conn, until, limit)
    }

    fn running_out(conn: &mut Conn, until: At, warned: bool, limit: i64) -> Result<Vec<Self>, DbError> {
        store::running_out(conn, until, warned, limit)
    }
}
