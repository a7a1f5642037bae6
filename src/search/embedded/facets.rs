//! Counts facets while the matches are walked.

use std::collections::HashMap;

use super::filter::Verdict;
use super::snapshot::{Columns, Labels};
use crate::search::dimension::Dimension;
use crate::search::query::Facet;

/// The column a facet counts.
fn counted(dimension: Dimension, columns: &Columns) -> &Labels {
    match dimension {
        Dimension::Kind => &columns.kind,
        Dimension::ResearchField => &columns.research_field,
        Dimension::Ipc => &columns.ipc_class,
        Dimension::TransferForm => &columns.transfer_form,
        Dimension::OrganizationKind => &columns.organization_kind,
        Dimension::Province => &columns.province,
        Dimension::Language => &columns.language,
        Dimension::Trl => &columns.trl,
    }
}

/// Counts over all segments.
pub(super) struct Counts([HashMap<String, usize>; Dimension::ALL.len()]);

/// Counts of one segment, by ordinal; named only when it is done.
pub(super) struct Tally<'a>(Vec<(Dimension, &'a Labels, Vec<usize>)>);

impl<'a> Tally<'a> {
    /// Starts counting a segment.
    pub(super) fn new(columns: &'a Columns) -> Tally<'a> {
        let start = |dimension: Dimension| {
            let labels = counted(dimension, columns);
            (dimension, labels, vec![0; labels.values.len()])
        };
        Tally(Dimension::ALL.into_iter().map(start).collect())
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
        for (all, (_, labels, counts)) in self.0.iter_mut().zip(tally.0) {
            for (label, count) in labels.values.iter().zip(counts).filter(|(_, count)| *count > 0) {
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
        Dimension::ALL.into_iter().zip(self.0).map(|(dimension, counts)| dimension.facet(counts)).collect()
    }
}
