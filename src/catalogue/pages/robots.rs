//! `robots.txt` (RFC 9309): what crawlers may read, and where the site map is.

use super::sitemap::Text;
use crate::http::{Answer, Call, Operation, Public, Reply};

pub(super) fn operation() -> Operation {
    Operation::get("/robots.txt", "robots_show", show)
        .about(
            "Public pages",
            "Read the rules for crawlers",
            "The Robots Exclusion Protocol (RFC 9309). Crawlers may read the published listings, orders and organisations, \
             and find them through the site map.",
        )
        .answers_as::<Text<0>>("text/plain", 200, "The rules.")
}

/// The rules at this address.
pub(super) fn rules(base: &str) -> String {
    format!(
        "User-agent: *\nAllow: /sitemap.xml\nAllow: /sitemaps/\nAllow: /v1/listings/\nAllow: /v1/orders/\n\
         Allow: /v1/organizations/\nDisallow: /\n\nSitemap: {base}/sitemap.xml\n"
    )
}

async fn show(call: Call<Public>) -> Answer {
    let base = call.app().config.server.public_url.trim_end_matches('/').to_owned();
    // Read like everything else, so that a token that is sent has to be valid.
    call.read(move |_, _| Ok(Reply::text("text/plain; charset=utf-8", rules(&base)).content_tagged().cacheable())).await
}
