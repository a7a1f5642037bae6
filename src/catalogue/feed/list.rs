//! A page of the feed.

use uuid::Uuid;

use super::entry::{Entry, Mirrored, synced_until};
use super::store;
use super::view::{Followed, Listed, Tombstone};
use crate::catalogue::item::Summary;
use crate::db::{Conn, Failure};
use crate::http::{Cursor, Limit, Page, Reply, with_cursor};
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::id::ObjectId;
use crate::kernel::problem::Problem;
use crate::kernel::validate::{FieldCode, FieldError, FieldErrors};

const SORT: &str = "updated_at";

/// The changes of a kind after `since`, from the page at `cursor` on.
///
/// # Errors
/// `changes_forgotten`, `malformed_cursor`, the database's failure.
pub fn changes<I: Mirrored>(
    conn: &mut Conn,
    since: At,
    (limit, cursor): (Limit, Option<&Cursor>),
    url: &str,
) -> Result<Reply, Failure> {
    // Who begins with nothing has nothing to be told to remove.
    if since.micros() > 0 && since < store::forgotten_until(conn)? {
        return Err(Code::ChangesForgotten.into());
    }
    let from = cursor.map(|c| Ok::<_, Problem>((c.key_for::<At>(SORT)?, ObjectId(c.id)))).transpose()?;
    let mut entries = store::entries(conn, I::SUBJECT, since, from, limit.probe())?;
    let shown = usize::try_from(limit.0).unwrap_or_default();
    let next = entries.get(shown).map(|entry| entry.changed_at);
    entries.truncate(shown);
    let times: Vec<_> = entries.iter().map(|entry| entry.changed_at).collect();
    // What is before the place where the page begins was on the pages before.
    let before = from.and_then(|(time, _)| At::from_micros(time.micros() - 1)).map_or(since, |time| time.max(since));
    let until = synced_until(before, &times, next);
    let next_cursor = entries
        .last()
        .filter(|_| next.is_some())
        .map(|last| Cursor { sort: SORT.into(), key: last.changed_at.to_string(), id: last.item_id.0 }.encode());
    let next_url = next_cursor.as_deref().map(|cursor| with_cursor(url, cursor));
    let live: Vec<Uuid> = entries.iter().filter(|entry| entry.gone.is_none()).map(|entry| entry.item_id.0).collect();
    let mut items = if live.is_empty() { Vec::new() } else { I::summaries(conn, &live)? };
    items.sort_by_key(|item| live.iter().position(|id| *id == item.id()));
    let followed = Followed { gone: entries.iter().filter_map(tombstone).collect(), synced_until: until };
    let listed = Listed { page: Page { items, next_cursor }, followed: Some(followed) };
    Ok(Reply::ok(&listed)?.next_page(next_url).last_modified(until).content_tagged().cacheable())
}

fn tombstone(entry: &Entry) -> Option<Tombstone> {
    Some(Tombstone { id: entry.item_id, reason: entry.gone?, gone_at: entry.changed_at })
}

/// Checks that the query of a request for changes has no filter and no other order: what leaves a filter without leaving the
/// public would have to be told as well.
///
/// # Errors
/// A field error for each parameter that does not go with `updated_since`.
pub fn only_paging(url: &str) -> Result<(), Problem> {
    let query = url.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let names = query.split('&').filter_map(|pair| pair.split('=').next()).filter(|name| !name.is_empty());
    let foreign = names.filter(|name| !["updated_since", "limit", "cursor"].contains(name));
    let errors: Vec<_> = foreign.map(|name| FieldError::new(format!("/{name}"), FieldCode::NotAllowedHere)).collect();
    if errors.is_empty() { Ok(()) } else { Err(FieldErrors(errors).into()) }
}

#[cfg(test)]
mod tests {
    use super::only_paging;

    #[test]
    fn filters_do_not_go_with_changes() {
        assert!(only_paging("/v1/listings?updated_since=2026-01-01T00:00:00Z&limit=5&cursor=x").is_ok());
        let problem = only_paging("/v1/listings?updated_since=x&trl_min=3&sort=price").unwrap_err();
        let pointers: Vec<_> = problem.errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/trl_min", "/sort"]);
    }
}
