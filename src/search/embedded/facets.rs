//! Counts facets while the matches are walked.

use std::collections::HashMap;

use super::filter::Verdict;
use super::snapshot::{Columns, Labels};
use crate::search::dimension::Dimension;
use crate::search::query::Facet;

/// Counts over all segments.
pub(super) struct Counts([HashMap<String, usize>; Dimension::COUNTED.len()]);

/// Counts of one segment, by ordinal; named only when it is done.
pub(super) struct Tally<'a>(Vec<(Dimension, &'a Labels, Vec<usize>)>);

impl<'a> Tally<'a> {
    /// Starts counting a segment.
    pub(super) fn new(columns: &'a Columns) -> Tally<'a> {
        let start = |dimension: Dimension| {
            let labels = columns.labels(dimension);
            (dimension, labels, vec![0; labels.values.len()])
        };
        Tally(Dimension::COUNTED.into_iter().map(start).collect())
    }

    /// Counts a document where its verdict lets it count.
    pub(super) fn count(&mut self, doc: u32, verdict: Verdict) {
        for (dimension, labels, counts) in &mut self.0 {
            let counted = match verdict {
                Verdict::Passes => true,
                Verdict::FailsOnly(failed) => failed == *dimension,
                Verdict::Fails => false,
            };
            if counted {
                for ordinal in labels.ordinals.values_for_doc(doc) {
                    if let Some(count) = counts.get_mut(ordinal as usize) {
                        *count += 1;
                    }
                }
            }
        }
    }
}

impl Counts {
    /// Nothing counted.
    pub(super) fn new() -> Counts {
        Counts(std::array::from_fn(|_| HashMap::new()))
    }

    /// Adds a segment.
    pub(super) fn add(&mut self, tally: Tally<'_>) {
        for (all, (dimension, labels, counts)) in self.0.iter_mut().zip(tally.0) {
            let counted = labels.values.iter().zip(counts);
            for (label, count) in counted.filter(|(label, count)| *count > 0 && dimension.counts(label)) {
                match all.get_mut(label) {
                    Some(known) => *known += count,
                    None => {
                        all.insert(label.clone(), count);
                    }
                }
            }
        }
    }

    /// The facets, values by count.
    pub(super) fn facets(self) -> Vec<Facet> {
        Dimension::COUNTED.into_iter().zip(self.0).map(|(dimension, counts)| dimension.facet(counts)).collect()
    }
}
