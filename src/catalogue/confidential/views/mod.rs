//! The view log: who from outside the owning organisation has read the confidential part of a listing.

mod list;
mod store;
mod view;

pub(super) use list::operation;
pub(super) use store::{Viewing, record};
