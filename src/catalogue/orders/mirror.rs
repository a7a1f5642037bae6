//! Orders as others mirror them.

use uuid::Uuid;

use super::store;
use super::view::OrderSummary;
use crate::catalogue::Order;
use crate::catalogue::feed::{Mirrored, Visibility};
use crate::catalogue::item::Subject;
use crate::db::{Conn, DbError};
use crate::kernel::id::{OrderId, OrganizationId};

impl Mirrored for Order {
    const SUBJECT: Subject = Subject::Order;
    type Summary = OrderSummary;

    fn wants(event: &str) -> bool {
        event.starts_with("order.") && event != "order.created"
    }

    fn visibility(conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<Visibility>, DbError> {
        store::visibility(conn, &typed(ids))
    }

    /// Without the anonymous ones: entries that move with their organisation would tell whose they are.
    fn of_organization(conn: &mut Conn, organization: OrganizationId) -> Result<Vec<Uuid>, DbError> {
        Ok(store::published_openly_by(conn, organization)?.into_iter().map(|id| id.0).collect())
    }

    fn summaries(conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<OrderSummary>, DbError> {
        store::summaries(conn, &typed(ids))
    }
}

fn typed(ids: &[Uuid]) -> Vec<OrderId> {
    ids.iter().copied().map(OrderId).collect()
}
