//! A moderation decision.

use deserr::Deserr;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::catalogue::lifecycle::Step;
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
        /// Take it from the public.
        Suspend = "suspend",
        /// Put it back.
        Reinstate = "reinstate",
    }
}

impl Decision {
    /// The step it takes.
    #[must_use]
    pub const fn step(self) -> Step {
        match self {
            Self::Publish => Step::Publish,
            Self::RequestChanges => Step::RequestChanges,
            Self::Reject => Step::Reject,
            Self::Suspend => Step::Suspend,
            Self::Reinstate => Step::Reinstate,
        }
    }
}

text_enum! {
    /// Why something is suspended. More may be added.
    pub enum SuspensionCode {
        /// Somebody else claims the rights in it.
        RightsDispute = "rights_dispute",
        /// What it says is wrong or cannot be shown.
        Misleading = "misleading",
        /// Its transfer, or offering it, is against the law.
        Unlawful = "unlawful",
        /// It is there already.
        Duplicate = "duplicate",
        /// A complaint about it is being looked into.
        Complaint = "complaint",
        /// Its organisation is no longer entitled to it.
        OwnerNotEntitled = "owner_not_entitled",
        /// Something else, which the text tells.
        Other = "other",
    }
}

/// One reason of a decision.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct Reason {
    /// What kind of reason it is; for suspensions only.
    #[deserr(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(read_only, required = false, nullable = false)]
    pub code: Option<SuspensionCode>,
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
        let reason = Prose::new(text).ok().map(|text| Reason { code: None, field: Line::new("/economics").ok(), text });
        Self { reasons: reason.into_iter().collect() }
    }
}

/// Why something is taken from the public.
#[derive(Clone, Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct ItemSuspension {
    /// What kind of reason it is.
    pub code: SuspensionCode,
    /// What was found, and what its organisation can do about it.
    pub text: Prose<1, 2000>,
}

impl From<ItemSuspension> for ReviewReasons {
    fn from(ItemSuspension { code, text }: ItemSuspension) -> Self {
        Self { reasons: std::iter::once(Reason { code: Some(code), field: None, text }).collect() }
    }
}

impl Sample for ItemSuspension {
    fn sample() -> Self {
        let text =
            Prose::literal("Một bên khác gửi đơn cho rằng mình là chủ sở hữu sáng chế. Hãy gửi bản sao văn bằng.");
        Self { code: SuspensionCode::RightsDispute, text }
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
