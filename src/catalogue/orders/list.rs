//! The public list of orders.

use deserr::Deserr;
use utoipa::IntoParams;

use super::store;
use super::view::OrderSummary;
use crate::catalogue::{Ipc, TransferForm};
use crate::http::{Answer, Call, Csv, Cursor, Limit, Operation, Page, Param, Public, Query, page};
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
    /// Codes of fields of research, separated by commas.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "engineering_and_technology,agricultural_sciences")]
    pub research_field: Csv<Line<1, 60>>,
    /// IPC classes, subclasses or groups, separated by commas; each finds what lies below it.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "C02F")]
    pub ipc: Csv<Ipc>,
    /// Forms of cooperation, separated by commas.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "exclusive_licence,non_exclusive_licence")]
    pub cooperation_form: Csv<TransferForm>,
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
    /// One organisation.
    #[deserr(default)]
    #[param(value_type = Option<String>, format = "uuid")]
    pub organization_id: Option<OrganizationId>,
    /// The language of the texts.
    #[deserr(default)]
    pub language: Option<Locale>,
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

pub(super) fn operation() -> Operation {
    Operation::get("/v1/orders", "orders_list", handle)
        .about(
            "Orders",
            "List published orders",
            "The public list, filtered and sorted. For finding by words use the search.",
        )
        .answers::<Page<OrderSummary>>(200, "A page of orders.")
        .problems(&[Code::MalformedCursor])
}

async fn handle(call: Call<Public>, Query { params, url }: Query<OrdersQuery>) -> Answer {
    call.read(move |conn, _| {
        let rows = store::list_public(conn, &params)?;
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
