//! The contract on the embedded engine, and what is its own: reopening, locking, versions, damage.

use std::fs;
use std::path::{Path, PathBuf};

use super::EmbeddedIndex;
use crate::search::contract::{contract_tests, document, find, put, put_titles};
use crate::search::{SearchError, SearchIndex};

fn with_empty(case: &dyn Fn(&dyn SearchIndex)) {
    let folder = tempfile::tempdir().expect("folder");
    case(&open(folder.path()));
}

contract_tests!(super::with_empty);

fn open(path: &Path) -> EmbeddedIndex {
    EmbeddedIndex::open(path).expect("opened")
}

/// A folder with a complete index of one document, closed.
fn built() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("folder");
    let index = open(folder.path());
    index.rebuild(&mut std::iter::once(Ok(document(1, "Hoa lan", "")))).expect("rebuilt");
    folder
}

fn indexes(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("listed").map(|entry| entry.expect("entry").path());
    entries.filter(|path| path.is_dir()).collect()
}

#[test]
fn reopening_finds_what_was_written() {
    let folder = built();
    {
        let index = open(folder.path());
        assert!(!index.needs_rebuild());
        put(&index, [document(2, "Hoa cúc", "")]);
    }
    let index = open(folder.path());
    assert_eq!(find(&index, "hoa"), [1, 2]);
    assert!(!index.needs_rebuild());
}

#[test]
fn a_new_index_needs_a_rebuild_until_it_has_had_one() {
    let folder = tempfile::tempdir().expect("folder");
    {
        let index = open(folder.path());
        assert!(index.needs_rebuild());
        put_titles(&index, &["Hoa lan"]);
    }
    let index = open(folder.path());
    assert!(index.needs_rebuild() && index.health().expect("health").needs_rebuild);
    assert_eq!(find(&index, "hoa"), [1]);
    index.rebuild(&mut std::iter::empty()).expect("rebuilt");
    assert!(!index.needs_rebuild());
}

#[test]
fn a_folder_in_use_is_refused() {
    let folder = built();
    let index = open(folder.path());
    assert!(matches!(EmbeddedIndex::open(folder.path()), Err(SearchError::Locked(path)) if path == folder.path()));
    drop(index);
    open(folder.path());
}

#[test]
fn an_index_of_another_version_starts_empty() {
    let folder = built();
    let marker = folder.path().join("current.json");
    let written = fs::read_to_string(&marker).expect("read");
    let other = written.replace(&format!("\"format\":{}", super::schema::FORMAT), "\"format\":0");
    assert_ne!(written, other);
    fs::write(&marker, other).expect("written");
    let index = open(folder.path());
    assert!(index.needs_rebuild());
    assert_eq!(index.documents().expect("counted"), 0);
    assert_eq!(indexes(folder.path()).len(), 1);
}

#[test]
fn what_a_crash_left_is_cleaned_away() {
    let folder = built();
    // A rebuild that was cut short, and a marker that was never put in place.
    for left in ["index-7", "index-99"] {
        fs::create_dir(folder.path().join(left)).expect("made");
        fs::write(folder.path().join(left).join("half.store"), "half").expect("written");
    }
    fs::write(folder.path().join("current.json.new"), "{\"form").expect("written");
    let index = open(folder.path());
    assert_eq!(find(&index, "hoa"), [1]);
    assert_eq!(indexes(folder.path()).len(), 1);
    assert_eq!(index.rebuild(&mut std::iter::once(Ok(document(2, "Hoa cúc", "")))).expect("rebuilt"), 1);
    assert_eq!(find(&index, "hoa"), [2]);
    assert_eq!(indexes(folder.path()).len(), 1);
}

#[test]
fn any_damaged_file_means_an_empty_index_to_be_rebuilt() {
    let damages: [fn(&Path); 3] = [
        |file| fs::remove_file(file).expect("removed"),
        |file| fs::write(file, "").expect("emptied"),
        |file| {
            let mut bytes = fs::read(file).expect("read");
            let middle = bytes.len() / 3;
            bytes[middle] ^= 0x55;
            fs::write(file, bytes).expect("written");
        },
    ];
    let names = |folder: &Path| -> Vec<PathBuf> {
        let inside = indexes(folder).into_iter().flat_map(|index| fs::read_dir(index).expect("listed"));
        let files = inside.map(|entry| entry.expect("entry").path());
        files.filter(|path| path.extension().is_none_or(|kind| kind != "lock") && !hidden(path)).collect()
    };
    let count = names(built().path()).len();
    assert!(count > 5);
    for damage in damages {
        for number in 0..count {
            let folder = built();
            let mut files = names(folder.path());
            files.sort_by_key(|path| path.extension().map(|kind| kind.to_owned()));
            damage(&files[number]);
            let index = open(folder.path());
            let setting = files[number].extension().is_some_and(|kind| kind == "json");
            // A changed byte in a setting nobody reads is the one damage that may pass.
            let harmless = setting && find(&index, "hoa") == [1];
            assert!(index.needs_rebuild() || harmless, "{:?}", files[number]);
            index.rebuild(&mut std::iter::once(Ok(document(1, "Hoa lan", "")))).expect("rebuilt");
            assert_eq!(find(&index, "hoa"), [1]);
        }
    }
}

fn hidden(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with('.'))
}
