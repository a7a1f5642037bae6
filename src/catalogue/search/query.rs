//! Searching.

use deserr::Deserr;
use utoipa::IntoParams;
use uuid::Uuid;

use super::view::{SearchItem, SearchResult};
use super::{index, trees};
use crate::catalogue::codes::{Country, Nace, Sdg, Vsic};
use crate::catalogue::labels::texts;
use crate::catalogue::listings::{DevelopmentStage, IpKind, IpStatus};
use crate::catalogue::{Ipc, TransferForm, listings, orders};
use crate::db::{Conn, Failure};
use crate::http::{
    Access, Answer, Call, Csv, Cursor, Limit, Operation, Param, Public, Query, Rate, Reply, with_cursor,
};
use crate::kernel::access::OrganizationKind;
use crate::kernel::clock::{At, Day};
use crate::kernel::code::Code;
use crate::kernel::fold::fold;
use crate::kernel::id::{ListingId, OrderId, OrganizationId};
use crate::kernel::locale::Locale;
use crate::kernel::text::Line;
use crate::kernel::text_enum;
use crate::kernel::trl::Trl;
use crate::kernel::validate::FieldErrors;
use crate::search::{self, Dimension, Filters, Hits, Kind};

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
    /// Codes of fields of research, separated by commas; each finds what lies below it.
    #[deserr(default)]
    #[param(value_type = Option<String>)]
    pub research_field: Csv<Line<1, 60>>,
    /// IPC sections, classes, subclasses or groups, separated by commas; each finds what lies below it.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "C02F")]
    pub ipc: Csv<Ipc>,
    /// Codes of the Vietnam Standard Industrial Classification, separated by commas; each finds what lies below it.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "37")]
    pub vsic: Csv<Vsic>,
    /// NACE codes, separated by commas; each finds what lies below it.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "37.0")]
    pub nace: Csv<Nace>,
    /// Sustainable development goals, separated by commas.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "6,9")]
    pub sdg: Csv<Param<Sdg>>,
    /// Countries, separated by commas.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "VN")]
    pub territory: Csv<Country>,
    /// Whole key words, separated by commas; letter case and diacritics do not matter.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "nước thải")]
    pub keyword: Csv<Line<1, 60>>,
    /// How far a technology has come on its way to the market; several separated by commas. Finds listings only.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "pilot,first_customers")]
    pub development_stage: Csv<DevelopmentStage>,
    /// Kinds of intellectual property rights, separated by commas. Finds listings only.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "patent,utility_solution")]
    pub ip_kind: Csv<IpKind>,
    /// Where rights stand, separated by commas; with `ip_kind`, not necessarily the same right. Finds listings only.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "granted")]
    pub ip_status: Csv<IpStatus>,
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
    /// Codes of the organisations' provinces, separated by commas; each finds what lies below it.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "01")]
    pub province: Csv<Line<1, 50>>,
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
    /// Only what its organisation confirmed, or handed in, after this instant.
    #[deserr(default)]
    #[param(value_type = Option<String>, format = "date-time", example = "2026-11-23T02:00:00Z")]
    pub confirmed_after: Option<Param<At>>,
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
             higher; `d` finds `đ`. Long questions rank by relevance and never fail for being long. A code finds what is \
             labelled with it or with one that lies below it in the reference list in force today.\n\n\
             `facets` counts what was found by kind, field, form, place and so on: each value with the number of hits that \
             filtering by it would leave, as if there were no filter on that facet yet. So a field of research or a province \
             counts what lies below it as well, and hits count with every code above their own; of the IPC the classes are \
             counted (`C02`), of VSIC the divisions (`37`), each with everything below. Highlights are \
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
    let mut query = to_index(&params)?;
    let today = Day::in_vietnam(call.app().clock.now());
    if trees::are_asked(&query.filters) {
        let widened = call.read(move |conn, _| {
            trees::widen(conn, &mut query.filters, today)?;
            Ok(query)
        });
        query = widened.await?;
    }
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
            let (total, mut facets) = (hits.total, hits.facets.clone());
            trees::add_up(conn, &mut facets, today)?;
            let result = SearchResult::new(hydrate(conn, hits)?, total, facets, next, degraded);
            let next_url = result.next_cursor.as_deref().map(|cursor| with_cursor(&url, cursor));
            Ok(Reply::ok(&result)?.next_page(next_url).content_tagged())
        },
    )
    .await
}

/// The search in the index's words. Codes that stand in trees are still to be widened.
///
/// # Errors
/// `malformed_cursor` for a page that is too deep or of another order.
pub(in crate::catalogue) fn to_index(params: &SearchQuery) -> Result<search::Query, Failure> {
    let offset = params.cursor.as_ref().map_or(Ok(0), |cursor| cursor.key_for::<usize>(params.sort.as_str()))?;
    if offset > DEEPEST {
        return Err(Code::MalformedCursor.into());
    }
    Ok(search::Query {
        text: params.q.as_ref().map(|words| words.as_str().to_owned()).unwrap_or_default(),
        reading: search::Reading::Question,
        filters: filters(params),
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

fn filters(params: &SearchQuery) -> Filters {
    let level = |level: &Option<Param<Trl>>| level.and_then(|level| u8::try_from(level.0.get()).ok());
    let kind = |kind: &SearchKind| match kind {
        SearchKind::Listing => Kind::Listing,
        SearchKind::Order => Kind::Order,
    };
    let labels = [
        (Dimension::ResearchField, texts(&params.research_field.0, Line::as_str)),
        (Dimension::Ipc, texts(&params.ipc.0, Ipc::as_str)),
        (Dimension::Vsic, texts(&params.vsic.0, Vsic::as_str)),
        (Dimension::Nace, texts(&params.nace.0, Nace::as_str)),
        (Dimension::Sdg, params.sdg.0.iter().map(|goal| goal.0.get().to_string()).collect()),
        (Dimension::Territory, texts(&params.territory.0, Country::as_str)),
        (Dimension::Keyword, params.keyword.0.iter().map(|word| fold(word.as_str())).collect()),
        (Dimension::DevelopmentStage, texts(&params.development_stage.0, |stage| stage.as_str())),
        (Dimension::IpKind, texts(&params.ip_kind.0, |kind| kind.as_str())),
        (Dimension::IpStatus, texts(&params.ip_status.0, |status| status.as_str())),
        (Dimension::TransferForm, texts(&params.transfer_form.0, |form| form.as_str())),
        (Dimension::OrganizationKind, texts(&params.organization_kind.0, |kind| kind.as_str())),
        (Dimension::Province, texts(&params.province.0, Line::as_str)),
        (Dimension::Language, texts(&params.language.0, |language| language.as_str())),
    ];
    Filters {
        kinds: params.kind.0.iter().map(kind).collect(),
        labels: labels.into_iter().filter(|(_, wanted)| !wanted.is_empty()).collect(),
        organization_id: params.organization_id.map(|id| id.0),
        trl_min: level(&params.trl_min),
        trl_max: level(&params.trl_max),
        price_min: params.price_min.map(|amount| amount.0),
        price_max: params.price_max.map(|amount| amount.0),
        verified_only: params.verified.is_some_and(|verified| verified.0),
        published_after: params.published_after.map(|at| at.0.micros()),
        confirmed_after: params.confirmed_after.map(|at| at.0.micros()),
    }
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
