//! The confidential part of a listing.

use deserr::Deserr;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::schema::confidential_parts;
use crate::http::Sample;
use crate::kernel::clock::At;
use crate::kernel::id::ListingId;
use crate::kernel::list::List;
use crate::kernel::text::{Line, Prose};
use crate::kernel::validate::FieldErrors;

/// One section of a confidential part. Its text is shown in no debug output.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct Section {
    /// What it is about.
    pub title: Line<1, 200>,
    /// What it says.
    pub text: Prose<1, 20000>,
}

impl std::fmt::Debug for Section {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("********")
    }
}

/// What the owner writes.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct ConfidentialContent {
    /// What is told under NDA: know-how, process parameters, unpublished results, in the order given.
    #[deserr(default)]
    pub sections: List<Section, 20>,
}

/// The confidential part of a listing.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = confidential_parts, check_for_backend(crate::db::MultiBackend))]
pub struct ConfidentialPart {
    /// The listing.
    pub listing_id: ListingId,
    /// What it says.
    pub sections: List<Section, 20>,
    /// Counts the changes.
    pub version: i64,
    /// When it last changed.
    pub updated_at: At,
}

impl Sample for ConfidentialContent {
    fn sample() -> Self {
        let section = Section {
            title: Line::literal("Thông số màng sinh học"),
            text: Prose::literal(
                "Tải trọng bề mặt 12 g COD/m²·ngày, tốc độ quay 1,6 vòng/phút, chủng vi sinh theo phụ lục.",
            ),
        };
        Self { sections: std::iter::once(section).collect() }
    }
}
