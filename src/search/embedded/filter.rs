//! Decides which documents pass the [`Filters`], and which single filter keeps a document out.
//!
//! Facets are counted as if their own filter were absent, so it matters which filters a document fails: none, exactly
//! one, or more.

use std::collections::HashSet;

use tantivy::columnar::Column;

use super::schema::VERIFIED;
use super::snapshot::{Columns, Labels};
use crate::search::dimension::Dimension;
use crate::search::query::Filters;

/// How a document fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Passes every filter.
    Passes,
    /// Would pass but for the filter on this facet.
    FailsOnly(Dimension),
    /// Fails otherwise.
    Fails,
}

/// The filters of a query made ready for one segment.
pub(super) struct Gate<'a>(Vec<(Option<Dimension>, Test<'a>)>);

enum Test<'a> {
    /// One of the document's labels is accepted; by ordinal.
    Labels(&'a Column<u64>, Vec<bool>),
    /// The value is above the bound.
    Above(&'a Column<i64>, i64),
    /// The document's range overlaps these bounds.
    Overlaps { low: &'a Column<i64>, high: &'a Column<i64>, from: i64, to: i64 },
}

impl<'a> Gate<'a> {
    /// Makes the filters ready.
    pub(super) fn new(filters: &Filters, columns: &'a Columns) -> Gate<'a> {
        let mut gate = Gate(Vec::new());
        gate.labels_of_facets(filters, columns);
        if let Some(organization) = filters.organization_id {
            let wanted = organization.simple().to_string();
            gate.accept(None, &columns.organization, |label| label == wanted);
        }
        if filters.verified_only {
            gate.accept(None, &columns.verified, |label| label == VERIFIED);
        }
        if let Some(bound) = filters.published_after {
            gate.0.push((None, Test::Above(&columns.published_at, bound)));
        }
        if let Some(bound) = filters.confirmed_after {
            gate.0.push((None, Test::Above(&columns.confirmed_at, bound)));
        }
        if filters.price_min.is_some() || filters.price_max.is_some() {
            let (from, to) = (filters.price_min.unwrap_or(0), filters.price_max.unwrap_or(i64::MAX));
            let (low, high) = (&columns.price_low, &columns.price_high);
            gate.0.push((None, Test::Overlaps { low, high, from, to }));
        }
        gate
    }

    fn labels_of_facets(&mut self, filters: &Filters, columns: &'a Columns) {
        if !filters.kinds.is_empty() {
            let accept = |label: &str| filters.kinds.iter().any(|kind| kind.as_str() == label);
            self.accept(Some(Dimension::Kind), columns.labels(Dimension::Kind), accept);
        }
        for (dimension, wanted) in &filters.labels {
            let wanted: HashSet<&str> = wanted.iter().map(String::as_str).collect();
            self.accept(Some(*dimension), columns.labels(*dimension), |label| wanted.contains(label));
        }
        if filters.trl_min.is_some() || filters.trl_max.is_some() {
            let levels = filters.trl_min.unwrap_or(0)..=filters.trl_max.unwrap_or(u8::MAX);
            let accept = |label: &str| label.parse().is_ok_and(|level: u8| levels.contains(&level));
            self.accept(Some(Dimension::Trl), columns.labels(Dimension::Trl), accept);
        }
    }

    fn accept(&mut self, dimension: Option<Dimension>, labels: &'a Labels, accept: impl Fn(&str) -> bool) {
        let accepted = labels.values.iter().map(|label| accept(label)).collect();
        self.0.push((dimension, Test::Labels(&labels.ordinals, accepted)));
    }

    /// Tries a document.
    pub(super) fn judge(&self, doc: u32) -> Verdict {
        let mut verdict = Verdict::Passes;
        for (dimension, test) in &self.0 {
            if test.passes(doc) {
                continue;
            }
            verdict = match (verdict, dimension) {
                (Verdict::Passes, Some(dimension)) => Verdict::FailsOnly(*dimension),
                _ => return Verdict::Fails,
            };
        }
        verdict
    }
}

impl Test<'_> {
    fn passes(&self, doc: u32) -> bool {
        match self {
            Test::Labels(ordinals, accepted) => ordinals.values_for_doc(doc).any(|ordinal| {
                usize::try_from(ordinal)
                    .ok()
                    .and_then(|ordinal| accepted.get(ordinal))
                    .is_some_and(|accepted| *accepted)
            }),
            Test::Above(column, bound) => column.first(doc).is_some_and(|value| value > *bound),
            Test::Overlaps { low, high, from, to } => match (low.first(doc), high.first(doc)) {
                (Some(low), Some(high)) => low <= *to && high >= *from,
                _ => false,
            },
        }
    }
}
