//! The published listings that look like one.

use super::view::SimilarListings;
use crate::catalogue::item::{Content, Item};
use crate::catalogue::listings::Listing;
use crate::http::{Answer, Call, Operation, Path, Public, Rate, Reply};
use crate::kernel::code::Code;
use crate::kernel::id::ListingId;

pub(super) fn operation() -> Operation {
    Operation::get("/v1/listings/{id}/similar", "listings_similar", handle)
        .about(
            "Listings",
            "List what looks alike",
            "Published listings whose title and summary share many of their neighbouring words with those of this one, at most \
             five, most alike first: to find out whether something is offered twice. Whoever reads the listing may ask.",
        )
        .rate(Rate::Search)
        .answers::<SimilarListings>(200, "The listings.")
}

async fn handle(call: Call<Public>, Path((id,)): Path<(ListingId,)>) -> Answer {
    let (title, summary) = call
        .read(move |conn, reader| {
            let found = Listing::find_for(conn, reader, id)?.ok_or(Code::NotFound)?;
            let (title, summary) = found.item.content.head();
            Ok((title.to_owned(), summary.to_owned()))
        })
        .await?;
    let found = super::to(&call, title, summary, Some(id)).await?;
    let similar = SimilarListings { degraded: found.is_none(), items: found.unwrap_or_default() };
    Ok(Reply::ok(&similar)?.content_tagged())
}
