//! Tells why a document was found: the words that met, and what each lane gave to its score.

use tantivy::schema::Value;

use super::answer::stored;
use super::plan::{Lane, Plan};
use super::rank::Match;
use super::score::Scores;
use super::snapshot::Snapshot;
use crate::search::explain::matches;
use crate::search::index::SearchError;
use crate::search::query::{Explanation, ScorePart};

/// Explains the hits of one query.
pub(super) struct Explainer<'a> {
    plan: &'a Plan,
    snapshot: &'a Snapshot,
    /// The scores again, one lane at a time; together they are the score.
    lanes: Vec<(Lane, Scores)>,
}

impl<'a> Explainer<'a> {
    /// For the hits of this plan.
    pub(super) fn new(plan: &'a Plan, snapshot: &'a Snapshot) -> Result<Explainer<'a>, SearchError> {
        let lanes = Lane::ALL.into_iter().filter(|lane| plan.clauses.iter().any(|clause| clause.lane == *lane));
        let lanes = lanes.map(|lane| Ok((lane, Scores::of(&plan.only(lane), snapshot)?)));
        Ok(Explainer { plan, snapshot, lanes: lanes.collect::<Result<_, SearchError>>()? })
    }

    /// Explains a hit.
    pub(super) fn explain(&self, found: Match) -> Result<Explanation, SearchError> {
        let fields = self.snapshot.fields;
        let document = stored(found, self.snapshot)?;
        let texts = [
            ("title", fields.title),
            ("keywords", fields.keyword),
            ("summary", fields.summary),
            ("body", fields.body),
            ("organization_name", fields.organization_name),
            ("ipc", fields.ipc_written),
        ];
        let texts = texts.into_iter().flat_map(|(name, field)| {
            document.get_all(field).filter_map(|value| value.as_str()).map(move |text| (name, text))
        });
        let part = |(lane, scores): &(Lane, Scores)| ScorePart {
            name: lane.name().to_owned(),
            value: scores.of_document(found.segment, found.doc),
        };
        Ok(Explanation {
            matches: matches(&self.plan.reasons, texts),
            parts: self.lanes.iter().map(part).filter(|part| part.value > 0.0).collect(),
        })
    }
}
