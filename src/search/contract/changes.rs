//! Cases: changes and rebuilds.

use super::{document, find, id, put, put_titles};
use crate::search::{Change, Document, Kind, SearchError, SearchIndex};

pub(in crate::search) fn the_next_search_sees_a_change(index: &dyn SearchIndex) {
    assert_eq!(find(index, "lan"), Vec::<u64>::new());
    for number in 1..=12 {
        put(index, [document(number, "Hoa lan", "")]);
        assert_eq!(find(index, "hoa lan").len() as u64, number);
        assert_eq!(index.documents().expect("counted"), number);
    }
}

pub(in crate::search) fn a_put_replaces(index: &dyn SearchIndex) {
    put_titles(index, &["Hoa lan", "Hoa cúc"]);
    put(index, [document(1, "Hoa hồng", "")]);
    assert_eq!(find(index, "lan"), Vec::<u64>::new());
    assert_eq!(find(index, "hồng"), [1]);
    assert_eq!(index.documents().expect("counted"), 2);
    // Callers send current rows, so an older version is simply taken.
    put(index, [Document { version: 0, ..document(1, "Hoa mai", "") }]);
    assert_eq!(find(index, "mai"), [1]);
}

pub(in crate::search) fn removing_is_by_kind_and_id(index: &dyn SearchIndex) {
    put(index, [document(1, "Hoa lan", ""), Document { kind: Kind::Order, ..document(1, "Hoa lan", "") }]);
    index.apply(&[Change::Remove { kind: Kind::Listing, id: id(1) }]).expect("applied");
    assert_eq!(find(index, "hoa lan"), [1]);
    index.apply(&[Change::Remove { kind: Kind::Listing, id: id(1) }]).expect("applied twice");
    index.apply(&[Change::Remove { kind: Kind::Order, id: id(1) }]).expect("applied");
    assert_eq!(find(index, "hoa lan"), Vec::<u64>::new());
    assert_eq!(index.documents().expect("counted"), 0);
}

pub(in crate::search) fn the_last_change_of_a_batch_wins(index: &dyn SearchIndex) {
    let set = |number, title| Change::Put(Box::new(document(number, title, "")));
    let remove = |number| Change::Remove { kind: Kind::Listing, id: id(number) };
    let batch = [
        set(1, "Hoa lan"),
        set(1, "Hoa cúc"),
        set(2, "Hoa lan"),
        remove(2),
        set(3, "Hoa"),
        remove(3),
        set(3, "Hoa cúc"),
    ];
    index.apply(&batch).expect("applied");
    index.apply(&[]).expect("nothing to do");
    assert_eq!(find(index, "lan "), Vec::<u64>::new());
    assert_eq!(find(index, "cúc"), [1, 3]);
}

pub(in crate::search) fn a_rebuild_replaces_everything(index: &dyn SearchIndex) {
    put_titles(index, &["Hoa lan", "Hoa cúc"]);
    let documents = (2..=300).map(|number| Ok(document(number, "Hoa hồng", "")));
    assert_eq!(index.rebuild(&mut { documents }).expect("rebuilt"), 299);
    assert_eq!(find(index, "lan"), Vec::<u64>::new());
    assert_eq!(find(index, "hồng").first(), Some(&2));
    assert_eq!(index.documents().expect("counted"), 299);
    assert!(!index.health().expect("health").needs_rebuild);
    put(index, [document(1, "Hoa lan", "")]);
    assert_eq!(find(index, "lan").first(), Some(&1));
    assert_eq!(index.rebuild(&mut std::iter::empty()).expect("rebuilt"), 0);
    assert_eq!(index.documents().expect("counted"), 0);
}

pub(in crate::search) fn a_failed_rebuild_changes_nothing(index: &dyn SearchIndex) {
    put_titles(index, &["Hoa lan"]);
    let broken = [Ok(document(2, "Hoa cúc", "")), Err(SearchError::Source("the database went away".into()))];
    let outcome = index.rebuild(&mut broken.into_iter());
    assert!(matches!(outcome, Err(SearchError::Source(_))), "{outcome:?}");
    assert_eq!(find(index, "hoa"), [1]);
    put(index, [document(3, "Hoa mai", "")]);
    assert_eq!(find(index, "hoa"), [1, 3]);
}

pub(in crate::search) fn changes_during_a_rebuild_are_kept(index: &dyn SearchIndex) {
    put_titles(index, &["Hoa lan", "Hoa cúc"]);
    // While the second document is read, another thread changes both and adds a third.
    let documents = (1..=2).map(|number| {
        if number == 2 {
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    put(index, [document(1, "Hoa hồng", ""), document(3, "Hoa mai", "")]);
                    index.apply(&[Change::Remove { kind: Kind::Listing, id: id(2) }]).expect("applied");
                    assert_eq!(find(index, "hoa"), [1, 3], "searches see the change at once");
                });
            });
        }
        Ok(document(number, "Hoa cũ", ""))
    });
    index.rebuild(&mut { documents }).expect("rebuilt");
    assert_eq!(find(index, "hoa"), [1, 3]);
    assert_eq!(find(index, "hồng"), [1]);
}

pub(in crate::search) fn searches_and_changes_may_run_together(index: &dyn SearchIndex) {
    put_titles(index, &["Hoa lan"]);
    std::thread::scope(|scope| {
        let writing: Vec<_> = (0..2)
            .map(|thread| {
                scope.spawn(move || {
                    for number in 1..=5 {
                        put(index, [document(100 * thread + number + 1, "Hoa lan", "")]);
                    }
                })
            })
            .collect();
        scope.spawn(move || index.rebuild(&mut (1..=50).map(|number| Ok(document(1000 + number, "Hoa lan", "")))));
        while !writing.iter().all(|thread| thread.is_finished()) {
            assert!(!find(index, "hoa lan").is_empty());
        }
    });
    // Whatever the order was, a last rebuild makes it known.
    index.rebuild(&mut (1..=4).map(|number| Ok(document(number, "Hoa lan", "")))).expect("rebuilt");
    assert_eq!(find(index, "hoa lan"), [1, 2, 3, 4]);
}
