//! What its owner sees of a saved search.

use serde::Serialize;
use utoipa::ToSchema;

use super::saved_search::{SavedSearch, SavedSearchContent};
use crate::http::Sample;
use crate::kernel::clock::At;
use crate::kernel::id::SavedSearchId;

/// A search you keep.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SavedSearch)]
pub(super) struct SavedSearchView {
    /// The saved search.
    pub id: SavedSearchId,
    /// What it says.
    #[serde(flatten)]
    pub content: SavedSearchContent,
    /// When it was created.
    pub created_at: At,
    /// When it last changed.
    pub updated_at: At,
}

impl From<SavedSearch> for SavedSearchView {
    fn from(row: SavedSearch) -> Self {
        Self { id: row.id, content: row.content(), created_at: row.created_at, updated_at: row.updated_at }
    }
}

impl Sample for SavedSearchView {
    fn sample() -> Self {
        Self {
            id: SavedSearchId(uuid::uuid!("0198c5a1-f2b0-7b00-8d3e-5f0a1b2c3d4e")),
            content: SavedSearchContent::sample(),
            created_at: At::sample(),
            updated_at: At::sample(),
        }
    }
}
