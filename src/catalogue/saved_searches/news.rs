//! What an alert says.

use super::saved_search::Alert;
use super::store;
use crate::catalogue::{listings, orders};
use crate::db::{Conn, DbError};
use crate::kernel::id::{ListingId, OrderId, SavedSearchId, UserId};
use crate::search::Kind;

/// What is new to a saved search.
pub struct News {
    /// Whom to tell.
    pub user_id: UserId,
    /// What the person calls the search.
    pub search: String,
    /// Where it is changed and run.
    pub path: String,
    /// Titles and addresses of what was found, as far as it is still public.
    pub items: Vec<(String, String)>,
}

/// What the latest alert of a saved search tells of; nothing where alerts have ended or nothing of it is public any more.
///
/// # Errors
/// The database's failure.
pub fn news(conn: &mut Conn, id: SavedSearchId) -> Result<Option<News>, DbError> {
    let Some(search) = store::find_any(conn, id)?.filter(|search| search.alert != Alert::None) else {
        return Ok(None);
    };
    let of = |kind: Kind| search.found.0.iter().filter(move |finding| finding.kind == kind).map(|finding| finding.id);
    let listing_ids: Vec<_> = of(Kind::Listing).map(ListingId).collect();
    let order_ids: Vec<_> = of(Kind::Order).map(OrderId).collect();
    let found = listings::summaries(conn, &listing_ids)?.into_iter();
    let mut items: Vec<_> = found.map(|row| (row.title, format!("/v1/listings/{}", row.id))).collect();
    let found = orders::summaries(conn, &order_ids)?.into_iter();
    items.extend(found.map(|row| (row.title, format!("/v1/orders/{}", row.id))));
    let path = format!("/v1/saved-searches/{id}");
    Ok((!items.is_empty()).then(|| News { user_id: search.user_id, search: search.name.to_string(), path, items }))
}
