//! Searching.

use deserr::Deserr;
use utoipa::IntoParams;
use uuid::Uuid;

use super::index;
use super::view::{SearchItem, SearchResult};
use crate::catalogue::{Ipc, TransferForm, listings, orders};
use crate::db::{Conn, Failure};
use crate::http::{
    Access, Answer, Call, Csv, Cursor, Limit, Operation, Param, Public, Query, Rate, Reply, with_cursor,
};
use crate::kernel::access::OrganizationKind;
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::id::{ListingId, OrderId, OrganizationId};
use crate::kernel::locale::Locale;
use crate::kernel::text::Line;
use crate::kernel::text_enum;
use crate::kernel::trl::Trl;
use crate::kernel::validate::FieldErrors;
use crate::search::{self, Filters, Hits, Kind};

text_enum! {
    /// What is searched.
    pub enum SearchKind {
        /// Technologies offered.
        Listing = "listing",
        /// Technologies looked for.
        Order = "order",
    }
}

text_enum! {
    /// The order of what is found.
    pub enum SearchSort {
        /// Best first, the default; without words, newest first.
        Relevance = "relevance",
        /// Newest first.
        Newest = "-published_at",
        /// Oldest first.
        Oldest = "published_at",
        /// Lowest price first; without a price last.
        Price = "price",
        /// Highest price first; without a price last.
        PriceDesc = "-price",
        /// Most mature first; without a level last.
        Trl = "-trl",
        /// Least mature first; without a level last.
        TrlAsc = "trl",
    }
}

/// Words, filters and order. Within a filter that takes several values any of them will do; all filters must hold.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// Words or whole sentences, Vietnamese or English, with or without diacritics; the last word may be unfinished.
    #[deserr(default)]
    #[param(value_type = Option<String>, max_length = 1000, example = "cong nghe xu ly nuoc thai")]
    pub q: Option<Line<0, 1000>>,
    /// Listings, orders, or both (separated by commas); both by default.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "listing")]
    pub kind: Csv<SearchKind>,
    /// Codes of fields of research, separated by commas.
    #[deserr(default)]
    #[param(value_type = Option<String>)]
    pub research_field: Csv<Line<1, 60>>,
    /// IPC classes, subclasses or groups, separated by commas; each finds what lies below it.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "C02F")]
    pub ipc: Csv<Ipc>,
    /// Forms of transfer or cooperation, separated by commas.
    #[deserr(default)]
    #[param(value_type = Option<String>)]
    pub transfer_form: Csv<TransferForm>,
    /// Kinds of organisations, separated by commas.
    #[deserr(default)]
    #[param(value_type = Option<String>)]
    pub organization_kind: Csv<OrganizationKind>,
    /// One organisation.
    #[deserr(default)]
    #[param(value_type = Option<String>, format = "uuid")]
    pub organization_id: Option<OrganizationId>,
    /// Codes of provinces, separated by commas.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "01")]
    pub province: Csv<Line<1, 10>>,
    /// Languages of the texts, separated by commas.
    #[deserr(default)]
    #[param(value_type = Option<String>)]
    pub language: Csv<Locale>,
    /// Lowest technology readiness level.
    #[deserr(default)]
    #[param(value_type = Option<i16>, minimum = 1, maximum = 9)]
    pub trl_min: Option<Param<Trl>>,
    /// Highest technology readiness level.
    #[deserr(default)]
    #[param(value_type = Option<i16>, minimum = 1, maximum = 9)]
    pub trl_max: Option<Param<Trl>>,
    /// Price or budget from, in đồng: finds what overlaps.
    #[deserr(default)]
    #[param(value_type = Option<i64>)]
    pub price_min: Option<Param<i64>>,
    /// Price or budget to, in đồng.
    #[deserr(default)]
    #[param(value_type = Option<i64>)]
    pub price_max: Option<Param<i64>>,
    /// `true`: only from verified organisations.
    #[deserr(default)]
    #[param(value_type = Option<bool>)]
    pub verified: Option<Param<bool>>,
    /// Only what was published after this instant.
    #[deserr(default)]
    #[param(value_type = Option<String>, format = "date-time")]
    pub published_after: Option<Param<At>>,
    /// `false` leaves out the facets, which makes paging cheaper.
    #[deserr(default)]
    #[param(value_type = Option<bool>, default = true)]
    pub facets: Option<Param<bool>>,
    /// `true` tells for each hit which words met and what its score is made of.
    #[deserr(default)]
    #[param(value_type = Option<bool>, default = false)]
    pub explain: Option<Param<bool>>,
    /// The order.
    #[deserr(default = SearchSort::Relevance)]
    #[param(inline, required = false)]
    pub sort: SearchSort,
    /// Items on a page, at most 100.
    #[deserr(default)]
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    pub limit: Limit,
    /// The `next_cursor` of the page before.
    #[deserr(default)]
    #[param(value_type = Option<String>)]
    pub cursor: Option<Cursor>,
}

/// How deep one may page into what was found; whoever wants more should filter.
const DEEPEST: usize = 1_000;

pub(super) fn operation() -> Operation {
    Operation::get("/v1/search", "search_query", handle)
        .about(
            "Search",
            "Search listings and orders",
            "One search over everything public. Diacritics, case and small typing errors do not matter, and exact spelling ranks \
             higher; `d` finds `đ`. Long questions rank by relevance and never fail for being long. `facets` counts what was found \
             by kind, field, form, place and so on; the counts of a facet leave out that facet's own filter. Highlights are \
             pieces of plain text, each marked as a match or not. Pages reach down to the 1,000th hit. `degraded` says that the \
             search index does not answer at the moment and only the newest 1,000 listings and 1,000 orders were looked through, \
             for words spelt right and without facets: ask again later for the rest.",
        )
        .rate(Rate::Search)
        .answers::<SearchResult>(200, "What was found.")
        .problems(&[Code::MalformedCursor])
}

async fn handle(call: Call<Public>, Query { params, url }: Query<SearchQuery>) -> Answer {
    Ok(found(&call, params, url).await?.cacheable())
}

/// What a search finds; `url` is where its next page is asked for.
pub(in crate::catalogue) async fn found<A: Access>(call: &Call<A>, params: SearchQuery, url: String) -> Answer {
    let query = to_index(&params)?;
    let asked = query.clone();
    index::ask(
        call,
        move |index| index.search(&asked),
        move |conn, found| {
            let degraded = found.is_none();
            let hits = match found {
                Some(hits) => hits,
                None => search::scan(&index::newest(conn, &query.filters.kinds)?, &query),
            };
            let next = next_cursor(&params, &query, &hits);
            let (total, facets) = (hits.total, hits.facets.clone());
            let result = SearchResult::new(hydrate(conn, hits)?, total, facets, next, degraded);
            let next_url = result.next_cursor.as_deref().map(|cursor| with_cursor(&url, cursor));
            Ok(Reply::ok(&result)?.next_page(next_url).content_tagged())
        },
    )
    .await
}

/// The search in the index's words.
///
/// # Errors
/// `malformed_cursor` for a page that is too deep or of another order.
pub(in crate::catalogue) fn to_index(params: &SearchQuery) -> Result<search::Query, Failure> {
    let offset = params.cursor.as_ref().map_or(Ok(0), |cursor| cursor.key_for::<usize>(params.sort.as_str()))?;
    if offset > DEEPEST {
        return Err(Code::MalformedCursor.into());
    }
    let level = |level: &Option<Param<Trl>>| level.and_then(|level| u8::try_from(level.0.get()).ok());
    let text = |values: &[Line<1, 60>]| values.iter().map(|value| value.as_str().to_owned()).collect();
    Ok(search::Query {
        text: params.q.as_ref().map(|words| words.as_str().to_owned()).unwrap_or_default(),
        reading: search::Reading::Question,
        filters: Filters {
            kinds: params
                .kind
                .0
                .iter()
                .map(|kind| match kind {
                    SearchKind::Listing => Kind::Listing,
                    SearchKind::Order => Kind::Order,
                })
                .collect(),
            research_fields: text(&params.research_field.0),
            ipc: params.ipc.0.iter().map(|ipc| ipc.as_str().to_owned()).collect(),
            transfer_forms: params.transfer_form.0.iter().map(ToString::to_string).collect(),
            organization_id: params.organization_id.map(|id| id.0),
            organization_kinds: params.organization_kind.0.iter().map(ToString::to_string).collect(),
            provinces: params.province.0.iter().map(|code| code.as_str().to_owned()).collect(),
            languages: params.language.0.iter().map(ToString::to_string).collect(),
            trl_min: level(&params.trl_min),
            trl_max: level(&params.trl_max),
            price_min: params.price_min.map(|amount| amount.0),
            price_max: params.price_max.map(|amount| amount.0),
            verified_only: params.verified.is_some_and(|verified| verified.0),
            published_after: params.published_after.map(|at| at.0.micros()),
        },
        sort: match params.sort {
            SearchSort::Relevance => search::Sort::Relevance,
            SearchSort::Newest => search::Sort::PublishedAtDesc,
            SearchSort::Oldest => search::Sort::PublishedAtAsc,
            SearchSort::Price => search::Sort::PriceAsc,
            SearchSort::PriceDesc => search::Sort::PriceDesc,
            SearchSort::Trl => search::Sort::TrlDesc,
            SearchSort::TrlAsc => search::Sort::TrlAsc,
        },
        limit: usize::try_from(params.limit.0).unwrap_or_default(),
        offset,
        facets: params.facets.is_none_or(|facets| facets.0),
        highlight: true,
        explain: params.explain.is_some_and(|explain| explain.0),
    })
}

fn next_cursor(params: &SearchQuery, query: &search::Query, hits: &Hits) -> Option<Cursor> {
    let next = query.offset + hits.hits.len();
    let last = hits.hits.last()?;
    (next < hits.total.min(DEEPEST)).then(|| Cursor {
        sort: params.sort.to_string(),
        key: next.to_string(),
        id: last.id,
    })
}

/// The hits with what is shown of them, in their order; what is not public any more drops out.
fn hydrate(conn: &mut Conn, hits: Hits) -> Result<Vec<SearchItem>, Failure> {
    let ids = |kind: Kind| hits.hits.iter().filter(move |hit| hit.kind == kind).map(|hit| hit.id);
    let listing_ids: Vec<_> = ids(Kind::Listing).map(ListingId).collect();
    let order_ids: Vec<_> = ids(Kind::Order).map(OrderId).collect();
    let mut listings = if listing_ids.is_empty() { Vec::new() } else { listings::summaries(conn, &listing_ids)? };
    let mut orders = if order_ids.is_empty() { Vec::new() } else { orders::summaries(conn, &order_ids)? };
    let mut items = Vec::with_capacity(hits.hits.len());
    for hit in hits.hits {
        let item = match hit.kind {
            Kind::Listing => take(&mut listings, |row| row.id.0, hit.id).map(|row| SearchItem::listing(row, hit)),
            Kind::Order => take(&mut orders, |row| row.id.0, hit.id).map(|row| SearchItem::order(row, hit)),
        };
        items.extend(item);
    }
    Ok(items)
}

fn take<T>(rows: &mut Vec<T>, id_of: impl Fn(&T) -> Uuid, id: Uuid) -> Option<T> {
    let position = rows.iter().position(|row| id_of(row) == id)?;
    Some(rows.swap_remove(position))
}
