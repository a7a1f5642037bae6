//! As-you-type suggestions: titles and key words that hold what was typed so far.

use tantivy::schema::Value;

use super::answer::stored;
use super::dictionary::Dictionary;
use super::plan::{Clause, Lane, Plan, Variant};
use super::rank::{Match, page};
use super::score::Scores;
use super::snapshot::Snapshot;
use crate::search::complete::Completing;
use crate::search::index::SearchError;
use crate::search::query::Sort;

/// Completions of the last word.
const MOST_COMPLETIONS: usize = 32;
/// Documents whose titles and key words are looked at.
const MOST_DOCUMENTS: usize = 64;

/// Completes a prefix.
pub(super) fn suggest(prefix: &str, limit: usize, snapshot: &Snapshot) -> Result<Vec<String>, SearchError> {
    let Some(mut completing) = Completing::new(prefix) else {
        return Ok(Vec::new());
    };
    let plan = plan(&completing, snapshot)?;
    let scores = Scores::of(&plan, snapshot)?;
    let mut matches = Vec::new();
    for (segment, (_, columns)) in snapshot.segments().enumerate() {
        let found = scores.matches(segment);
        matches.extend(found.map(|(doc, score)| Match::new(segment, doc, score, Sort::Relevance, columns)));
    }
    for found in page(matches, 0, MOST_DOCUMENTS, snapshot) {
        let document = stored(found, snapshot)?;
        let fields = [snapshot.fields.title, snapshot.fields.keyword];
        for text in fields.into_iter().flat_map(|field| document.get_all(field)).filter_map(|value| value.as_str()) {
            completing.offer(text);
        }
    }
    Ok(completing.best(limit))
}

/// Looks all words up in titles and key words only.
fn plan(completing: &Completing, snapshot: &Snapshot) -> Result<Plan, SearchError> {
    let head = Dictionary::open(&snapshot.searcher, snapshot.fields.head)?;
    let clause = |terms: Vec<String>| {
        let variants = terms.into_iter().map(|term| Variant::new(term, 1.0)).collect();
        Clause::matching(Lane::Head, variants)
    };
    let mut clauses: Vec<Clause> = completing.typed.iter().map(|word| clause(vec![word.clone()])).collect();
    let completions = head.completions(&completing.last, MOST_COMPLETIONS)?;
    clauses.push(clause(completions.into_iter().map(|known| known.term).collect()));
    Ok(Plan { clauses, reasons: Vec::new() })
}
