//! The public list of listings.

mod store;

use deserr::Deserr;
use utoipa::IntoParams;

use super::view::ListingSummary;
use crate::catalogue::codes::{Country, Nace, Sdg, Vsic};
use crate::catalogue::feed::{Listed, changes, only_paging};
use crate::catalogue::labels::{Facet, texts};
use crate::catalogue::listings::{DevelopmentStage, IpKind, IpStatus};
use crate::catalogue::{Ipc, Listing, TransferForm};
use crate::http::{Answer, Call, Csv, Cursor, Limit, Operation, Param, Public, Query, page};
use crate::kernel::access::OrganizationKind;
use crate::kernel::clock::{At, Day};
use crate::kernel::code::Code;
use crate::kernel::id::OrganizationId;
use crate::kernel::locale::Locale;
use crate::kernel::text::Line;
use crate::kernel::text_enum;
use crate::kernel::trl::Trl;
use crate::kernel::validate::FieldErrors;

text_enum! {
    /// The order of a list of listings.
    pub enum ListingSort {
        /// Newest first, the default.
        Newest = "-published_at",
        /// Oldest first.
        Oldest = "published_at",
        /// Cheapest first; negotiable prices and other currencies last.
        Price = "price",
        /// Most mature first.
        Trl = "-trl",
    }
}

/// Filters and order. Within a filter that takes several values any of them will do; all filters must hold.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListingsQuery {
    /// Codes of fields of research, separated by commas; each finds what lies below it.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "engineering_and_technology,agricultural_sciences")]
    pub research_field: Csv<Line<1, 60>>,
    /// IPC sections, classes, subclasses or groups, separated by commas; each finds what lies below it.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "C02F")]
    pub ipc: Csv<Ipc>,
    /// Forms of transfer, separated by commas.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "exclusive_licence,non_exclusive_licence")]
    pub transfer_form: Csv<TransferForm>,
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
    /// Lowest technology readiness level.
    #[deserr(default)]
    #[param(value_type = Option<i16>, minimum = 1, maximum = 9)]
    pub trl_min: Option<Param<Trl>>,
    /// Highest technology readiness level.
    #[deserr(default)]
    #[param(value_type = Option<i16>, minimum = 1, maximum = 9)]
    pub trl_max: Option<Param<Trl>>,
    /// Lowest price in đồng: finds prices that reach it.
    #[deserr(default)]
    #[param(value_type = Option<i64>)]
    pub price_min: Option<Param<i64>>,
    /// Highest price in đồng: finds prices that begin at or below it. Negotiable prices are not found.
    #[deserr(default)]
    #[param(value_type = Option<i64>)]
    pub price_max: Option<Param<i64>>,
    /// One organisation.
    #[deserr(default)]
    #[param(value_type = Option<String>, format = "uuid")]
    pub organization_id: Option<OrganizationId>,
    /// How far it has come on its way to the market; several separated by commas.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "pilot,first_customers")]
    pub development_stage: Csv<DevelopmentStage>,
    /// Kinds of intellectual property rights in it, separated by commas.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "patent,utility_solution")]
    pub ip_kind: Csv<IpKind>,
    /// Where rights in it stand, separated by commas; with `ip_kind`, not necessarily the same right.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "granted")]
    pub ip_status: Csv<IpStatus>,
    /// Kinds of organisations, separated by commas.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "institute")]
    pub organization_kind: Csv<OrganizationKind>,
    /// Codes of the organisations' provinces, separated by commas; each finds what lies below it.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "01")]
    pub province: Csv<Line<1, 50>>,
    /// `true`: only from verified organisations.
    #[deserr(default)]
    #[param(value_type = Option<bool>)]
    pub verified: Option<Param<bool>>,
    /// Only what its organisation confirmed, or handed in, after this instant.
    #[deserr(default)]
    #[param(value_type = Option<String>, format = "date-time", example = "2026-11-23T02:00:00Z")]
    pub confirmed_after: Option<Param<At>>,
    /// The language of the texts.
    #[deserr(default)]
    pub language: Option<Locale>,
    /// Only what changed, or ceased to be public, after this instant, the oldest change first; for those who keep a copy.
    /// Goes with `limit` and `cursor` only.
    #[deserr(default)]
    #[param(value_type = Option<String>, format = "date-time", example = "2026-11-23T02:00:00Z")]
    pub updated_since: Option<Param<At>>,
    /// The order.
    #[deserr(default = ListingSort::Newest)]
    #[param(inline, required = false)]
    pub sort: ListingSort,
    /// Items on a page, at most 100.
    #[deserr(default)]
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    pub limit: Limit,
    /// The `next_cursor` of the page before.
    #[deserr(default)]
    #[param(value_type = Option<String>)]
    pub cursor: Option<Cursor>,
}

impl ListingsQuery {
    /// What has to be among an item's labels.
    fn labels(&self) -> impl Iterator<Item = (Facet, Vec<String>)> {
        let wanted = [
            (Facet::TransferForm, texts(&self.transfer_form.0, |form| form.as_str())),
            (Facet::Ipc, texts(&self.ipc.0, Ipc::as_str)),
            (Facet::Vsic, texts(&self.vsic.0, Vsic::as_str)),
            (Facet::Nace, texts(&self.nace.0, Nace::as_str)),
            (Facet::Sdg, self.sdg.0.iter().map(|goal| goal.0.get().to_string()).collect()),
            (Facet::Territory, texts(&self.territory.0, Country::as_str)),
            (Facet::IpKind, texts(&self.ip_kind.0, |kind| kind.as_str())),
            (Facet::IpStatus, texts(&self.ip_status.0, |status| status.as_str())),
        ];
        wanted.into_iter().filter(|(_, values)| !values.is_empty())
    }
}

pub(super) fn operation() -> Operation {
    Operation::get("/v1/listings", "listings_list", handle)
        .about(
            "Listings",
            "List published listings",
            "The public list, filtered and sorted. For finding by words use the search. A code finds what is \
             labelled with it or with one that lies below it in the reference list in force today.\n\n\
             To keep a copy, begin with `updated_since=1970-01-01T00:00:00Z`, put every item and remove what is in `gone`, \
             follow `next_cursor` to the end, and ask again later with the last `synced_until` as `updated_since`: nothing is \
             missed, and what comes twice does no harm. Changes show up within about a second. What is gone is told for a \
             configured time; who was away for longer gets 410 and begins anew. `Last-Modified` is `synced_until` in whole \
             seconds.",
        )
        .answers::<Listed<ListingSummary>>(200, "A page of listings.")
        .problems(&[Code::MalformedCursor, Code::ChangesForgotten])
}

async fn handle(call: Call<Public>, Query { params, url }: Query<ListingsQuery>) -> Answer {
    if params.updated_since.is_some() {
        only_paging(&url)?;
    }
    let today = Day::in_vietnam(call.app().clock.now());
    call.read(move |conn, _| {
        if let Some(since) = params.updated_since {
            return changes::<Listing>(conn, since.0, (params.limit, params.cursor.as_ref()), &url);
        }
        let rows = store::list_public(conn, &params, today)?;
        Ok(page(rows, params.limit, &url, |row| cursor(params.sort, row))?.cacheable())
    })
    .await
}

fn cursor(sort: ListingSort, row: &ListingSummary) -> Cursor {
    let key = match sort {
        ListingSort::Newest | ListingSort::Oldest => row.published_at.map(|at| at.to_string()).unwrap_or_default(),
        ListingSort::Price => row.price.bounds_vnd().0.unwrap_or(i64::MAX).to_string(),
        ListingSort::Trl => row.trl.map_or(0, Trl::get).to_string(),
    };
    Cursor { sort: sort.to_string(), key, id: row.id.0 }
}
