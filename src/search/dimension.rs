//! The dimensions: what documents are labelled with, and so filtered and mostly counted by.

use serde::{Deserialize, Serialize};

use super::query::{Facet, Filters};

/// A dimension. A document has any number of labels in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// Listing or order.
    Kind,
    /// Field of research.
    ResearchField,
    /// Symbols of the International Patent Classification.
    Ipc,
    /// Codes of the Vietnam Standard Industrial Classification.
    Vsic,
    /// Codes of the European classification of activities.
    Nace,
    /// Sustainable development goals.
    Sdg,
    /// Forms of transfer or cooperation.
    TransferForm,
    /// How far a technology has come.
    DevelopmentStage,
    /// Kinds of intellectual property rights.
    IpKind,
    /// Where such rights stand.
    IpStatus,
    /// Countries.
    Territory,
    /// Key words, folded.
    Keyword,
    /// Kind of the owner.
    OrganizationKind,
    /// Province of the owner.
    Province,
    /// Language of the text.
    Language,
    /// Technology readiness level.
    Trl,
}

impl Dimension {
    /// Every dimension, in the order of declaration.
    pub(super) const ALL: [Dimension; 16] = [
        Dimension::Kind,
        Dimension::ResearchField,
        Dimension::Ipc,
        Dimension::Vsic,
        Dimension::Nace,
        Dimension::Sdg,
        Dimension::TransferForm,
        Dimension::DevelopmentStage,
        Dimension::IpKind,
        Dimension::IpStatus,
        Dimension::Territory,
        Dimension::Keyword,
        Dimension::OrganizationKind,
        Dimension::Province,
        Dimension::Language,
        Dimension::Trl,
    ];

    /// The facets: those that are counted, in the order they are answered.
    pub(super) const COUNTED: [Dimension; 12] = [
        Dimension::Kind,
        Dimension::ResearchField,
        Dimension::Ipc,
        Dimension::Vsic,
        Dimension::Sdg,
        Dimension::TransferForm,
        Dimension::DevelopmentStage,
        Dimension::IpKind,
        Dimension::OrganizationKind,
        Dimension::Province,
        Dimension::Language,
        Dimension::Trl,
    ];

    /// Its name; where its labels are codes of a reference list, also the list's.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Dimension::Kind => "kind",
            Dimension::ResearchField => "research_field",
            Dimension::Ipc => "ipc",
            Dimension::Vsic => "vsic",
            Dimension::Nace => "nace",
            Dimension::Sdg => "sdg",
            Dimension::TransferForm => "transfer_form",
            Dimension::DevelopmentStage => "development_stage",
            Dimension::IpKind => "ip_kind",
            Dimension::IpStatus => "ip_status",
            Dimension::Territory => "territory",
            Dimension::Keyword => "keyword",
            Dimension::OrganizationKind => "organization_kind",
            Dimension::Province => "province",
            Dimension::Language => "language",
            Dimension::Trl => "trl",
        }
    }

    /// Whether a label is counted. Classifications of many levels are counted at one: classes of the IPC, divisions of
    /// VSIC.
    pub(super) fn counts(self, label: &str) -> bool {
        match self {
            Dimension::Ipc => label.len() == 3,
            Dimension::Vsic => label.len() == 2,
            _ => true,
        }
    }

    /// Whether the filters narrow it.
    pub(super) fn is_filtered(self, filters: &Filters) -> bool {
        match self {
            Dimension::Kind => !filters.kinds.is_empty(),
            Dimension::Trl => filters.trl_min.is_some() || filters.trl_max.is_some(),
            other => filters.labels.iter().any(|(dimension, _)| *dimension == other),
        }
    }

    /// The facet of these counts, most frequent value first.
    pub(super) fn facet(self, counts: impl IntoIterator<Item = (String, usize)>) -> Facet {
        let mut facet = Facet { name: self.name(), values: counts.into_iter().filter(|(_, n)| *n > 0).collect() };
        facet.sort();
        facet
    }
}

#[cfg(test)]
mod tests {
    use super::Dimension;

    #[test]
    fn each_stands_at_its_place() {
        for (place, dimension) in Dimension::ALL.into_iter().enumerate() {
            assert_eq!(dimension as usize, place);
        }
    }
}
