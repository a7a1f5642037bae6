//! What is asked and what is answered, in the product's words.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::dimension::Dimension;
use super::document::Kind;

/// A search.
///
/// Text matches by relevance: a document need not hold every word, but it is left out when it covers much less of
/// the text (weighted by how rare each word is) than the best document does. Without text, everything that passes
/// the filters matches.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// What the user typed: key words or a whole sentence, with or without diacritics.
    pub text: String,
    /// How the text is meant.
    pub reading: Reading,
    /// Conditions every hit meets.
    pub filters: Filters,
    /// Order of the hits.
    pub sort: Sort,
    /// How many hits to answer.
    pub limit: usize,
    /// How many hits to skip.
    pub offset: usize,
    /// Whether to count facets.
    pub facets: bool,
    /// Whether to cut highlighted fragments.
    pub highlight: bool,
    /// Whether to tell why each hit was found; costs about as much again as finding it.
    pub explain: bool,
}

impl Default for Query {
    fn default() -> Self {
        Query {
            text: String::new(),
            reading: Reading::default(),
            filters: Filters::default(),
            sort: Sort::default(),
            limit: 20,
            offset: 0,
            facets: false,
            highlight: false,
            explain: false,
        }
    }
}

/// How a text is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reading {
    /// As a question somebody types: slips, unfinished words and synonyms are thought of.
    #[default]
    Question,
    /// As an example of what is looked for: what has most pairs of neighbouring words in common with it comes first. An
    /// engine without an index of such pairs may read it as a question.
    Example,
}

/// Conditions. Within one field any of the values will do; an empty list or `None` asks nothing; all fields must hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filters {
    /// Kinds of document.
    pub kinds: Vec<Kind>,
    /// Labels, each dimension once and with at least one: a document has any of them. Where codes stand in a tree, the ones
    /// below are named too.
    pub labels: Vec<(Dimension, Vec<String>)>,
    /// One owner.
    pub organization_id: Option<Uuid>,
    /// Lowest readiness level.
    pub trl_min: Option<u8>,
    /// Highest readiness level.
    pub trl_max: Option<u8>,
    /// Budget from: the price range of a hit overlaps the budget. Negotiable prices overlap nothing.
    pub price_min: Option<i64>,
    /// Budget to.
    pub price_max: Option<i64>,
    /// Only verified owners.
    pub verified_only: bool,
    /// Published later than this, microseconds since the epoch.
    pub published_after: Option<i64>,
    /// Confirmed by its owner later than this.
    pub confirmed_after: Option<i64>,
}

/// Order of the hits. Ties are broken by id, documents without a value come last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Best first; newest first when there is no text.
    #[default]
    Relevance,
    /// Newest first.
    PublishedAtDesc,
    /// Oldest first.
    PublishedAtAsc,
    /// Lowest price first.
    PriceAsc,
    /// Highest price first.
    PriceDesc,
    /// Most mature first.
    TrlDesc,
    /// Least mature first.
    TrlAsc,
}

/// One page of an answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Hits {
    /// The page.
    pub hits: Vec<Hit>,
    /// How many documents match in all.
    pub total: usize,
    /// Counts over all matches, when asked for.
    ///
    /// Counting is disjunctive: the values of a facet are counted as if there were no filter on that same facet, so
    /// the alternatives to a chosen value stay visible with the number of hits that choosing them would give.
    pub facets: Vec<Facet>,
}

/// One document found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// Kind of the document.
    pub kind: Kind,
    /// Its id.
    pub id: Uuid,
    /// Relevance; comparable only within one answer, 0 without text.
    pub score: f32,
    /// Fragments with the matching words marked, for the fields that have any.
    pub highlights: Vec<Highlight>,
    /// Why it was found, when asked for.
    pub explanation: Option<Explanation>,
}

/// Why a document was found.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Explanation {
    /// Which words of the query met which words of the document.
    pub matches: Vec<WordMatch>,
    /// What the score is made of, by the engine's own rules; empty without text.
    pub parts: Vec<ScorePart>,
}

/// A word of the query and what it met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WordMatch {
    /// The word, as it is compared: lower case, without diacritics.
    pub word: String,
    /// What stands in the text.
    pub found: String,
    /// `title`, `keywords`, `summary`, `body`, `organization_name` or `ipc`.
    pub field: &'static str,
    /// How the one led to the other.
    pub how: How,
}

/// How a word of the query led to a word of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// It is the word, diacritics, case and English plurals aside.
    Exact,
    /// It begins the word.
    Prefix,
    /// It may be a slip for the word.
    Typo,
    /// The two differ in where the blanks stand.
    Joined,
    /// They mean the same.
    Synonym,
}

impl How {
    /// Its stable name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            How::Exact => "exact",
            How::Prefix => "prefix",
            How::Typo => "typo",
            How::Joined => "joined",
            How::Synonym => "synonym",
        }
    }
}

/// A part of a score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScorePart {
    /// The engine's rule.
    pub name: String,
    /// What it gave.
    pub value: f32,
}

/// A fragment of one field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Highlight {
    /// Where the fragment was cut from.
    pub field: HighlightField,
    /// The fragment, in order; joined, the segments are the text as it was written.
    pub segments: Vec<Segment>,
}

/// A field that is highlighted: the title whole, the others as a fragment around the best place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HighlightField {
    /// The title.
    Title,
    /// The summary.
    Summary,
    /// The body.
    Body,
}

/// A piece of a fragment. Plain text, so that nothing has to be escaped before it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Segment {
    /// The text.
    pub text: String,
    /// Whether it is a match.
    pub hit: bool,
}

/// A facet: how many of the matches have each label of a dimension. Of classifications with many levels one level is
/// counted, with everything below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Facet {
    /// Its name.
    pub name: &'static str,
    /// Values and counts, most frequent first, then by value.
    pub values: Vec<(String, usize)>,
}

impl Facet {
    /// Puts the values in order.
    pub fn sort(&mut self) {
        self.values.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    }
}
