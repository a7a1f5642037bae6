//! The public page of an organisation.

use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::{self, OrganizationView};
use crate::catalogue::{listings, orders};
use crate::http::{Answer, Call, Operation, Path, Public, Reply, Sample};
use crate::kernel::access::Reader;
use crate::kernel::code::Code;
use crate::kernel::id::OrganizationId;

pub(super) fn operation() -> Operation {
    Operation::get("/v1/organizations/{id}/page", "organizations_page", show)
        .about(
            "Organisations",
            "Read the public page of an organisation",
            "What everybody sees of a verified, active organisation, whoever asks: who it is, what was checked, and how much \
             it has published. Its listings and orders are in the public lists under `organization_id`; orders it posted \
             anonymously are neither there nor counted here.",
        )
        .answers::<PublicOrganization>(200, "The page.")
}

/// The public page of an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PublicOrganization {
    /// Who it is.
    organization: OrganizationView,
    /// Listings it has published.
    published_listings: i64,
    /// Orders it has published under its name.
    published_orders: i64,
}

impl Sample for PublicOrganization {
    fn sample() -> Self {
        Self { organization: OrganizationView::sample(), published_listings: 12, published_orders: 1 }
    }
}

async fn show(call: Call<Public>, Path((id,)): Path<(OrganizationId,)>) -> Answer {
    call.read(move |conn, _| {
        let organization = accounts::find_public_organization(conn, id)?.ok_or(Code::NotFound)?;
        let page = PublicOrganization {
            organization: OrganizationView::new(&organization, &Reader(None)),
            published_listings: listings::count_public(conn, id)?,
            published_orders: orders::count_public(conn, id)?,
        };
        Ok(Reply::ok(&page)?.last_modified(organization.updated_at).content_tagged().cacheable())
    })
    .await
}
