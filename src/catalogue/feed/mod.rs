//! The feed: which listings and orders became public, changed or left the public, in the order in which others can follow
//! them. Another exchange that asks again and again with `updated_since` ends with what is public here.
//!
//! Owns the tables `public_changes` (one row for each item that is or was public) and `feed_head`.
//!
//! # Why not simply by `updated_at`
//! Transactions of PostgreSQL do not become visible in the order of their times: one that began earlier may commit later,
//! and whoever has read past its time would never see it. And the public side of an item changes without the item: its
//! organisation is renamed, or deactivated. So the time in the feed is not that of the item: a consumer of the outbox, after
//! the commit, locks the one row of `feed_head`, looks at how the items are now, and gives them a time later than any before.
//! As the lock is held until that is committed, times become visible in their order, however many servers there are; and
//! since it looks after it holds the lock, an older state never overwrites a newer one. No safety margin is needed, and no
//! write waits for the feed, which follows within a second.

mod entry;
mod follower;
mod list;
mod store;
mod veil;
mod view;

pub(super) use entry::{Mirrored, Visibility};
pub use follower::Follower;
pub(super) use list::{changes, only_paging};
pub(super) use store::{boundary, live_after, sweep};
pub(super) use veil::catch_up;
pub(super) use view::Listed;
