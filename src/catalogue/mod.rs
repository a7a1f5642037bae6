//! The catalogue: technologies offered (listings) and looked for (orders), from the draft over moderation to the public,
//! and the search over both.

mod attachments;
mod codes;
mod completeness;
mod confidential;
mod feed;
mod forms;
mod ipc;
mod item;
mod labels;
mod lifecycle;
mod listings;
mod orders;
mod pages;
mod paging;
mod reference;
mod reviews;
mod revisions;
mod saved_searches;
mod search;
mod similar;
mod synonyms;

use std::sync::Arc;
use uuid::Uuid;

use crate::accounts::PersonalData;
use crate::config::Config;
use crate::db::{Conn, DbError};
use crate::events::{Job, Run};
use crate::http::Operation;
use crate::search::{Projection, SearchIndex};
use lifecycle::Term;

pub use attachments::doors;
pub use codes::Country;
pub use confidential::{Opening, close_confidential, open_confidential};
pub use feed::Follower;
pub use forms::TransferForm;
pub use ipc::Ipc;
pub use item::{Expiring, Imported, Incoming, Item, Origin, import};
pub use lifecycle::{Status, Step};
use listings::ListingSummary;
pub use listings::{Listing, ListingContent};
use orders::OrderSummary;
pub use orders::{Order, OrderContent, Requirement};
pub use reference::{
    ListName, Loaded as LoadedReference, NewItem as NewReferenceItem, NewVersion as NewReferenceVersion,
    load as load_reference, with_descendants as with_reference_descendants,
};
pub use saved_searches::news;

/// Every endpoint of the catalogue.
#[must_use]
pub fn operations() -> Vec<Operation> {
    [
        listings::operations(),
        confidential::operations(),
        attachments::operations(),
        similar::operations(),
        orders::operations(),
        search::operations(),
        synonyms::operations(),
        saved_searches::operations(),
        reference::operations(),
        pages::operations(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What the catalogue holds about a person.
#[must_use]
pub fn personal_data() -> Vec<PersonalData> {
    vec![saved_searches::personal_data()]
}

/// What of the catalogue can be found by searching.
#[must_use]
pub fn projection() -> Projection {
    Projection {
        kinds: vec![Arc::new(listings::SearchableListings), Arc::new(orders::SearchableOrders)],
        synonyms: synonyms::all,
    }
}

/// Periodic work: warns of expiry and archives what has run out, forgets what ceased to be public longer ago than the
/// configured time, tells the feed of anonymous orders that left with their organisation, and tells what is new to saved
/// searches.
#[must_use]
pub fn jobs(config: &Config, index: &Arc<dyn SearchIndex>) -> Vec<Job> {
    let (term, feed) = (Term::from(&config.catalogue), config.feed);
    let forget = move |run: &Run<'_>| {
        let before = run.now.plus_days(-feed.tombstone_days);
        run.write(move |tx| Ok(feed::sweep(tx.conn, before)?))
    };
    vec![
        item::job::<Listing>(term),
        item::job::<Order>(term),
        Job::new("forget_tombstones", 86_400, forget),
        Job::new("anonymous_orders", 86_400, feed::catch_up),
        saved_searches::job(Arc::clone(index)),
    ]
}

/// What an event says of something that runs out, if it does and still is to: for the mail to its owners.
///
/// # Errors
/// The database's failure.
pub fn expiring(conn: &mut Conn, event: &str, id: Uuid) -> Result<Option<Expiring>, DbError> {
    match event {
        "listing.expiring" => item::expiring::<Listing>(conn, id.into()),
        "order.expiring" => item::expiring::<Order>(conn, id.into()),
        _ => Ok(None),
    }
}
