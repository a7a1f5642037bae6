//! Revisions: what a listing or an order said after each change of its content, to read back and to compare.
//!
//! Owns the table `revisions`, written in the transaction of the change. The audit log says that something changed; it is
//! kept for ten years and goes to auditors, so it is no place to serve texts from that only some may read.

mod compare;
mod list;
mod revision;
mod show;
mod store;
mod view;

use crate::http::Operation;

use super::item::Item;

pub(super) use store::{begin, forget, keep};

/// The operations on one kind of item.
pub(super) fn operations<I: Item>() -> Vec<Operation> {
    vec![list::operation::<I>(), show::operation::<I>(), compare::operation::<I>()]
}
