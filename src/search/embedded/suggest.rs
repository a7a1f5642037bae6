//! As-you-type suggestions: titles and key words that hold what was typed so far.

use std::collections::HashSet;

use tantivy::schema::Value;

use super::answer::stored;
use super::dictionary::Dictionary;
use super::plan::{Clause, Lane, Plan, Variant};
use super::rank::{Match, page};
use super::score::Scores;
use super::snapshot::Snapshot;
use crate::search::index::SearchError;
use crate::search::query::Sort;
use crate::search::words::{term, words};

/// Words of the prefix that are used.
const MOST_WORDS: usize = 12;
/// Completions of the last word.
const MOST_COMPLETIONS: usize = 32;
/// Documents whose titles and key words are looked at.
const MOST_DOCUMENTS: usize = 64;

/// Completes a prefix.
pub(super) fn suggest(prefix: &str, limit: usize, snapshot: &Snapshot) -> Result<Vec<String>, SearchError> {
    let mut typed: Vec<String> = words(prefix).take(MOST_WORDS).map(|word| term(word.text)).collect();
    let Some(last) = typed.pop() else {
        return Ok(Vec::new());
    };
    let plan = plan(&typed, &last, snapshot)?;
    let scores = Scores::of(&plan, snapshot)?;
    let mut matches = Vec::new();
    for (segment, (_, columns)) in snapshot.segments().enumerate() {
        let found = scores.matches(segment);
        matches.extend(found.map(|(doc, score)| Match::new(segment, doc, score, Sort::Relevance, columns)));
    }
    let (mut starting, mut holding) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for found in page(matches, 0, MOST_DOCUMENTS, snapshot) {
        let document = stored(found, snapshot)?;
        let fields = [snapshot.fields.title, snapshot.fields.keyword];
        for text in fields.into_iter().flat_map(|field| document.get_all(field)).filter_map(|value| value.as_str()) {
            let terms: Vec<String> = words(text).map(|word| term(word.text)).collect();
            let Some(begins) = fit(&terms, &typed, &last) else {
                continue;
            };
            if seen.insert(terms) {
                let list = if begins { &mut starting } else { &mut holding };
                list.push(text.to_owned());
            }
        }
    }
    starting.append(&mut holding);
    starting.truncate(limit);
    Ok(starting)
}

/// Whether a text completes what was typed, and if so whether it begins with it.
fn fit(terms: &[String], typed: &[String], last: &str) -> Option<bool> {
    let begins = terms.starts_with(typed) && terms.get(typed.len()).is_some_and(|term| term.starts_with(last));
    let holds = typed.iter().all(|word| terms.contains(word)) && terms.iter().any(|term| term.starts_with(last));
    (begins || holds).then_some(begins)
}

/// Looks all words up in titles and key words only.
fn plan(typed: &[String], last: &str, snapshot: &Snapshot) -> Result<Plan, SearchError> {
    let head = Dictionary::open(&snapshot.searcher, snapshot.fields.head)?;
    let clause = |terms: Vec<String>| {
        let variants = terms.into_iter().map(|term| Variant::new(term, 1.0)).collect();
        Clause::matching(Lane::Head, variants)
    };
    let mut clauses: Vec<Clause> = typed.iter().map(|word| clause(vec![word.clone()])).collect();
    let completions = head.completions(last, MOST_COMPLETIONS)?;
    clauses.push(clause(completions.into_iter().map(|known| known.term).collect()));
    Ok(Plan { clauses })
}
