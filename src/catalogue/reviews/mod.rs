//! Reviews: what officers decided on listings and orders, and why. The owning organisation and officers read them.

mod list;
mod review;
mod store;
mod view;

pub(super) use list::operation;
pub(super) use review::{Decision, ItemSuspension, ReviewReasons};
pub(super) use store::record;
