//! The texts of an order in the other language.

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
pub struct OrderTranslation {
    /// What is looked for, in one line.
    pub title: Line<3, 600>,
    /// The need in a few sentences.
    #[deserr(default)]
    pub summary: Option<Prose<1, 500>>,
    /// The problem to be solved.
    #[deserr(default)]
    pub problem: Option<Prose<1, 20000>>,
    /// Where and under which conditions it has to work.
    #[deserr(default)]
    pub context: Option<Prose<1, 10000>>,
    /// How success will be measured.
    #[deserr(default)]
    pub success_criteria: Option<Prose<1, 5000>>,
    /// What is not looked for.
    #[deserr(default)]
    pub out_of_scope: Option<Prose<1, 5000>>,
}
json_column!(OrderTranslation);

impl OrderTranslation {
    /// The texts besides the title; not what is out of scope, which nobody should find the order by.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let summary = self.summary.as_ref().map(Prose::as_str);
        let problem = self.problem.as_ref().map(Prose::as_str);
        let context = self.context.as_ref().map(Prose::as_str);
        let criteria = self.success_criteria.as_ref().map(Prose::as_str);
        [summary, problem, context, criteria].into_iter().flatten()
    }
}
