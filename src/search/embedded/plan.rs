//! From what the user typed to what is looked up: a [`Plan`] of clauses.
//!
//! Each different word becomes a clause over the text, with bonus clauses for the title, for its diacritics and for
//! standing next to its neighbour. A word still being typed brings its completions along, a misspelt one the words it
//! may have been meant as; which of them fit is judged by the neighbours they are known to stand next to.

use super::planner::Planner;
use super::snapshot::Snapshot;
use crate::search::explain::Reason;
use crate::search::index::SearchError;
use crate::search::query::{Query, Reading};
use crate::search::synonyms::Synonyms;

/// Which index field a clause reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// All words.
    Text,
    /// Title and key words.
    Head,
    /// Words with diacritics.
    Exact,
    /// Neighbours.
    Pairs,
}

/// One way to meet a clause.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Variant {
    /// The term.
    pub term: String,
    /// How sure it is that this was meant, up to 1.
    pub weight: f32,
}

impl Variant {
    /// A variant of this weight.
    pub(super) fn new(term: String, weight: f32) -> Variant {
        Variant { term, weight }
    }
}

/// Alternatives of which a document gets the best it holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Clause {
    /// Where to look.
    pub lane: Lane,
    /// What for.
    pub variants: Vec<Variant>,
    /// Whether meeting it makes a document match; other clauses only add to the score of what matches.
    pub counts: bool,
}

impl Lane {
    /// Every lane.
    pub(super) const ALL: [Lane; 4] = [Lane::Text, Lane::Head, Lane::Exact, Lane::Pairs];

    /// What meeting a clause there is called in an explanation.
    pub(super) fn name(self) -> &'static str {
        match self {
            Lane::Text => "words",
            Lane::Head => "title_and_keywords",
            Lane::Exact => "diacritics",
            Lane::Pairs => "neighbours",
        }
    }
}

impl Clause {
    /// A clause that makes documents match.
    pub(super) fn matching(lane: Lane, variants: Vec<Variant>) -> Clause {
        Clause { lane, variants, counts: true }
    }

    /// A clause that only adds to scores.
    pub(super) fn bonus(lane: Lane, variants: Vec<Variant>) -> Clause {
        Clause { lane, variants, counts: false }
    }
}

/// What to look up.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The clauses.
    pub clauses: Vec<Clause>,
    /// Which words of the query led to which terms.
    pub reasons: Vec<Reason>,
}

impl Plan {
    /// What of it reads one lane.
    pub(super) fn only(&self, lane: Lane) -> Plan {
        let clauses = self.clauses.iter().filter(|clause| clause.lane == lane).cloned().collect();
        Plan { clauses, reasons: Vec::new() }
    }

    /// Plans a query's text.
    pub(super) fn of(query: &Query, synonyms: &Synonyms, snapshot: &Snapshot) -> Result<Plan, SearchError> {
        let planner = Planner::open(snapshot)?;
        match query.reading {
            Reading::Question => planner.plan(&query.text, synonyms),
            Reading::Example => planner.plan_example(&query.text),
        }
    }

    /// Every term that counts as a match where it stands in a text.
    pub(super) fn terms(&self) -> impl Iterator<Item = &str> {
        let lanes = self.clauses.iter().filter(|clause| clause.counts);
        lanes.flat_map(|clause| &clause.variants).flat_map(|variant| variant.term.split(' '))
    }
}
