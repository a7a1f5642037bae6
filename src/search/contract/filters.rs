//! Cases: filters, facets, orders and pages.

use uuid::Uuid;

use super::{ask, document, id, labels, numbers, put};
use crate::search::Dimension::{
    IpKind, Ipc, Keyword, Language, OrganizationKind, Province, ResearchField, Sdg, TransferForm, Vsic,
};
use crate::search::{Dimension, Document, Filters, Kind, Query, SearchIndex, Sort};

/// Four different documents.
fn fill(index: &dyn SearchIndex) {
    let water = Document {
        labels: labels(&[
            (Language, "vi"),
            (OrganizationKind, "university"),
            (Province, "01"),
            (ResearchField, "environment"),
            (Ipc, "C"),
            (Ipc, "C02"),
            (Ipc, "C02F"),
            (Ipc, "C02F 1/28"),
            (Ipc, "B"),
            (Ipc, "B01"),
            (Ipc, "B01D"),
            (Vsic, "37"),
            (Vsic, "370"),
            (TransferForm, "licence"),
            (TransferForm, "assignment"),
            (Keyword, "loc nuoc"),
        ]),
        trl: Some(7),
        price_from: Some(100),
        price_to: Some(200),
        published_at: 30,
        confirmed_at: Some(25),
        verified: true,
        ..document(1, "Lọc nước", "")
    };
    let dryer = Document {
        organization_id: Uuid::from_u64_pair(8, 8),
        labels: labels(&[
            (Language, "vi"),
            (OrganizationKind, "enterprise"),
            (Province, "79"),
            (ResearchField, "agriculture"),
            (Ipc, "F"),
            (Ipc, "F26"),
            (Ipc, "F26B"),
            (Vsic, "28"),
            (Vsic, "37"),
            (TransferForm, "licence"),
            (IpKind, "patent"),
            (Sdg, "2"),
        ]),
        trl: Some(9),
        price_from: Some(500),
        published_at: 10,
        confirmed_at: Some(40),
        ..document(2, "Máy sấy nước", "")
    };
    let wanted = Document {
        kind: Kind::Order,
        labels: labels(&[
            (Language, "en"),
            (OrganizationKind, "university"),
            (Province, "01"),
            (ResearchField, "environment"),
            (Ipc, "C"),
            (Ipc, "C02"),
            (Ipc, "C02F"),
        ]),
        trl: Some(4),
        price_to: Some(150),
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
        Document {
            organization_id: Uuid::nil(), labels: labels(&[(Language, "vi")]), ..document(1, "Lọc nước", "")
        };
    put(index, [hidden, document(2, "Lọc nước", "")]);
    let hits = ask(index, &Query { text: "nước".to_owned(), facets: true, ..Query::default() });
    assert_eq!(hits.total, 2);
    let kinds = hits.facets.iter().find(|facet| facet.name == "organization_kind");
    assert_eq!(kinds.map(|facet| facet.values.clone()), Some(vec![("university".to_owned(), 1)]));
    let of = |id| Filters { organization_id: Some(id), ..Filters::default() };
    assert_eq!(filtered(index, of(Uuid::nil())), Vec::<u64>::new());
    assert_eq!(filtered(index, of(Uuid::from_u64_pair(7, 7))), [2]);
}

/// A filter by labels of one dimension.
fn any_of(dimension: Dimension, wanted: &[&str]) -> Filters {
    let wanted = wanted.iter().map(|label| (*label).to_owned()).collect();
    Filters { labels: vec![(dimension, wanted)], ..Filters::default() }
}

pub(in crate::search) fn each_filter_holds(index: &dyn SearchIndex) {
    fill(index);
    let none = Filters::default;
    for (filters, expected) in [
        (none(), vec![1, 2, 3, 4]),
        (Filters { kinds: vec![Kind::Order], ..none() }, vec![3]),
        (Filters { kinds: vec![Kind::Order, Kind::Listing], ..none() }, vec![1, 2, 3, 4]),
        (any_of(ResearchField, &["environment"]), vec![1, 3]),
        (any_of(TransferForm, &["assignment", "spin_off"]), vec![1]),
        (Filters { organization_id: Some(Uuid::from_u64_pair(8, 8)), ..none() }, vec![2]),
        (any_of(OrganizationKind, &["enterprise"]), vec![2]),
        (any_of(Province, &["01", "79"]), vec![1, 2, 3]),
        (any_of(Language, &["en"]), vec![3]),
        (any_of(Keyword, &["loc nuoc"]), vec![1]),
        (any_of(Keyword, &["loc"]), vec![]),
        (Filters { trl_min: Some(5), ..none() }, vec![1, 2]),
        (Filters { trl_max: Some(7), ..none() }, vec![1, 3]),
        (Filters { trl_min: Some(8), trl_max: Some(5), ..none() }, vec![]),
        (Filters { verified_only: true, ..none() }, vec![1]),
        (Filters { published_after: Some(10), ..none() }, vec![1, 3]),
        (Filters { confirmed_after: Some(24), ..none() }, vec![1, 2]),
        (Filters { confirmed_after: Some(25), ..none() }, vec![2]),
        (Filters { trl_min: Some(5), ..any_of(Province, &["01"]) }, vec![1]),
        (
            Filters { labels: [any_of(Province, &["01"]).labels, any_of(Vsic, &["37"]).labels].concat(), ..none() },
            vec![1],
        ),
        (any_of(Province, &["nowhere"]), vec![]),
    ] {
        assert_eq!(filtered(index, filters.clone()), expected, "{filters:?}");
    }
}

pub(in crate::search) fn every_label_finds(index: &dyn SearchIndex) {
    for (number, dimension) in (1..).zip(Dimension::ALL) {
        let label = format!("Label {number}: \"a\\b\"");
        put(index, [Document { labels: vec![(dimension, label)], ..document(number, "Nước", "") }]);
    }
    // Kind and readiness level have filters of their own.
    for (number, dimension) in
        (1..).zip(Dimension::ALL).filter(|(_, it)| ![Dimension::Kind, Dimension::Trl].contains(it))
    {
        let label = format!("Label {number}: \"a\\b\"");
        assert_eq!(filtered(index, any_of(dimension, &[&label])), [number], "{dimension:?}");
        assert_eq!(filtered(index, any_of(dimension, &["Label"])), [0_u64; 0], "{dimension:?}");
    }
}

/// A section of a classification stands for everything below it.
pub(in crate::search) fn many_labels_are_no_burden(index: &dyn SearchIndex) {
    fill(index);
    let many: Vec<String> = (10_000..12_000).map(|code| code.to_string()).chain(["28".to_owned()]).collect();
    assert_eq!(filtered(index, Filters { labels: vec![(Vsic, many)], ..Filters::default() }), [2]);
}

pub(in crate::search) fn levels_above_are_found_and_one_is_counted(index: &dyn SearchIndex) {
    fill(index);
    for (label, expected) in
        [("C", vec![1, 3]), ("C02", vec![1, 3]), ("C02F 1/28", vec![1]), ("F26", vec![2]), ("02F", vec![])]
    {
        assert_eq!(filtered(index, any_of(Ipc, &[label])), expected, "{label}");
    }
    assert_eq!(filtered(index, any_of(Ipc, &["C02F 1/28", "F"])), [1, 2]);
    assert_eq!(facet(index, "ipc", Filters::default()), counts(&[("C02", 2), ("B01", 1), ("F26", 1)]));
    // Without its own filter, at whatever level that is.
    assert_eq!(facet(index, "ipc", any_of(Ipc, &["C02F 1/28"])), counts(&[("C02", 2), ("B01", 1), ("F26", 1)]));
    assert_eq!(facet(index, "ipc", any_of(Vsic, &["370"])), counts(&[("B01", 1), ("C02", 1)]));
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
        ("vsic", counts(&[("37", 2), ("28", 1)])),
        ("sdg", counts(&[("2", 1)])),
        ("ip_kind", counts(&[("patent", 1)])),
        ("development_stage", Vec::new()),
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
    let chosen = || any_of(Province, &["01"]);
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
