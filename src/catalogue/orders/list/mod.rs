//! The public list of orders.

mod store;

use deserr::Deserr;
use utoipa::IntoParams;

use super::view::OrderSummary;
use crate::catalogue::codes::{Country, Nace, Sdg, Vsic};
use crate::catalogue::feed::{Listed, changes, only_paging};
use crate::catalogue::labels::{Facet, texts};
use crate::catalogue::{Ipc, Order, TransferForm};
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
    /// The order of a list of orders.
    pub enum OrderSort {
        /// Newest first, the default.
        Newest = "-published_at",
        /// Oldest first.
        Oldest = "published_at",
        /// Largest budget first; negotiable budgets and other currencies last.
        Budget = "-budget",
        /// Most mature first.
        Trl = "-trl",
    }
}

/// Filters and order. Within a filter that takes several values any of them will do; all filters must hold.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrdersQuery {
    /// Codes of fields of research, separated by commas; each finds what lies below it.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "engineering_and_technology,agricultural_sciences")]
    pub research_field: Csv<Line<1, 60>>,
    /// IPC sections, classes, subclasses or groups, separated by commas; each finds what lies below it.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "C02F")]
    pub ipc: Csv<Ipc>,
    /// Forms of cooperation, separated by commas.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "exclusive_licence,non_exclusive_licence")]
    pub cooperation_form: Csv<TransferForm>,
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
    /// Lowest technology readiness level wanted.
    #[deserr(default)]
    #[param(value_type = Option<i16>, minimum = 1, maximum = 9)]
    pub trl_min: Option<Param<Trl>>,
    /// Highest technology readiness level.
    #[deserr(default)]
    #[param(value_type = Option<i16>, minimum = 1, maximum = 9)]
    pub trl_max: Option<Param<Trl>>,
    /// Lowest budget in đồng: finds budgets that reach it.
    #[deserr(default)]
    #[param(value_type = Option<i64>)]
    pub budget_min: Option<Param<i64>>,
    /// Highest budget in đồng: finds budgets that begin at or below it. Negotiable budgets are not found.
    #[deserr(default)]
    #[param(value_type = Option<i64>)]
    pub budget_max: Option<Param<i64>>,
    /// One organisation. Finds no anonymous orders.
    #[deserr(default)]
    #[param(value_type = Option<String>, format = "uuid")]
    pub organization_id: Option<OrganizationId>,
    /// Kinds of organisations, separated by commas. Finds no anonymous orders.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "institute")]
    pub organization_kind: Csv<OrganizationKind>,
    /// Codes of the organisations' provinces, separated by commas; each finds what lies below it. Finds no anonymous orders.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "01")]
    pub province: Csv<Line<1, 50>>,
    /// `true`: only from verified organisations. Finds no anonymous orders.
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
    #[deserr(default = OrderSort::Newest)]
    #[param(inline, required = false)]
    pub sort: OrderSort,
    /// Items on a page, at most 100.
    #[deserr(default)]
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    pub limit: Limit,
    /// The `next_cursor` of the page before.
    #[deserr(default)]
    #[param(value_type = Option<String>)]
    pub cursor: Option<Cursor>,
}

impl OrdersQuery {
    /// Whether it asks for anything of an order's organisation, by which no anonymous order may be found.
    fn asks_for_owner(&self) -> bool {
        let Self { organization_id, organization_kind, province, verified, .. } = self;
        let verified = verified.is_some_and(|only| only.0);
        organization_id.is_some() || !organization_kind.0.is_empty() || !province.0.is_empty() || verified
    }

    /// What has to be among an item's labels.
    fn labels(&self) -> impl Iterator<Item = (Facet, Vec<String>)> {
        let wanted = [
            (Facet::TransferForm, texts(&self.cooperation_form.0, |form| form.as_str())),
            (Facet::Ipc, texts(&self.ipc.0, Ipc::as_str)),
            (Facet::Vsic, texts(&self.vsic.0, Vsic::as_str)),
            (Facet::Nace, texts(&self.nace.0, Nace::as_str)),
            (Facet::Sdg, self.sdg.0.iter().map(|goal| goal.0.get().to_string()).collect()),
            (Facet::Territory, texts(&self.territory.0, Country::as_str)),
        ];
        wanted.into_iter().filter(|(_, values)| !values.is_empty())
    }
}

pub(super) fn operation() -> Operation {
    Operation::get("/v1/orders", "orders_list", handle)
        .about(
            "Orders",
            "List published orders",
            "The public list, filtered and sorted. For finding by words use the search. A code finds what is \
             labelled with it or with one that lies below it in the reference list in force today.\n\n\
             To keep a copy, begin with `updated_since=1970-01-01T00:00:00Z`, put every item and remove what is in `gone`, \
             follow `next_cursor` to the end, and ask again later with the last `synced_until` as `updated_since`: nothing is \
             missed, and what comes twice does no harm. Changes show up within about a second. What is gone is told for a \
             configured time; who was away for longer gets 410 and begins anew. `Last-Modified` is `synced_until` in whole \
             seconds.",
        )
        .answers::<Listed<OrderSummary>>(200, "A page of orders.")
        .problems(&[Code::MalformedCursor, Code::ChangesForgotten])
}

async fn handle(call: Call<Public>, Query { params, url }: Query<OrdersQuery>) -> Answer {
    if params.updated_since.is_some() {
        only_paging(&url)?;
    }
    let today = Day::in_vietnam(call.app().clock.now());
    call.read(move |conn, _| {
        if let Some(since) = params.updated_since {
            return changes::<Order>(conn, since.0, (params.limit, params.cursor.as_ref()), &url);
        }
        let rows = store::list_public(conn, &params, today)?;
        Ok(page(rows, params.limit, &url, |row| cursor(params.sort, row))?.cacheable())
    })
    .await
}

fn cursor(sort: OrderSort, row: &OrderSummary) -> Cursor {
    let key = match sort {
        OrderSort::Newest | OrderSort::Oldest => row.published_at.map(|at| at.to_string()).unwrap_or_default(),
        OrderSort::Budget => row.budget.bounds_vnd().1.unwrap_or(0).to_string(),
        OrderSort::Trl => row.trl_wanted.map_or(0, Trl::get).to_string(),
    };
    Cursor { sort: sort.to_string(), key, id: row.id.0 }
}
