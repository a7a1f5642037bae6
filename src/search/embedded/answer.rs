//! Answers a [`Query`]: scores, filters, counts, orders, and cuts the page.

use tantivy::DocAddress;
use tantivy::TantivyDocument;
use tantivy::schema::Value;

use super::explainer::Explainer;
use super::facets::{Counts, Tally};
use super::filter::{Gate, Verdict};
use super::plan::Plan;
use super::rank::{Match, page};
use super::score::Scores;
use super::snapshot::{Columns, Snapshot};
use crate::search::dimension::Dimension;
use crate::search::document::Kind;
use crate::search::highlight::Highlighter;
use crate::search::index::SearchError;
use crate::search::query::{Highlight, HighlightField, Hit, Hits, Query, Sort};
use crate::search::synonyms::Synonyms;
use crate::search::words::words;

/// Answers a query on a snapshot.
pub(super) fn answer(query: &Query, synonyms: &Synonyms, snapshot: &Snapshot) -> Result<Hits, SearchError> {
    let everything = words(&query.text).next().is_none();
    let plan = if everything { Plan::default() } else { Plan::of(query, synonyms, snapshot)? };
    let scores = if everything { None } else { Some(Scores::of(&plan, snapshot)?) };
    let sort = if everything && query.sort == Sort::Relevance { Sort::PublishedAtDesc } else { query.sort };
    let (matches, counts) = gather(query, sort, scores.as_ref(), snapshot);
    let total = matches.len();
    let showing = Showing {
        snapshot,
        highlighter: (query.highlight && !everything).then(|| Highlighter::new(plan.terms())),
        explainer: query.explain.then(|| Explainer::new(&plan, snapshot)).transpose()?,
    };
    let hits = page(matches, query.offset, query.limit, snapshot)
        .into_iter()
        .map(|found| showing.hit(found))
        .collect::<Result<_, _>>()?;
    Ok(Hits { hits, total, facets: counts.map(Counts::facets).unwrap_or_default() })
}

/// Walks all matches once.
fn gather(query: &Query, sort: Sort, scores: Option<&Scores>, snapshot: &Snapshot) -> (Vec<Match>, Option<Counts>) {
    let mut matches = Vec::new();
    let mut counts = query.facets.then(Counts::new);
    for (segment, (reader, columns)) in snapshot.segments().enumerate() {
        let gate = Gate::new(&query.filters, columns);
        let mut tally = counts.as_ref().map(|_| Tally::new(columns));
        let mut take = |doc: u32, score: f32| {
            let verdict = gate.judge(doc);
            if let Some(tally) = &mut tally {
                tally.count(doc, verdict);
            }
            if verdict == Verdict::Passes {
                matches.push(Match::new(segment, doc, score, sort, columns));
            }
        };
        match scores {
            Some(scores) => scores.matches(segment).for_each(|(doc, score)| take(doc, score)),
            None => reader.doc_ids_alive().for_each(|doc| take(doc, 0.0)),
        }
        if let (Some(counts), Some(tally)) = (&mut counts, tally) {
            counts.add(tally);
        }
    }
    (matches, counts)
}

/// What is shown of hits.
struct Showing<'a> {
    snapshot: &'a Snapshot,
    highlighter: Option<Highlighter>,
    explainer: Option<Explainer<'a>>,
}

impl Showing<'_> {
    fn hit(&self, found: Match) -> Result<Hit, SearchError> {
        let columns = self.snapshot.columns.get(found.segment).ok_or_else(|| broken("segment"))?;
        let highlights = match &self.highlighter {
            Some(highlighter) => highlights(found, highlighter, self.snapshot)?,
            None => Vec::new(),
        };
        let explanation = self.explainer.as_ref().map(|explainer| explainer.explain(found)).transpose()?;
        let (high, low) = columns.id(found.doc);
        let id = uuid::Uuid::from_u64_pair(high, low);
        Ok(Hit { kind: kind(found.doc, columns)?, id, score: found.score, highlights, explanation })
    }
}

fn kind(doc: u32, columns: &Columns) -> Result<Kind, SearchError> {
    columns.labels(Dimension::Kind).of(doc).next().and_then(Kind::parse).ok_or_else(|| broken("kind"))
}

fn broken(what: &str) -> SearchError {
    SearchError::Engine(format!("an indexed document has no {what}"))
}

fn highlights(found: Match, highlighter: &Highlighter, snapshot: &Snapshot) -> Result<Vec<Highlight>, SearchError> {
    let fields = snapshot.fields;
    let stored = stored(found, snapshot)?;
    let parts = [
        (HighlightField::Title, fields.title),
        (HighlightField::Summary, fields.summary),
        (HighlightField::Body, fields.body),
    ];
    let texts = parts.into_iter().filter_map(|(name, field)| Some((name, stored.get_first(field)?.as_str()?)));
    Ok(texts.filter_map(|(name, text)| highlighter.highlight(name, text)).collect())
}

/// The stored texts of a match.
pub(super) fn stored(found: Match, snapshot: &Snapshot) -> Result<TantivyDocument, SearchError> {
    let segment = u32::try_from(found.segment).map_err(|_| broken("segment"))?;
    Ok(snapshot.searcher.doc(DocAddress::new(segment, found.doc))?)
}
