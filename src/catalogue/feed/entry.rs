//! An entry of the feed, and what the feed needs to know of a kind of item. Pure.

use diesel::prelude::*;
use uuid::Uuid;

use crate::catalogue::item::{Subject, Summary};
use crate::catalogue::lifecycle::Status;
use crate::db::schema::public_changes;
use crate::db::{Conn, DbError};
use crate::kernel::clock::At;
use crate::kernel::id::{ObjectId, OrganizationId};
use crate::kernel::text_enum;

text_enum! {
    /// Why an item is not public any more. More may be added.
    pub enum Gone {
        /// Its organisation took it back.
        Withdrawn = "withdrawn",
        /// An officer suspended it.
        Suspended = "suspended",
        /// It expired or was put away.
        Archived = "archived",
        /// Its organisation was deactivated.
        OrganizationDeactivated = "organization_deactivated",
    }
}

/// An item in the feed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Queryable, Selectable)]
#[diesel(table_name = public_changes, check_for_backend(crate::db::MultiBackend))]
pub struct Entry {
    /// The item.
    pub item_id: ObjectId,
    /// When the feed noted its last change.
    pub changed_at: At,
    /// Why it is not public any more; none while it is.
    pub gone: Option<Gone>,
}

/// How an item stands to the public now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Visibility {
    /// The item.
    pub id: Uuid,
    /// Where it is in its life.
    pub status: Status,
    /// Whether its organisation was deactivated.
    pub hidden: bool,
}

impl Visibility {
    /// Why it is not public; none if it is.
    #[must_use]
    pub const fn gone(self) -> Option<Gone> {
        match self.status {
            Status::Published if self.hidden => Some(Gone::OrganizationDeactivated),
            Status::Published => None,
            Status::Suspended => Some(Gone::Suspended),
            Status::Archived => Some(Gone::Archived),
            Status::Draft | Status::Submitted | Status::ChangesRequested | Status::Rejected | Status::Withdrawn => {
                Some(Gone::Withdrawn)
            }
        }
    }
}

/// A kind of item that others can mirror.
pub trait Mirrored: 'static {
    /// Which kind.
    const SUBJECT: Subject;
    /// What readers get of it in lists.
    type Summary: Summary;

    /// Whether this event may change what the public sees of the item.
    fn wants(event: &str) -> bool;

    /// How these stand to the public.
    ///
    /// # Errors
    /// The database's failure.
    fn visibility(conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<Visibility>, DbError>;

    /// What of an organisation would be public, under its name, if the organisation is active.
    ///
    /// # Errors
    /// The database's failure.
    fn of_organization(conn: &mut Conn, organization: OrganizationId) -> Result<Vec<Uuid>, DbError>;

    /// The public ones among these, as lists show them.
    ///
    /// # Errors
    /// The database's failure.
    fn summaries(conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<Self::Summary>, DbError>;
}

/// Until which time everything is on a page whose entries have these times, when the first entry after it has the time
/// `next`: the last one that the next page does not have as well.
#[must_use]
pub fn synced_until(since: At, times: &[At], next: Option<At>) -> At {
    times.iter().rev().copied().find(|time| Some(*time) != next).unwrap_or(since)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_complete_up_to_a_time_the_next_one_does_not_share() {
        let at = |seconds| At::sample().plus_seconds(seconds);
        for (times, next, expected) in [
            (vec![], None, 0),
            (vec![1, 2, 3], None, 3),
            (vec![1, 2, 3], Some(4), 3),
            (vec![1, 2, 2], Some(2), 1),
            (vec![2, 2, 2], Some(2), 0),
        ] {
            let times: Vec<_> = times.into_iter().map(at).collect();
            assert_eq!(synced_until(at(0), &times, next.map(at)), at(expected), "{times:?} {next:?}");
        }
    }

    #[test]
    fn only_what_is_published_by_an_active_organisation_is_public() {
        for status in Status::ALL {
            for hidden in [false, true] {
                let found = Visibility { id: Uuid::nil(), status: *status, hidden }.gone();
                assert_eq!(found.is_none(), *status == Status::Published && !hidden, "{status} {hidden}");
            }
        }
    }
}
