//! A moderation decision.

use deserr::Deserr;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::schema::reviews;
use crate::http::Sample;
use crate::kernel::clock::At;
use crate::kernel::id::ReviewId;
use crate::kernel::list::List;
use crate::kernel::text::{Line, Prose};
use crate::kernel::text_enum;
use crate::kernel::validate::{FieldCode, FieldErrors};

text_enum! {
    /// What an officer decided.
    pub enum Decision {
        /// Make it public.
        Publish = "publish",
        /// Ask for changes.
        RequestChanges = "request_changes",
        /// Refuse it.
        Reject = "reject",
    }
}

/// One reason of a decision.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct Reason {
    /// The field it is about, as a JSON pointer such as `/economics`.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub field: Option<Line<1, 100>>,
    /// What is wrong and what would put it right.
    pub text: Prose<1, 2000>,
}

/// Why something is sent back or refused.
#[derive(Clone, Debug, Default, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields, validate = ReviewReasons::at_least_one -> FieldErrors)]
pub struct ReviewReasons {
    /// At least one.
    pub reasons: List<Reason, 20>,
}

impl ReviewReasons {
    fn at_least_one(self, location: deserr::ValuePointerRef<'_>) -> Result<Self, FieldErrors> {
        if self.reasons.is_empty() {
            return Err(FieldErrors::one(location.push_key("reasons"), FieldCode::Required, []));
        }
        Ok(self)
    }
}

impl Sample for ReviewReasons {
    fn sample() -> Self {
        let text = "Hãy nêu chi phí đầu tư và thời gian hoàn vốn kèm cách tính.";
        let reason = Prose::new(text).ok().map(|text| Reason { field: Line::new("/economics").ok(), text });
        Self { reasons: reason.into_iter().collect() }
    }
}

/// A decision as it is kept.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = reviews, check_for_backend(crate::db::MultiBackend))]
pub struct Review {
    /// The decision.
    pub id: ReviewId,
    /// What was decided.
    pub decision: Decision,
    /// Why.
    pub reasons: List<Reason, 20>,
    /// When.
    pub created_at: At,
}
