//! What is shown of a hit: where its words stand, and why it was found.

use std::collections::{BTreeSet, HashMap, HashSet};

use meilisearch_sdk::search::{MatchRange, SearchResult};
use serde_json::{Map, Value};

use super::row::Found;
use super::text::Text;
use crate::search::explain::{Reason, matches};
use crate::search::highlight::Highlighter;
use crate::search::query::{Explanation, Highlight, HighlightField, Hit, How, Query, ScorePart};
use crate::search::words::{distance, term, words};

/// Words of a query with which similar words of a text are looked for.
const FEW_WORDS: usize = 10;
/// Slips the server forgives in a word.
const MOST_EDITS: usize = 2;

/// Makes a hit of a result.
pub(super) fn hit(query: &Query, text: &Text, result: &SearchResult<Found>) -> Hit {
    let SearchResult { result: found, matches_position, ranking_score, ranking_score_details, .. } = result;
    let met = match matches_position.as_ref().filter(|places| !places.is_empty()) {
        Some(places) => met(found, places),
        None if query.highlight || query.explain => similar(found, text),
        None => BTreeSet::new(),
    };
    let highlights = if query.highlight { highlights(found, &met) } else { Vec::new() };
    let explanation = query.explain.then(|| Explanation {
        matches: matches(&reasons(text, &met), found.texts()),
        parts: ranking_score_details.as_ref().map(parts).unwrap_or_default(),
    });
    let score = if text.words.is_empty() { 0.0 } else { ranking_score.unwrap_or_default() as f32 };
    Hit { kind: found.kind, id: found.id, score, highlights, explanation }
}

/// The words of a hit that the server matched, in compared form.
fn met(found: &Found, places: &HashMap<String, Vec<MatchRange>>) -> BTreeSet<String> {
    let mut met = BTreeSet::new();
    let mut place = ("", 0);
    for (name, text) in found.texts() {
        place = if place.0 == name { (name, place.1 + 1) } else { (name, 0) };
        let name = if name == "ipc" { "ipc_written" } else { name };
        // In a list, a place also tells which of the texts it is in.
        let here = |range: &&MatchRange| range.indices.as_deref().is_none_or(|list| list.first() == Some(&place.1));
        for range in places.get(name).into_iter().flatten().filter(here) {
            let part = text.get(range.start..).unwrap_or_default();
            met.extend(words(part).take_while(|word| word.start < range.length).map(|word| term(word.text)));
        }
    }
    met
}

/// The words of a hit that were asked for, where the server did not say what it matched; those of a short query also
/// where they are only similar, for comparing letters is dear.
fn similar(found: &Found, text: &Text) -> BTreeSet<String> {
    let few = text.words.len() <= FEW_WORDS;
    let forgiven = |word: &str| match word.len() {
        0..3 => 0,
        3..7 => 1,
        _ => MOST_EDITS,
    };
    let alike = |term: &String| text.words.iter().any(|word| few && distance(word, term) <= forgiven(word));
    let asked: HashSet<&str> = text.words.iter().map(String::as_str).collect();
    let all = found.texts().flat_map(|(_, text)| words(text).map(|word| term(word.text)));
    all.filter(|term| asked.contains(term.as_str()) || alike(term)).collect()
}

/// Marks the words the server matched.
fn highlights(found: &Found, met: &BTreeSet<String>) -> Vec<Highlight> {
    let highlighter = Highlighter::new(met.iter().map(String::as_str));
    let texts = [
        (HighlightField::Title, &found.title),
        (HighlightField::Summary, &found.summary),
        (HighlightField::Body, &found.body),
    ];
    texts.into_iter().filter_map(|(field, text)| highlighter.highlight(field, text)).collect()
}

/// Which word of the query each of the matched words stands for: the nearest one.
fn reasons(text: &Text, met: &BTreeSet<String>) -> Vec<Reason> {
    let nearest = |term: &String| {
        let all = text.words.iter().map(|word| (distance(word, term), Reason::new(word, term)));
        let (edits, reason) = all.min_by_key(|(edits, reason)| (reason.how == How::Typo, *edits))?;
        Some(if reason.how == How::Typo && edits > MOST_EDITS {
            Reason { how: How::Synonym, ..reason }
        } else {
            reason
        })
    };
    met.iter().filter_map(nearest).collect()
}

/// The server's rules with what each gave, in the order they are applied.
fn parts(rules: &Map<String, Value>) -> Vec<ScorePart> {
    let mut parts: Vec<(u64, ScorePart)> = rules
        .iter()
        .filter_map(|(name, rule)| {
            let value = rule.get("score")?.as_f64()? as f32;
            Some((rule.get("order")?.as_u64()?, ScorePart { name: name.clone(), value }))
        })
        .collect();
    parts.sort_by_key(|(order, _)| *order);
    parts.into_iter().map(|(_, part)| part).collect()
}
