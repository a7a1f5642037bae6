//! The settings of an index: what is searched, filtered, counted and sorted, and how Vietnamese is treated.

use meilisearch_sdk::settings::{
    FacetingSettings, MinWordSizeForTypos, PaginationSetting, Settings, TypoToleranceSettings,
};

use std::collections::{BTreeSet, HashMap};

use super::row::{KEY, counted};
use crate::kernel::fold::fold;
use crate::search::dimension::Dimension;

/// Attributes that are searched; those before weigh more.
const SEARCHED: [&str; 6] = ["title", "keywords", "summary", "body", "organization_name", "ipc_written"];
/// Attributes that only filter.
const FILTERED: [&str; 7] =
    [KEY, "organization_id", "verified", "published_at", "confirmed_at", "price_low", "price_high"];
/// Attributes hits can be sorted by.
const SORTED: [&str; 4] = ["published_at", "price_low", "price_top", "trl"];
/// First what was asked to be sorted by, then how well it fits, then the id, so that pages never overlap.
const RANKED: [&str; 7] = ["sort", "words", "typo", "proximity", "attribute", "exactness", "id:asc"];
/// How deep hits can be paged into, one largest page further than the API goes.
pub(super) const DEEPEST: usize = 1_100;
/// Different values of a facet that are counted.
const MOST_VALUES: usize = 1_000;
/// Vietnamese syllables are short: the server's own 5 and 9 letters would forgive them nothing.
const FORGIVEN: MinWordSizeForTypos = MinWordSizeForTypos { one_typo: Some(3), two_typos: Some(7) };

/// The settings, with groups of words that mean the same. Stop words are left in: frequency decides which words of a
/// query may be missing.
pub(super) fn settings(synonyms: &[Vec<String>]) -> Settings {
    let labels: BTreeSet<&str> =
        Dimension::ALL.map(Dimension::name).into_iter().chain(Dimension::COUNTED.map(counted)).collect();
    Settings::new()
        .with_searchable_attributes(SEARCHED)
        .with_filterable_attributes(labels.into_iter().chain(FILTERED))
        .with_sortable_attributes(SORTED)
        .with_ranking_rules(RANKED)
        .with_synonyms(each_way(synonyms))
        .with_pagination(PaginationSetting { max_total_hits: DEEPEST })
        .with_faceting(FacetingSettings { max_values_per_facet: MOST_VALUES, sort_facet_values_by: None })
        .with_typo_tolerance(TypoToleranceSettings {
            min_word_size_for_typos: Some(FORGIVEN),
            ..TypoToleranceSettings::default()
        })
}

/// Each word with the others of its groups.
fn each_way(groups: &[Vec<String>]) -> HashMap<String, Vec<String>> {
    let mut all: HashMap<String, Vec<String>> = HashMap::new();
    for group in groups {
        for word in group {
            let others = group.iter().filter(|other| *other != word).cloned();
            all.entry(fold(word)).or_default().extend(others);
        }
    }
    all
}
