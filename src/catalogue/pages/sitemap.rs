//! The site map (sitemaps.org, protocol 0.9): an index of parts, each with the addresses that follow one another in the
//! order of their identifiers, so that a part is read with one query and stays the same while others are added.

use std::fmt::Write;
use std::str::FromStr;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use super::robots;
use crate::accounts;
use crate::catalogue::item::Subject;
use crate::catalogue::{feed, orders};
use crate::db::{Conn, DbError};
use crate::http::{Answer, Call, Operation, Path, Public, Reply, Sample};
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::id::OrganizationId;

/// Addresses in one part; the protocol allows 50,000.
const PART: i64 = 10_000;
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const XMLNS: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";
const MEDIA_TYPE: &str = "application/xml; charset=utf-8";

pub(super) fn operations() -> [Operation; 2] {
    [
        Operation::get("/sitemap.xml", "sitemap_index", index)
            .about(
                "Public pages",
                "Read the site map",
                "The index of the site map (sitemaps.org): the addresses of its parts. Listed are published listings and \
                 orders and public organisations.",
            )
            .answers_as::<Text<1>>("application/xml", 200, "The index."),
        Operation::get("/sitemaps/{part}", "sitemap_part", part)
            .about(
                "Public pages",
                "Read a part of the site map",
                "At most 10,000 addresses, each with the time of its last change. The names of the parts are in the index.",
            )
            .answers_as::<Text<2>>("application/xml", 200, "The addresses."),
    ]
}

/// A text of another format than JSON; the number chooses the example.
#[derive(serde::Serialize)]
#[serde(transparent)]
pub(super) struct Text<const EXAMPLE: u8>(String);

impl<const EXAMPLE: u8> PartialSchema for Text<EXAMPLE> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).build().into()
    }
}
impl<const EXAMPLE: u8> ToSchema for Text<EXAMPLE> {
    fn name() -> std::borrow::Cow<'static, str> {
        "Text".into()
    }
}
impl<const EXAMPLE: u8> Sample for Text<EXAMPLE> {
    fn sample() -> Self {
        let (base, id) = ("https://techex.example", uuid::uuid!("0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d4e"));
        Self(match EXAMPLE {
            0 => robots::rules(base),
            1 => index_of(base, &[PartName { kind: PageKind::Listings, after: Uuid::nil() }]),
            _ => part_of(base, PageKind::Listings, &[(id, At::sample())]),
        })
    }
}

/// What has pages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum PageKind {
    Listings,
    Orders,
    Organizations,
}

impl PageKind {
    const ALL: [Self; 3] = [Self::Listings, Self::Orders, Self::Organizations];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Listings => "listings",
            Self::Orders => "orders",
            Self::Organizations => "organizations",
        }
    }

    /// What is public after an identifier.
    fn after(self, conn: &mut Conn, id: Uuid, limit: i64) -> Result<Vec<(Uuid, At)>, DbError> {
        match self {
            Self::Listings => feed::live_after(conn, Subject::Listing, id, limit),
            // The feed is told late of anonymous orders that left with their organisation.
            Self::Orders => {
                let hidden = orders::hidden(conn)?;
                let rows = feed::live_after(conn, Subject::Order, id, limit)?;
                Ok(rows.into_iter().filter(|(id, _)| hidden.binary_search(id).is_err()).collect())
            }
            Self::Organizations => {
                let rows = accounts::public_organizations_after(conn, OrganizationId(id), limit)?;
                Ok(rows.into_iter().map(|(id, at)| (id.0, at)).collect())
            }
        }
    }

    /// The last identifier of the part after an identifier, if that part is full.
    fn boundary(self, conn: &mut Conn, id: Uuid) -> Result<Option<Uuid>, DbError> {
        match self {
            Self::Listings => feed::boundary(conn, Subject::Listing, id, PART),
            Self::Orders => feed::boundary(conn, Subject::Order, id, PART),
            Self::Organizations => {
                let rows = accounts::public_organizations_after(conn, OrganizationId(id), PART)?;
                Ok(rows.get(usize::try_from(PART - 1).unwrap_or_default()).map(|(id, _)| id.0))
            }
        }
    }
}

/// The name of a part: what is in it, and the identifier after which it begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct PartName {
    kind: PageKind,
    after: Uuid,
}

impl FromStr for PartName {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (kind, after) = text.strip_suffix(".xml").and_then(|name| name.split_once('-')).ok_or(())?;
        let kind = PageKind::ALL.into_iter().find(|known| known.as_str() == kind).ok_or(())?;
        Ok(Self { kind, after: after.parse().map_err(|_| ())? })
    }
}

async fn index(call: Call<Public>) -> Answer {
    let base = base(&call);
    call.read(move |conn, _| {
        let mut parts = Vec::new();
        for kind in PageKind::ALL {
            let mut next = Some(Uuid::nil());
            while let Some(after) = next {
                parts.push(PartName { kind, after });
                next = kind.boundary(conn, after)?;
            }
        }
        Ok(Reply::text(MEDIA_TYPE, index_of(&base, &parts)).content_tagged().cacheable())
    })
    .await
}

async fn part(call: Call<Public>, Path((PartName { kind, after },)): Path<(PartName,)>) -> Answer {
    let base = base(&call);
    call.read(move |conn, _| {
        let pages = kind.after(conn, after, PART)?;
        if pages.is_empty() && !after.is_nil() {
            return Err(Code::NotFound.into());
        }
        Ok(Reply::text(MEDIA_TYPE, part_of(&base, kind, &pages)).content_tagged().cacheable())
    })
    .await
}

fn base(call: &Call<Public>) -> String {
    escaped(call.app().config.server.public_url.trim_end_matches('/'))
}

/// Nothing but the configured address needs it: identifiers and times are plain.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn index_of(base: &str, parts: &[PartName]) -> String {
    let mut xml = format!("{HEAD}<sitemapindex xmlns=\"{XMLNS}\">\n");
    for PartName { kind, after } in parts {
        // Writing to a String cannot fail.
        let _ = writeln!(xml, "<sitemap><loc>{base}/sitemaps/{}-{after}.xml</loc></sitemap>", kind.as_str());
    }
    xml + "</sitemapindex>\n"
}

fn part_of(base: &str, kind: PageKind, pages: &[(Uuid, At)]) -> String {
    let mut xml = format!("{HEAD}<urlset xmlns=\"{XMLNS}\">\n");
    for (id, at) in pages {
        let kind = kind.as_str();
        let _ = writeln!(xml, "<url><loc>{base}/v1/{kind}/{id}</loc><lastmod>{at}</lastmod></url>");
    }
    xml + "</urlset>\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_named_by_what_they_hold() {
        let name = "orders-0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d4e.xml";
        assert_eq!(name.parse::<PartName>().map(|part| part.kind), Ok(PageKind::Orders));
        for wrong in ["orders.xml", "orders-1.xml", "users-0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d4e.xml", "orders-", ""] {
            assert_eq!(wrong.parse::<PartName>(), Err(()), "{wrong}");
        }
    }

    #[test]
    fn an_address_is_escaped() {
        assert_eq!(escaped("https://a.vn/?a=1&b=<c>"), "https://a.vn/?a=1&amp;b=&lt;c&gt;");
    }
}
