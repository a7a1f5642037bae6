//! What every search engine has to do, as tests against [`SearchIndex`].
//!
//! [`contract_tests!`] makes one test of each case; every case gets an empty index of its own.

pub(super) mod changes;
pub(super) mod filters;
pub(super) mod text;

use uuid::Uuid;

use super::{Change, Dimension, Document, Hits, Kind, Query, SearchIndex};

/// Makes a test of every case, with `$with` calling it on an empty index.
macro_rules! contract_tests {
    ($with:path) => {
        $crate::search::contract::contract_tests!(@module $with, text:
            diacritics_do_not_matter_but_break_ties, stroked_d_is_d,
            misspelt_words_find_what_was_meant, joined_and_split_words_meet,
            the_last_word_may_be_unfinished, sentences_degrade_by_relevance,
            much_weaker_matches_are_left_out, hostile_texts_are_harmless, titles_weigh_more,
            owners_and_ipc_symbols_are_searched, english_plurals_meet, words_in_order_rank_first,
            highlights_are_segments_of_the_text, fragments_show_the_best_place,
            suggestions_complete, synonyms_find_each_other);
        $crate::search::contract::contract_tests!(@module $with, filters:
            each_filter_holds, every_label_finds, many_labels_are_no_burden, hidden_owners_are_in_no_facet,
            levels_above_are_found_and_one_is_counted, prices_overlap, facets_count_all_matches,
            facets_ignore_their_own_filter, sorts_put_missing_values_last, pages_do_not_overlap,
            no_text_answers_newest_first);
        $crate::search::contract::contract_tests!(@module $with, changes:
            the_next_search_sees_a_change, a_put_replaces, removing_is_by_kind_and_id, the_last_change_of_a_batch_wins,
            a_rebuild_replaces_everything, a_failed_rebuild_changes_nothing, changes_during_a_rebuild_are_kept,
            searches_and_changes_may_run_together);
    };
    (@module $with:path, $module:ident: $($case:ident),+ $(,)?) => {
        mod $module {
            $(
                #[test]
                fn $case() {
                    $with(&$crate::search::contract::$module::$case);
                }
            )+
        }
    };
}
pub(super) use contract_tests;

/// A document with a number for an id.
pub(super) fn document(number: u64, title: &str, body: &str) -> Document {
    Document {
        kind: Kind::Listing,
        id: id(number),
        version: 1,
        title: title.to_owned(),
        summary: String::new(),
        body: body.to_owned(),
        keywords: Vec::new(),
        organization_id: Uuid::from_u64_pair(7, 7),
        organization_name: String::new(),
        verified: false,
        ipc: Vec::new(),
        labels: labels(&[(Dimension::OrganizationKind, "university"), (Dimension::Language, "vi")]),
        trl: None,
        price_from: None,
        price_to: None,
        published_at: 0,
        confirmed_at: None,
    }
}

/// Labels of a document.
pub(super) fn labels(labels: &[(Dimension, &str)]) -> Vec<(Dimension, String)> {
    labels.iter().map(|(dimension, label)| (*dimension, (*label).to_owned())).collect()
}

/// The id of a numbered document.
pub(super) fn id(number: u64) -> Uuid {
    Uuid::from_u64_pair(0x0199_0000_0000_7000, number)
}

/// Puts documents.
pub(super) fn put(index: &dyn SearchIndex, documents: impl IntoIterator<Item = Document>) {
    let changes: Vec<Change> = documents.into_iter().map(|document| Change::Put(Box::new(document))).collect();
    index.apply(&changes).expect("applied");
}

/// Puts documents that have titles only, numbered from 1.
pub(super) fn put_titles(index: &dyn SearchIndex, titles: &[&str]) {
    put(index, (1..).zip(titles).map(|(number, title)| document(number, title, "")));
}

/// Asks.
pub(super) fn ask(index: &dyn SearchIndex, query: &Query) -> Hits {
    index.search(query).expect("answered")
}

/// Asks for a text.
pub(super) fn find(index: &dyn SearchIndex, text: &str) -> Vec<u64> {
    numbers(&ask(index, &Query { text: text.to_owned(), ..Query::default() }))
}

/// The numbers of the documents found, in order.
pub(super) fn numbers(hits: &Hits) -> Vec<u64> {
    hits.hits.iter().map(|hit| hit.id.as_u64_pair().1).collect()
}
