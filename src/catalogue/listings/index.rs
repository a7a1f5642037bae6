//! Listings in the search index.

use uuid::Uuid;

use super::ip_right::normalized;
use super::listing::{Listing, ListingContent};
use super::store;
use super::translation::ListingTranslation;
use crate::accounts::{OrganizationBrief, Verification};
use crate::db::{Conn, DbError};
use crate::kernel::clock::At;
use crate::kernel::id::{ListingId, OrganizationId};
use crate::kernel::text::Prose;
use crate::search::{Document, Kind, Searchable};

/// Makes documents of listings.
pub struct SearchableListings;

impl Searchable for SearchableListings {
    fn kind(&self) -> Kind {
        Kind::Listing
    }

    fn wants(&self, event: &str) -> bool {
        matches!(
            event,
            "listing.published"
                | "listing.withdrawn"
                | "listing.suspended"
                | "listing.reinstated"
                | "listing.archived"
                | "listing.confirmed"
                | "listing.imported"
        )
    }

    fn documents(&self, conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<Document>, DbError> {
        let ids: Vec<_> = ids.iter().copied().map(ListingId).collect();
        Ok(store::published(conn, &ids)?.into_iter().map(document).collect())
    }

    fn after(&self, conn: &mut Conn, id: Uuid, limit: i64) -> Result<Vec<Document>, DbError> {
        Ok(store::published_after(conn, ListingId(id), limit)?.into_iter().map(document).collect())
    }

    fn count(&self, conn: &mut Conn) -> Result<i64, DbError> {
        store::count_published(conn)
    }

    fn newest(&self, conn: &mut Conn, limit: i64) -> Result<Vec<Document>, DbError> {
        Ok(store::newest(conn, limit)?.into_iter().map(document).collect())
    }

    fn of_organization(&self, conn: &mut Conn, organization: Uuid) -> Result<Vec<Uuid>, DbError> {
        Ok(store::published_of(conn, OrganizationId(organization))?.into_iter().map(|id| id.0).collect())
    }
}

fn document((listing, organization): (Listing, OrganizationBrief)) -> Document {
    let (price_from, price_to) = listing.content.price.bounds_vnd();
    let body = body(&listing.content);
    let labels = listing.content.classified().searched(Some(&organization));
    let ListingContent { title, summary, translation, .. } = listing.content;
    // The title in the other language weighs like the title, as key words do.
    let keywords = listing.content.keywords.iter().map(|word| word.as_str().to_owned());
    let keywords = keywords.chain(translation.map(|texts| texts.title.into())).collect();
    Document {
        kind: Kind::Listing,
        id: listing.id.0,
        version: listing.version,
        title: title.into(),
        summary: summary.map_or_else(String::new, Prose::into),
        body,
        keywords,
        organization_id: organization.id.0,
        organization_name: organization.name,
        verified: organization.verification == Verification::Verified,
        labels,
        ipc: listing.content.ipc.iter().map(|symbol| symbol.as_str().to_owned()).collect(),
        trl: listing.content.trl.and_then(|level| u8::try_from(level.get()).ok()),
        price_from,
        price_to,
        published_at: listing.published_at.map_or(0, At::micros),
        confirmed_at: listing.last_confirmed_at.map(At::micros),
    }
}

/// The texts besides title and summary, both languages, and the numbers of rights as they are written and in their one form.
fn body(content: &ListingContent) -> String {
    let facts = [&content.problem_solved, &content.existing_solution, &content.measured_advantage, &content.economics];
    let facts = facts.into_iter().flatten().map(|fact| fact.as_str().to_owned());
    let translated = content.translation.iter().flat_map(ListingTranslation::texts).map(str::to_owned);
    let numbers = content.ip_rights.iter().filter_map(|right| {
        let number = right.number.as_ref()?.as_str();
        Some(format!("{number} {}", normalized(number, right.territory.as_ref())))
    });
    let description = content.description.iter().map(|text| text.as_str().to_owned());
    description.chain(facts).chain(translated).chain(numbers).collect::<Vec<_>>().join("\n")
}
