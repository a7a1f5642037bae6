//! The facets: what is counted, each also something that can be filtered by.

use super::query::{Facet, Filters};

/// A facet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dimension {
    Kind,
    ResearchField,
    Ipc,
    TransferForm,
    OrganizationKind,
    Province,
    Language,
    Trl,
}

impl Dimension {
    /// Every facet, in the order they are answered.
    pub(super) const ALL: [Dimension; 8] = [
        Dimension::Kind,
        Dimension::ResearchField,
        Dimension::Ipc,
        Dimension::TransferForm,
        Dimension::OrganizationKind,
        Dimension::Province,
        Dimension::Language,
        Dimension::Trl,
    ];

    /// Name of the facet.
    pub(super) fn name(self) -> &'static str {
        match self {
            Dimension::Kind => "kind",
            Dimension::ResearchField => "research_field",
            Dimension::Ipc => "ipc",
            Dimension::TransferForm => "transfer_form",
            Dimension::OrganizationKind => "organization_kind",
            Dimension::Province => "province",
            Dimension::Language => "language",
            Dimension::Trl => "trl",
        }
    }

    /// Whether the filters narrow it.
    pub(super) fn is_filtered(self, filters: &Filters) -> bool {
        match self {
            Dimension::Kind => !filters.kinds.is_empty(),
            Dimension::ResearchField => !filters.research_fields.is_empty(),
            Dimension::Ipc => !filters.ipc.is_empty(),
            Dimension::TransferForm => !filters.transfer_forms.is_empty(),
            Dimension::OrganizationKind => !filters.organization_kinds.is_empty(),
            Dimension::Province => !filters.provinces.is_empty(),
            Dimension::Language => !filters.languages.is_empty(),
            Dimension::Trl => filters.trl_min.is_some() || filters.trl_max.is_some(),
        }
    }

    /// The facet of these counts, most frequent value first.
    pub(super) fn facet(self, counts: impl IntoIterator<Item = (String, usize)>) -> Facet {
        let mut values: Vec<(String, usize)> = counts.into_iter().filter(|(_, count)| *count > 0).collect();
        values.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Facet { name: self.name(), values }
    }
}
