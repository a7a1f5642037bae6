//! Listing organisations.

use deserr::Deserr;
use utoipa::IntoParams;

use super::super::paging::start;
use super::store::{self, Filter, From};
use super::verification::Verification;
use super::view::OrganizationView;
use crate::http::{Answer, Call, Cursor, Limit, Operation, Page, Param, Public, Query, page};
use crate::kernel::access::{OrganizationKind, Reader};
use crate::kernel::code::Code;
use crate::kernel::fold::fold;
use crate::kernel::problem::Problem;
use crate::kernel::text::Line;
use crate::kernel::text_enum;
use crate::kernel::validate::FieldErrors;

pub(super) fn operation() -> Operation {
    Operation::get("/v1/organizations", "organizations_list", list)
        .about(
            "Organisations",
            "List organisations",
            "The verified organisations that are active. Officers may ask for the unverified or refused ones as well, best by \
             age: that is their queue; and for those that were deactivated.",
        )
        .answers::<Page<OrganizationView>>(200, "The organisations in the order asked for.")
        .problems(&[Code::MalformedCursor, Code::OfficerRequired])
}

text_enum! {
    /// An order of organisations.
    pub enum OrganizationSort {
        /// By name, letter case and diacritics aside.
        Name = "name",
        /// The longest registered first.
        CreatedAt = "created_at",
    }
}

#[derive(Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
struct Params {
    /// Only organisations of this kind.
    #[deserr(default)]
    kind: Option<OrganizationKind>,
    /// Only organisations in this province: a code of the reference list `province`.
    #[deserr(default)]
    #[param(value_type = Option<String>)]
    province: Option<Line<1, 10>>,
    /// Only organisations whose name contains this, letter case and diacritics aside.
    #[deserr(default)]
    #[param(value_type = Option<String>)]
    q: Option<Line<1, 100>>,
    /// Only organisations at this stage of verification, by default `verified`; another one is for officers.
    #[deserr(default = Verification::Verified)]
    #[param(inline, value_type = Option<Verification>)]
    verification: Verification,
    /// `true`: only organisations that were taken out of the public; for officers.
    #[deserr(default)]
    #[param(value_type = Option<bool>, default = false)]
    deactivated: Option<Param<bool>>,
    /// The order.
    #[deserr(default = OrganizationSort::Name)]
    #[param(inline, value_type = Option<OrganizationSort>)]
    sort: OrganizationSort,
    /// How many items a page holds, from 1 to 100.
    #[deserr(default)]
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next_cursor` of the page before.
    #[deserr(default)]
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

async fn list(call: Call<Public>, query: Query<Params>) -> Answer {
    let Query { params, url } = query;
    let (limit, sort) = (params.limit, params.sort);
    let (filter, from) = plan(params)?;
    let (views, anonymous) = call
        .read(move |conn, reader| {
            admit(reader, &filter)?;
            let rows = store::list(conn, &filter, from, limit.probe())?;
            let views: Vec<_> = rows.iter().map(|row| OrganizationView::new(row, reader)).collect();
            Ok((views, reader.0.is_none()))
        })
        .await?;
    let reply = page(views, limit, &url, |view: &OrganizationView| cursor(sort, view))?;
    Ok(if anonymous { reply.cacheable() } else { reply })
}

fn plan(params: Params) -> Result<(Filter, From), Problem> {
    let word = params.sort.as_str();
    let from = match params.sort {
        OrganizationSort::Name => From::Name(start(params.cursor, word)?),
        OrganizationSort::CreatedAt => From::Age(start(params.cursor, word)?),
    };
    let filter = Filter {
        verification: params.verification,
        deactivated: params.deactivated.is_some_and(|deactivated| deactivated.0),
        kind: params.kind,
        province: params.province.map(Into::into),
        name_like: params.q.map(|q| fold(q.as_str())),
    };
    Ok((filter, from))
}

fn admit(reader: &Reader, filter: &Filter) -> Result<(), Problem> {
    let public = filter.verification == Verification::Verified && !filter.deactivated;
    if public || reader.is_officer() { Ok(()) } else { Err(Code::OfficerRequired.into()) }
}

fn cursor(sort: OrganizationSort, view: &OrganizationView) -> Cursor {
    let key = match sort {
        OrganizationSort::Name => fold(&view.name),
        OrganizationSort::CreatedAt => view.created_at.to_string(),
    };
    Cursor { sort: sort.as_str().into(), key, id: view.id.0 }
}
