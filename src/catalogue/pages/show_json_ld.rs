//! Reading linked data about one thing.

use super::json_ld::{JsonLd, demand, product, profile};
use crate::accounts::{self, OrganizationView};
use crate::catalogue::{listings, orders};
use crate::http::{Answer, Call, Operation, Path, Public, Reply};
use crate::kernel::access::Reader;
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::id::{ListingId, OrderId, OrganizationId};

const MEDIA_TYPE: &str = "application/ld+json";
const ABOUT: &str = "What is public, as a JSON-LD document in the words of schema.org. It may be put into a script element of \
                     a page as it is: no text in it can end the element.";

pub(super) fn operations() -> [Operation; 3] {
    let common = |operation: Operation, summary| {
        operation.about("Public pages", summary, ABOUT).answers_as::<JsonLd>(MEDIA_TYPE, 200, "The document.")
    };
    [
        common(
            Operation::get("/v1/listings/{id}/json-ld", "listings_json_ld", listing),
            "Read a published listing as linked data",
        ),
        common(
            Operation::get("/v1/orders/{id}/json-ld", "orders_json_ld", order),
            "Read a published order as linked data",
        ),
        common(
            Operation::get("/v1/organizations/{id}/json-ld", "organizations_json_ld", organization),
            "Read a public organisation as linked data",
        ),
    ]
}

async fn listing(call: Call<Public>, Path((id,)): Path<(ListingId,)>) -> Answer {
    let base = base(&call);
    call.read(move |conn, _| {
        let listing = listings::summaries(conn, &[id])?.into_iter().next().ok_or(Code::NotFound)?;
        Ok(answer(&product(&listing, &base), listing.updated_at))
    })
    .await
}

async fn order(call: Call<Public>, Path((id,)): Path<(OrderId,)>) -> Answer {
    let base = base(&call);
    call.read(move |conn, _| {
        let order = orders::summaries(conn, &[id])?.into_iter().next().ok_or(Code::NotFound)?;
        Ok(answer(&demand(&order, &base), order.updated_at))
    })
    .await
}

async fn organization(call: Call<Public>, Path((id,)): Path<(OrganizationId,)>) -> Answer {
    let base = base(&call);
    call.read(move |conn, _| {
        let organization = accounts::find_public_organization(conn, id)?.ok_or(Code::NotFound)?;
        let view = OrganizationView::new(&organization, &Reader(None));
        Ok(answer(&profile(&view, &base), organization.updated_at))
    })
    .await
}

fn base(call: &Call<Public>) -> String {
    call.app().config.server.public_url.trim_end_matches('/').to_owned()
}

fn answer(document: &JsonLd, changed: At) -> Reply {
    Reply::text(MEDIA_TYPE, document.to_text()).last_modified(changed).content_tagged().cacheable()
}
