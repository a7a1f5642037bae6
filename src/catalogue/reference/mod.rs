//! Reference lists: what the law, the administration and the classifications define. Data in versions with dates of effect,
//! never constants: a new version ends what it no longer has and adds what is new, so that every day has its list.

mod check;
mod item;
mod list;
mod lists;
mod load;
mod show;
mod store;
mod version;

use crate::http::Operation;

pub(super) use check::{Usage, check};
pub use load::{Loaded, NewItem, load};
pub(super) use store::parents;
pub use store::with_descendants;
pub use version::{ListName, NewVersion};

/// The endpoints.
pub(super) fn operations() -> Vec<Operation> {
    vec![lists::operation(), list::operation(), show::operation()]
}
