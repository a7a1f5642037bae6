//! Orders as items of the catalogue.

use uuid::Uuid;

use super::order::{Order, OrderContent};
use super::store;
use super::view::{OrderSummary, OrderView};
use crate::accounts::OrganizationBrief;
use crate::catalogue::item::{Found, Happening, Item, Names, Origin, OwnQuery, QueueQuery, Subject, Summary};
use crate::catalogue::lifecycle::{State, Step};
use crate::db::{Conn, DbError, Failure};
use crate::kernel::access::Reader;
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::id::{OrderId, OrganizationId};
use crate::kernel::list::List;

impl Summary for OrderSummary {
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

impl Item for Order {
    const SUBJECT: Subject = Subject::Order;
    const TAG: &'static str = "Orders";
    const WRONG_STATE: Code = Code::OrderWrongState;
    const NAMES: Names = Names {
        create: ("/v1/organizations/{id}/orders", "orders_create"),
        show: ("/v1/orders/{id}", "orders_show"),
        change: ("/v1/orders/{id}", "orders_change"),
        discard: ("/v1/orders/{id}", "orders_discard"),
        list_own: ("/v1/organizations/{id}/orders", "orders_list_own"),
        queue: ("/v1/moderation/orders", "orders_queue"),
        reviews: ("/v1/orders/{id}/reviews", "orders_reviews"),
        revisions: ("/v1/orders/{id}/revisions", "orders_revisions"),
        revision: ("/v1/orders/{id}/revisions/{version}", "orders_revision"),
        comparison: ("/v1/orders/{id}/revisions/{version}/comparison", "orders_compare"),
        submission: ("/v1/orders/{id}/submission", "orders_submit"),
        publication: ("/v1/orders/{id}/publication", "orders_publish"),
        change_request: ("/v1/orders/{id}/change-request", "orders_request_changes"),
        rejection: ("/v1/orders/{id}/rejection", "orders_reject"),
        withdrawal: ("/v1/orders/{id}/withdrawal", "orders_withdraw"),
        suspension: ("/v1/orders/{id}/suspension", "orders_suspend"),
        reinstatement: ("/v1/orders/{id}/reinstatement", "orders_reinstate"),
        confirmation: ("/v1/orders/{id}/confirmation", "orders_confirm"),
        opening: ("/v1/orders/{id}/opening", "orders_open"),
        closing: ("/v1/orders/{id}/closing", "orders_close"),
        restoration: ("/v1/orders/{id}/restoration", "orders_restore"),
        expiry: "orders_expiry",
    };
    type Content = OrderContent;
    /// An anonymous order tells its organisation to members and officers only.
    type Owner = Option<OrganizationBrief>;
    type View = OrderView;
    type Summary = OrderSummary;

    fn draft(id: OrderId, organization_id: OrganizationId, content: OrderContent, now: At) -> Self {
        let state = State::draft(now);
        Self {
            id,
            organization_id,
            status: state.status,
            content,
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

    fn id(&self) -> OrderId {
        self.id
    }

    fn organization_id(&self) -> OrganizationId {
        self.organization_id
    }

    fn content(&self) -> &OrderContent {
        &self.content
    }

    fn replace_content(&mut self, content: OrderContent) -> OrderContent {
        std::mem::replace(&mut self.content, content)
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
            Happening::Created => "order.created",
            Happening::Imported => "order.imported",
            Happening::Discarded => "order.discarded",
            Happening::Step(Step::Change) => "order.changed",
            Happening::Step(Step::Submit) => "order.submitted",
            Happening::Step(Step::Publish) => "order.published",
            Happening::Step(Step::RequestChanges) => "order.changes_requested",
            Happening::Step(Step::Reject) => "order.rejected",
            Happening::Step(Step::Withdraw) => "order.withdrawn",
            Happening::Step(Step::Suspend) => "order.suspended",
            Happening::Step(Step::Reinstate) => "order.reinstated",
            Happening::Step(Step::Confirm) => "order.confirmed",
            Happening::Step(Step::Open) => "order.opened",
            Happening::Step(Step::Close) => "order.closed",
            Happening::Step(Step::Warn) => "order.expiring",
            Happening::Step(Step::Archive) => "order.archived",
            Happening::Step(Step::Restore) => "order.restored",
        }
    }

    fn view(found: Found<Self>, _: At) -> OrderView {
        OrderView::new(found)
    }

    fn find_for(conn: &mut Conn, reader: &Reader, id: OrderId) -> Result<Option<Found<Self>>, DbError> {
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

    fn delete(conn: &mut Conn, id: OrderId) -> Result<(), DbError> {
        store::delete(conn, id)
    }

    fn list_own(conn: &mut Conn, organization: OrganizationId, query: &OwnQuery) -> Result<Vec<OrderSummary>, Failure> {
        store::list_own(conn, organization, query)
    }

    fn list_submitted(conn: &mut Conn, query: &QueueQuery) -> Result<Vec<OrderSummary>, Failure> {
        store::list_submitted(conn, query)
    }

    fn begin_terms(conn: &mut Conn, until: At, limit: i64) -> Result<usize, DbError> {
        store::begin_terms(conn, until, limit)
    }

    fn running_out(conn: &mut Conn, until: At, warned: bool, limit: i64) -> Result<Vec<Self>, DbError> {
        store::running_out(conn, until, warned, limit)
    }
}
