//! Pages for machines: the public page of an organisation, linked data (JSON-LD in the words of schema.org), the site map
//! and `robots.txt`. They show what the public lists show and nothing else, so they read the same summaries.

mod json_ld;
mod organization;
mod robots;
mod show_json_ld;
mod sitemap;

use crate::http::Operation;

/// The endpoints.
pub(super) fn operations() -> Vec<Operation> {
    let mut operations = vec![organization::operation(), robots::operation()];
    operations.extend(show_json_ld::operations());
    operations.extend(sitemap::operations());
    operations
}
