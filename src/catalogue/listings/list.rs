//! The public list of listings.

use deserr::Deserr;
use utoipa::IntoParams;

use super::store;
use super::view::ListingSummary;
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
    /// Codes of fields of research, separated by commas.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "engineering_and_technology,agricultural_sciences")]
    pub research_field: Csv<Line<1, 60>>,
    /// IPC classes, subclasses or groups, separated by commas; each finds what lies below it.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "C02F")]
    pub ipc: Csv<Ipc>,
    /// Forms of transfer, separated by commas.
    #[deserr(default)]
    #[param(value_type = Option<String>, example = "exclusive_licence,non_exclusive_licence")]
    pub transfer_form: Csv<TransferForm>,
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
    /// The language of the texts.
    #[deserr(default)]
    pub language: Option<Locale>,
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

pub(super) fn operation() -> Operation {
    Operation::get("/v1/listings", "listings_list", handle)
        .about(
            "Listings",
            "List published listings",
            "The public list, filtered and sorted. For finding by words use the search.",
        )
        .answers::<Page<ListingSummary>>(200, "A page of listings.")
        .problems(&[Code::MalformedCursor])
}

async fn handle(call: Call<Public>, Query { params, url }: Query<ListingsQuery>) -> Answer {
    call.read(move |conn, _| {
        let rows = store::list_public(conn, &params)?;
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
