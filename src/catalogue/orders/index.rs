//! Orders in the search index.

use uuid::Uuid;

use super::order::{Order, OrderContent};
use super::store;
use super::translation::OrderTranslation;
use crate::accounts::{OrganizationBrief, Verification};
use crate::db::{Conn, DbError};
use crate::kernel::clock::At;
use crate::kernel::id::{OrderId, OrganizationId};
use crate::kernel::text::Prose;
use crate::search::{Document, Kind, Searchable};

/// Makes documents of orders.
pub struct SearchableOrders;

impl Searchable for SearchableOrders {
    fn kind(&self) -> Kind {
        Kind::Order
    }

    fn wants(&self, event: &str) -> bool {
        matches!(
            event,
            "order.published"
                | "order.withdrawn"
                | "order.suspended"
                | "order.reinstated"
                | "order.archived"
                | "order.confirmed"
                | "order.imported"
        )
    }

    fn documents(&self, conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<Document>, DbError> {
        let ids: Vec<_> = ids.iter().copied().map(OrderId).collect();
        Ok(store::published(conn, &ids)?.into_iter().map(document).collect())
    }

    fn after(&self, conn: &mut Conn, id: Uuid, limit: i64) -> Result<Vec<Document>, DbError> {
        Ok(store::published_after(conn, OrderId(id), limit)?.into_iter().map(document).collect())
    }

    fn count(&self, conn: &mut Conn) -> Result<i64, DbError> {
        store::count_published(conn)
    }

    fn newest(&self, conn: &mut Conn, limit: i64) -> Result<Vec<Document>, DbError> {
        Ok(store::newest(conn, limit)?.into_iter().map(document).collect())
    }

    fn of_organization(&self, conn: &mut Conn, organization: Uuid) -> Result<Vec<Uuid>, DbError> {
        Ok(store::published_of(conn, OrganizationId(organization))?.into_iter().map(|id| id.0).collect())
    }
}

/// An anonymous order is found by nothing of its organisation's.
fn document((order, organization): (Order, Option<OrganizationBrief>)) -> Document {
    let owner = organization.as_ref();
    let (price_from, price_to) = order.content.budget.bounds_vnd();
    let labels = order.content.classified().searched(owner);
    let OrderContent { title, summary, problem, context, requirements, success_criteria, translation, .. } =
        order.content;
    let requirements = requirements.iter().map(|requirement| requirement.text.as_str().to_owned());
    let translated: Vec<_> = translation.iter().flat_map(OrderTranslation::texts).map(str::to_owned).collect();
    let keywords = order.content.keywords.iter().map(|word| word.as_str().to_owned());
    let keywords = keywords.chain(translation.map(|texts| texts.title.into())).collect();
    let body = [problem.map(String::from), context.map(String::from), success_criteria.map(String::from)];
    Document {
        kind: Kind::Order,
        id: order.id.0,
        version: order.version,
        title: title.into(),
        summary: summary.map_or_else(String::new, Prose::into),
        body: body.into_iter().flatten().chain(requirements).chain(translated).collect::<Vec<_>>().join("\n"),
        keywords,
        organization_id: owner.map_or(Uuid::nil(), |owner| owner.id.0),
        organization_name: owner.map_or_else(String::new, |owner| owner.name.clone()),
        verified: owner.is_some_and(|owner| owner.verification == Verification::Verified),
        labels,
        ipc: order.content.ipc.iter().map(|symbol| symbol.as_str().to_owned()).collect(),
        trl: order.content.trl_wanted.and_then(|level| u8::try_from(level.get()).ok()),
        price_from,
        price_to,
        published_at: order.published_at.map_or(0, At::micros),
        confirmed_at: order.last_confirmed_at.map(At::micros),
    }
}
