//! The texts of a listing in the other language.

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::types::json_column;
use crate::kernel::text::{Line, Prose};
use crate::kernel::validate::FieldErrors;

/// The texts in the other of the two languages: English where `language` is `vi`, Vietnamese where it is `en`.
#[derive(
    Clone,
    PartialEq,
    Eq,
    Debug,
    Serialize,
    Deserialize,
    Deserr,
    ToSchema,
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
)]
#[diesel(sql_type = crate::db::types::JsonDoc)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub struct ListingTranslation {
    /// What the technology is, in one line.
    pub title: Line<3, 600>,
    /// The technology in a few sentences.
    #[deserr(default)]
    pub summary: Option<Prose<1, 500>>,
    /// The technology in plain language.
    #[deserr(default)]
    pub description: Option<Prose<1, 20000>>,
    /// The problem it solves and for whom.
    #[deserr(default)]
    pub problem_solved: Option<Prose<1, 5000>>,
    /// How the problem is dealt with today, without it.
    #[deserr(default)]
    pub existing_solution: Option<Prose<1, 5000>>,
    /// By how much it is better, and how that was measured.
    #[deserr(default)]
    pub measured_advantage: Option<Prose<1, 5000>>,
    /// Investment, running costs, payback.
    #[deserr(default)]
    pub economics: Option<Prose<1, 5000>>,
}
json_column!(ListingTranslation);

impl ListingTranslation {
    /// The texts besides the title.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let summary = self.summary.as_ref().map(Prose::as_str);
        let description = self.description.as_ref().map(Prose::as_str);
        let facts = [&self.problem_solved, &self.existing_solution, &self.measured_advantage, &self.economics];
        [summary, description].into_iter().chain(facts.map(|fact| fact.as_ref().map(Prose::as_str))).flatten()
    }
}
