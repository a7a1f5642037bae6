//! The tantivy schema: how a [`Document`] is laid out in fields, and the version of that layout.
//!
//! Matching looks at `text`, which holds every word of the document; `head` (title and key words), `exact` (words with
//! their diacritics) and `pairs` (neighbouring words) only add to the score of what matches.

use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::{TantivyDocument, Term};
use uuid::Uuid;

use super::analyser::Form;
use crate::search::document::{Document, Kind, ipc_symbol};

/// Raised whenever the schema or the analysis of words changes: an index of another version has to be built again.
pub(super) const FORMAT: u32 = 2;

/// Names of the columns with few different values.
pub(super) mod column {
    pub(in crate::search::embedded) const KIND: &str = "kind";
    pub(in crate::search::embedded) const RESEARCH_FIELD: &str = "research_field";
    pub(in crate::search::embedded) const IPC: &str = "ipc";
    pub(in crate::search::embedded) const IPC_CLASS: &str = "ipc_class";
    pub(in crate::search::embedded) const TRANSFER_FORM: &str = "transfer_form";
    pub(in crate::search::embedded) const ORGANIZATION: &str = "organization";
    pub(in crate::search::embedded) const ORGANIZATION_KIND: &str = "organization_kind";
    pub(in crate::search::embedded) const PROVINCE: &str = "province";
    pub(in crate::search::embedded) const LANGUAGE: &str = "language";
    pub(in crate::search::embedded) const TRL: &str = "trl";
    pub(in crate::search::embedded) const VERIFIED: &str = "verified";
    pub(in crate::search::embedded) const ID_HIGH: &str = "id_high";
    pub(in crate::search::embedded) const ID_LOW: &str = "id_low";
    pub(in crate::search::embedded) const PUBLISHED_AT: &str = "published_at";
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
    kind: Field,
    research_field: Field,
    ipc: Field,
    ipc_class: Field,
    transfer_form: Field,
    organization: Field,
    organization_kind: Field,
    province: Field,
    language: Field,
    trl: Field,
    verified: Field,
}

#[derive(Debug, Clone, Copy)]
struct Numbers {
    id_high: Field,
    id_low: Field,
    published_at: Field,
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
        keyword: builder.add_text_field("keyword", STORED),
        organization_name: builder.add_text_field("organization_name", STORED),
        ipc_written: builder.add_text_field("ipc_written", STORED),
        labels: Labels {
            kind: builder.add_text_field(column::KIND, FAST),
            research_field: builder.add_text_field(column::RESEARCH_FIELD, FAST),
            ipc: builder.add_text_field(column::IPC, FAST),
            ipc_class: builder.add_text_field(column::IPC_CLASS, FAST),
            transfer_form: builder.add_text_field(column::TRANSFER_FORM, FAST),
            organization: builder.add_text_field(column::ORGANIZATION, FAST),
            organization_kind: builder.add_text_field(column::ORGANIZATION_KIND, FAST),
            province: builder.add_text_field(column::PROVINCE, FAST),
            language: builder.add_text_field(column::LANGUAGE, FAST),
            trl: builder.add_text_field(column::TRL, FAST),
            verified: builder.add_text_field(column::VERIFIED, FAST),
        },
        numbers: Numbers {
            id_high: builder.add_u64_field(column::ID_HIGH, FAST),
            id_low: builder.add_u64_field(column::ID_LOW, FAST),
            published_at: builder.add_i64_field(column::PUBLISHED_AT, FAST),
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
        to.add_text(self.kind, from.kind.as_str());
        let owner = Some(from.organization_id).filter(|id| !id.is_nil());
        add_each(to, self.organization, owner.iter().map(|id| id.simple().to_string()));
        add_each(to, self.organization_kind, std::iter::once(from.organization_kind.clone()));
        to.add_text(self.language, &from.language);
        if from.verified {
            to.add_text(self.verified, VERIFIED);
        }
        if let Some(level) = from.trl {
            to.add_text(self.trl, level.to_string());
        }
        add_each(to, self.research_field, from.research_field.iter().cloned());
        add_each(to, self.province, from.province.iter().cloned());
        add_each(to, self.transfer_form, from.transfer_forms.iter().cloned());
        let symbols: Vec<String> = from.ipc.iter().map(|written| ipc_symbol(written)).collect();
        add_each(to, self.ipc_class, symbols.iter().map(|symbol| symbol.chars().take(3).collect()));
        add_each(to, self.ipc, symbols.into_iter());
    }
}

/// Adds each different value once, so that a facet counts a document once per value.
fn add_each(to: &mut TantivyDocument, field: Field, values: impl Iterator<Item = String>) {
    let mut values: Vec<String> = values.filter(|value| !value.is_empty()).collect();
    values.sort_unstable();
    values.dedup();
    for value in values {
        to.add_text(field, value);
    }
}

impl Numbers {
    fn add(&self, from: &Document, to: &mut TantivyDocument) {
        let (high, low) = from.id.as_u64_pair();
        to.add_u64(self.id_high, high);
        to.add_u64(self.id_low, low);
        to.add_i64(self.published_at, from.published_at);
        if from.price_from.is_some() || from.price_to.is_some() {
            to.add_i64(self.price_low, from.price_from.unwrap_or(0));
            to.add_i64(self.price_high, from.price_to.unwrap_or(i64::MAX));
        }
    }
}
