//! A group of words that mean the same.

use deserr::Deserr;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::schema::synonyms;
use crate::http::Sample;
use crate::kernel::clock::At;
use crate::kernel::id::SynonymId;
use crate::kernel::list::List;
use crate::kernel::text::Line;
use crate::kernel::validate::{FieldCode, FieldErrors};

/// What officers write of a group.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserr, ToSchema, Queryable, Selectable, Insertable, AsChangeset)]
#[deserr(error = FieldErrors, deny_unknown_fields, validate = SynonymContent::at_least_two -> FieldErrors)]
#[diesel(table_name = synonyms, check_for_backend(crate::db::MultiBackend))]
pub(super) struct SynonymContent {
    /// Words or phrases that mean the same, at least two; diacritics and case do not matter.
    #[schema(min_items = 2)]
    pub words: List<Line<1, 60>, 20>,
}

impl SynonymContent {
    fn at_least_two(self, location: deserr::ValuePointerRef<'_>) -> Result<Self, FieldErrors> {
        if self.words.len() < 2 {
            return Err(FieldErrors::one(location.push_key("words"), FieldCode::TooFew, [("min", "2".to_owned())]));
        }
        Ok(self)
    }
}

impl Sample for SynonymContent {
    fn sample() -> Self {
        Self { words: ["nước rỉ rác", "nước rác", "leachate"].into_iter().map(Line::literal).collect() }
    }
}

/// A group of words that mean the same.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable, Insertable)]
#[diesel(table_name = synonyms, check_for_backend(crate::db::MultiBackend))]
pub(super) struct Synonym {
    /// The group.
    pub id: SynonymId,
    /// What it says.
    #[serde(flatten)]
    #[diesel(embed)]
    pub content: SynonymContent,
    /// Counts the changes.
    #[serde(skip)]
    pub version: i64,
    /// When it was created.
    pub created_at: At,
    /// When it last changed.
    pub updated_at: At,
}

impl Sample for Synonym {
    fn sample() -> Self {
        Self {
            id: SynonymId(uuid::uuid!("0198c5a1-f2b0-7a00-8d3e-5f0a1b2c3d4e")),
            content: SynonymContent::sample(),
            version: 1,
            created_at: At::sample(),
            updated_at: At::sample(),
        }
    }
}
