//! Cases: filters, facets, orders and pages.

use uuid::Uuid;

use super::{ask, document, id, numbers, put};
use crate::search::{Document, Filters, Kind, Query, SearchIndex, Sort};

/// Four different documents.
fn fill(index: &dyn SearchIndex) {
    let water = Document {
        kind: Kind::Listing,
        province: Some("01".to_owned()),
        research_field: Some("environment".to_owned()),
        ipc: vec!["C02F 1/28".to_owned(), "C02F3/00".to_owned(), "B01D".to_owned()],
        transfer_forms: vec!["licence".to_owned(), "assignment".to_owned()],
        trl: Some(7),
        price_from: Some(100),
        price_to: Some(200),
        published_at: 30,
        verified: true,
        ..document(1, "Lọc nước", "")
    };
    let dryer = Document {
        kind: Kind::Listing,
        organization_id: Uuid::from_u64_pair(8, 8),
        organization_kind: "enterprise".to_owned(),
        province: Some("79".to_owned()),
        research_field: Some("agriculture".to_owned()),
        ipc: vec!["F26B".to_owned()],
        transfer_forms: vec!["licence".to_owned()],
        trl: Some(9),
        price_from: Some(500),
        published_at: 10,
        ..document(2, "Máy sấy nước", "")
    };
    let wanted = Document {
        kind: Kind::Order,
        province: Some("01".to_owned()),
        research_field: Some("environment".to_owned()),
        ipc: vec!["c02f".to_owned()],
        trl: Some(4),
        price_to: Some(150),
        language: "en".to_owned(),
        published_at: 20,
        ..document(3, "Cần lọc nước", "")
    };
    put(index, [water, dryer, wanted, document(4, "Nước ngọt", "")]);
}

fn filtered(index: &dyn SearchIndex, filters: Filters) -> Vec<u64> {
    let hits = ask(index, &Query { text: "nước".to_owned(), filters, ..Query::default() });
    assert_eq!(hits.total, hits.hits.len());
    let mut found = numbers(&hits);
    found.sort_unstable();
    found
}

/// A document may keep its owner to itself; then nothing of an owner finds it or counts it.
pub(in crate::search) fn hidden_owners_are_in_no_facet(index: &dyn SearchIndex) {
    let hidden =
        Document { organization_id: Uuid::nil(), organization_kind: String::new(), ..document(1, "Lọc nước", "") };
    put(index, [hidden, document(2, "Lọc nước", "")]);
    let hits = ask(index, &Query { text: "nước".to_owned(), facets: true, ..Query::default() });
    assert_eq!(hits.total, 2);
    let kinds = hits.facets.iter().find(|facet| facet.name == "organization_kind");
    assert_eq!(kinds.map(|facet| facet.values.clone()), Some(vec![("university".to_owned(), 1)]));
    let of = |id| Filters { organization_id: Some(id), ..Filters::default() };
    assert_eq!(filtered(index, of(Uuid::nil())), Vec::<u64>::new());
    assert_eq!(filtered(index, of(Uuid::from_u64_pair(7, 7))), [2]);
}

fn list(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

pub(in crate::search) fn each_filter_holds(index: &dyn SearchIndex) {
    fill(index);
    let none = Filters::default;
    for (filters, expected) in [
        (none(), vec![1, 2, 3, 4]),
        (Filters { kinds: vec![Kind::Order], ..none() }, vec![3]),
        (Filters { kinds: vec![Kind::Order, Kind::Listing], ..none() }, vec![1, 2, 3, 4]),
        (Filters { research_fields: list(&["environment"]), ..none() }, vec![1, 3]),
        (Filters { transfer_forms: list(&["assignment", "spin_off"]), ..none() }, vec![1]),
        (Filters { organization_id: Some(Uuid::from_u64_pair(8, 8)), ..none() }, vec![2]),
        (Filters { organization_kinds: list(&["enterprise"]), ..none() }, vec![2]),
        (Filters { provinces: list(&["01", "79"]), ..none() }, vec![1, 2, 3]),
        (Filters { languages: list(&["en"]), ..none() }, vec![3]),
        (Filters { trl_min: Some(5), ..none() }, vec![1, 2]),
        (Filters { trl_max: Some(7), ..none() }, vec![1, 3]),
        (Filters { trl_min: Some(8), trl_max: Some(5), ..none() }, vec![]),
        (Filters { verified_only: true, ..none() }, vec![1]),
        (Filters { published_after: Some(10), ..none() }, vec![1, 3]),
        (Filters { provinces: list(&["01"]), trl_min: Some(5), ..none() }, vec![1]),
        (Filters { provinces: list(&["nowhere"]), ..none() }, vec![]),
    ] {
        assert_eq!(filtered(index, filters.clone()), expected, "{filters:?}");
    }
}

pub(in crate::search) fn ipc_filters_by_beginning(index: &dyn SearchIndex) {
    fill(index);
    let by = |symbols: &[&str]| filtered(index, Filters { ipc: list(symbols), ..Filters::default() });
    assert_eq!(by(&["C"]), [1, 3]);
    assert_eq!(by(&["C02"]), [1, 3]);
    assert_eq!(by(&["c02f"]), [1, 3]);
    assert_eq!(by(&["C02F 1/28"]), [1]);
    assert_eq!(by(&["C02F3", "F26"]), [1, 2]);
    assert_eq!(by(&["02F"]), Vec::<u64>::new());
}

pub(in crate::search) fn prices_overlap(index: &dyn SearchIndex) {
    fill(index);
    let between = |min, max| filtered(index, Filters { price_min: min, price_max: max, ..Filters::default() });
    assert_eq!(between(None, Some(99)), [3]);
    assert_eq!(between(None, Some(100)), [1, 3]);
    assert_eq!(between(Some(200), None), [1, 2]);
    assert_eq!(between(Some(201), Some(499)), Vec::<u64>::new());
    assert_eq!(between(Some(201), Some(10_000)), [2]);
}

fn facet(index: &dyn SearchIndex, name: &str, filters: Filters) -> Vec<(String, usize)> {
    let query = Query { text: "nuoc".to_owned(), filters, facets: true, limit: 1, ..Query::default() };
    let facets = ask(index, &query).facets;
    facets.into_iter().find(|facet| facet.name == name).expect("facet").values
}

fn counts(values: &[(&str, usize)]) -> Vec<(String, usize)> {
    values.iter().map(|(value, count)| ((*value).to_owned(), *count)).collect()
}

pub(in crate::search) fn facets_count_all_matches(index: &dyn SearchIndex) {
    fill(index);
    for (name, expected) in [
        ("kind", counts(&[("listing", 3), ("order", 1)])),
        ("research_field", counts(&[("environment", 2), ("agriculture", 1)])),
        ("ipc", counts(&[("C02", 2), ("B01", 1), ("F26", 1)])),
        ("transfer_form", counts(&[("licence", 2), ("assignment", 1)])),
        ("organization_kind", counts(&[("university", 3), ("enterprise", 1)])),
        ("province", counts(&[("01", 2), ("79", 1)])),
        ("language", counts(&[("vi", 3), ("en", 1)])),
        ("trl", counts(&[("4", 1), ("7", 1), ("9", 1)])),
    ] {
        assert_eq!(facet(index, name, Filters::default()), expected, "{name}");
    }
    assert!(ask(index, &Query::default()).facets.is_empty());
}

pub(in crate::search) fn facets_ignore_their_own_filter(index: &dyn SearchIndex) {
    fill(index);
    let chosen = || Filters { provinces: list(&["01"]), ..Filters::default() };
    assert_eq!(facet(index, "province", chosen()), counts(&[("01", 2), ("79", 1)]));
    assert_eq!(facet(index, "kind", chosen()), counts(&[("listing", 1), ("order", 1)]));
    let both = || Filters { kinds: vec![Kind::Listing], ..chosen() };
    assert_eq!(facet(index, "province", both()), counts(&[("01", 1), ("79", 1)]));
    assert_eq!(facet(index, "kind", both()), counts(&[("listing", 1), ("order", 1)]));
    assert_eq!(facet(index, "language", both()), counts(&[("vi", 1)]));
}

pub(in crate::search) fn sorts_put_missing_values_last(index: &dyn SearchIndex) {
    fill(index);
    for (sort, expected) in [
        (Sort::PublishedAtDesc, [1, 3, 2, 4]),
        (Sort::PriceAsc, [3, 1, 2, 4]),
        (Sort::PriceDesc, [2, 1, 3, 4]),
        (Sort::TrlDesc, [2, 1, 3, 4]),
        (Sort::TrlAsc, [3, 1, 2, 4]),
        (Sort::PublishedAtAsc, [4, 2, 3, 1]),
    ] {
        for text in ["nước", ""] {
            let query = Query { text: text.to_owned(), sort, ..Query::default() };
            assert_eq!(numbers(&ask(index, &query)), expected, "{sort:?}");
        }
    }
}

pub(in crate::search) fn pages_do_not_overlap(index: &dyn SearchIndex) {
    put(index, (1..=25).rev().map(|number| document(number, "Cùng một tên", "")));
    for text in ["cùng một tên", ""] {
        let mut found = Vec::new();
        for offset in [0, 10, 20, 30] {
            let query = Query { text: text.to_owned(), limit: 10, offset, ..Query::default() };
            let hits = ask(index, &query);
            assert_eq!(hits.total, 25);
            found.extend(hits.hits.into_iter().map(|hit| hit.id));
        }
        // All are equal, so the ids decide.
        assert_eq!(found, (1..=25).map(id).collect::<Vec<_>>());
    }
    let beyond = Query { offset: usize::MAX, limit: usize::MAX, ..Query::default() };
    assert!(ask(index, &beyond).hits.is_empty());
}

pub(in crate::search) fn no_text_answers_newest_first(index: &dyn SearchIndex) {
    fill(index);
    let hits = ask(index, &Query { text: "  ".to_owned(), highlight: true, ..Query::default() });
    assert_eq!((numbers(&hits), hits.total), (vec![1, 3, 2, 4], 4));
    assert!(hits.hits.iter().all(|hit| hit.highlights.is_empty() && hit.score == 0.0));
}
