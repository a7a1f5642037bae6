//! How complete a listing or an order is: a score of 100 points, and what would add to it. Pure; each kind has one table of
//! its fields' points.

use serde::Serialize;
use utoipa::ToSchema;

/// The version of the tables of points; it goes up whenever points change, so that scores can be compared.
pub const RULES: u16 = 1;

/// A field with its points and whether it is filled in; the points of a table add up to 100.
pub type Part = (&'static str, u8, bool);

/// How complete something is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Completeness {
    /// The points reached, 0 to 100.
    #[schema(maximum = 100, example = 93)]
    pub completeness: u8,
    /// The version of the table of points.
    #[schema(example = 1)]
    pub completeness_rules: u16,
    /// What would add to it, weightiest first.
    pub missing: Vec<MissingPart>,
}

/// A field that would add to the completeness.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct MissingPart {
    /// Where in the content (JSON pointer, RFC 6901).
    #[schema(example = "/trl_assessment")]
    pub field: &'static str,
    /// The points it would add.
    #[schema(example = 2)]
    pub points: u8,
}

/// The score of a table.
#[must_use]
pub fn of(parts: &[Part]) -> Completeness {
    let points = |filled: bool| parts.iter().filter(move |part| part.2 == filled);
    let mut missing: Vec<_> = points(false).map(|&(field, points, _)| MissingPart { field, points }).collect();
    missing.sort_by_key(|part| std::cmp::Reverse(part.points));
    Completeness { completeness: points(true).map(|part| part.1).sum(), completeness_rules: RULES, missing }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_weightiest_first() {
        let score = of(&[("/a", 20, true), ("/b", 30, false), ("/c", 10, true), ("/d", 40, false)]);
        assert_eq!(score.completeness, 30);
        assert_eq!(
            score.missing.iter().map(|part| (part.field, part.points)).collect::<Vec<_>>(),
            [("/d", 40), ("/b", 30)]
        );
    }
}
