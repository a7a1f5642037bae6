//! The tantivy schema: how a [`Document`] is laid out in fields, and the version of that layout.
//!
//! Matching looks at `text`, which holds every word of the document; `head` (title and key words), `exact` (words with
//! their diacritics) and `pairs` (neighbouring words) only add to the score of what matches.

use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::{TantivyDocument, Term};
use uuid::Uuid;

use super::analyser::Form;
use crate::search::dimension::Dimension;
use crate::search::document::{Document, Kind};

/// Raised whenever the schema or the analysis of words changes: an index of another version has to be built again.
pub(super) const FORMAT: u32 = 3;

/// Names of the columns that are none of a dimension's.
pub(super) mod column {
    pub(in crate::search::embedded) const ORGANIZATION: &str = "organization";
    pub(in crate::search::embedded) const VERIFIED: &str = "verified";
    pub(in crate::search::embedded) const ID_HIGH: &str = "id_high";
    pub(in crate::search::embedded) const ID_LOW: &str = "id_low";
    pub(in crate::search::embedded) const PUBLISHED_AT: &str = "published_at";
    pub(in crate::search::embedded) const CONFIRMED_AT: &str = "confirmed_at";
    pub(in crate::search::embedded) const PRICE_LOW: &str = "price_low";
    pub(in crate::search::embedded) const PRICE_HIGH: &str = "price_high";
}

/// Value of the `verified` column for verified owners.
pub(super) const VERIFIED: &str = "yes";

/// The fields of the schema.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    /// Kind and id, to replace and remove by.
    key: Field,
    /// Title and key words, folded.
    pub head: Field,
    /// Everything, folded.
    pub text: Field,
    /// Everything, with diacritics.
    pub exact: Field,
    /// Everything, neighbouring words joined.
    pub pairs: Field,
    /// The title as written.
    pub title: Field,
    /// The summary as written.
    pub summary: Field,
    /// The body as written.
    pub body: Field,
    /// The key words as written.
    pub keyword: Field,
    /// The owner's name as written.
    pub organization_name: Field,
    /// The IPC symbols as written.
    pub ipc_written: Field,
    labels: Labels,
    numbers: Numbers,
}

#[derive(Debug, Clone, Copy)]
struct Labels {
    /// One for each dimension, in their order.
    dimensions: [Field; Dimension::ALL.len()],
    organization: Field,
    verified: Field,
}

#[derive(Debug, Clone, Copy)]
struct Numbers {
    id_high: Field,
    id_low: Field,
    published_at: Field,
    confirmed_at: Field,
    price_low: Field,
    price_high: Field,
}

/// The schema and its fields.
pub(super) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let words = |form: Form| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default().set_tokenizer(form.name()).set_index_option(IndexRecordOption::WithFreqs),
        )
    };
    let fields = Fields {
        key: builder.add_text_field("key", STRING),
        head: builder.add_text_field("head", words(Form::Folded)),
        text: builder.add_text_field("text", words(Form::Folded)),
        exact: builder.add_text_field("exact", words(Form::Exact)),
        pairs: builder.add_text_field("pairs", words(Form::Pairs)),
        title: builder.add_text_field("title", STORED),
        summary: builder.add_text_field("summary", STORED),
        body: builder.add_text_field("body", STORED),
        keyword: builder.add_text_field("keyword_written", STORED),
        organization_name: builder.add_text_field("organization_name", STORED),
        ipc_written: builder.add_text_field("ipc_written", STORED),
        labels: Labels {
            dimensions: Dimension::ALL.map(|dimension| builder.add_text_field(dimension.name(), FAST)),
            organization: builder.add_text_field(column::ORGANIZATION, FAST),
            verified: builder.add_text_field(column::VERIFIED, FAST),
        },
        numbers: Numbers {
            id_high: builder.add_u64_field(column::ID_HIGH, FAST),
            id_low: builder.add_u64_field(column::ID_LOW, FAST),
            published_at: builder.add_i64_field(column::PUBLISHED_AT, FAST),
            confirmed_at: builder.add_i64_field(column::CONFIRMED_AT, FAST),
            price_low: builder.add_i64_field(column::PRICE_LOW, FAST),
            price_high: builder.add_i64_field(column::PRICE_HIGH, FAST),
        },
    };
    (builder.build(), fields)
}

impl Fields {
    /// The term that finds one document.
    pub(super) fn key(&self, kind: Kind, id: Uuid) -> Term {
        Term::from_field_text(self.key, &format!("{}:{}", kind.as_str(), id.simple()))
    }

    /// Lays a document out.
    pub(super) fn document(&self, from: &Document) -> TantivyDocument {
        let mut to = TantivyDocument::default();
        to.add_text(self.key, format!("{}:{}", from.kind.as_str(), from.id.simple()));
        self.add_words(from, &mut to);
        self.labels.add(from, &mut to);
        self.numbers.add(from, &mut to);
        to
    }

    fn add_words(&self, from: &Document, to: &mut TantivyDocument) {
        let keywords = || from.keywords.iter().map(String::as_str);
        for text in std::iter::once(from.title.as_str()).chain(keywords()) {
            to.add_text(self.head, text);
        }
        let parts = [&from.title, &from.summary, &from.body, &from.organization_name];
        let searched = parts.into_iter().chain(&from.keywords).chain(&from.ipc);
        for text in searched.filter(|text| !text.is_empty()) {
            for field in [self.text, self.exact, self.pairs] {
                to.add_text(field, text);
            }
        }
        to.add_text(self.title, &from.title);
        to.add_text(self.summary, &from.summary);
        to.add_text(self.body, &from.body);
        to.add_text(self.organization_name, &from.organization_name);
        for keyword in keywords() {
            to.add_text(self.keyword, keyword);
        }
        for symbol in &from.ipc {
            to.add_text(self.ipc_written, symbol);
        }
    }
}

impl Labels {
    fn add(&self, from: &Document, to: &mut TantivyDocument) {
        for (dimension, label) in from.all_labels() {
            if let Some(field) = self.dimensions.get(dimension as usize) {
                to.add_text(*field, label);
            }
        }
        if !from.organization_id.is_nil() {
            to.add_text(self.organization, from.organization_id.simple().to_string());
        }
        if from.verified {
            to.add_text(self.verified, VERIFIED);
        }
    }
}

impl Numbers {
    fn add(&self, from: &Document, to: &mut TantivyDocument) {
        let (high, low) = from.id.as_u64_pair();
        to.add_u64(self.id_high, high);
        to.add_u64(self.id_low, low);
        to.add_i64(self.published_at, from.published_at);
        if let Some(confirmed_at) = from.confirmed_at {
            to.add_i64(self.confirmed_at, confirmed_at);
        }
        if from.price_from.is_some() || from.price_to.is_some() {
            to.add_i64(self.price_low, from.price_from.unwrap_or(0));
            to.add_i64(self.price_high, from.price_to.unwrap_or(i64::MAX));
        }
    }
}
