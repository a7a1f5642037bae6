//! `techex backup` and `techex restore`: what was there comes back, on either database, and nothing else is harmed.

use flate2::read::GzDecoder;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::harness::{Engine, Exchange, TestDatabase, listing, order, techex, techex_on};
use crate::{on_both, rows};

/// Something in most tables, and an attachment.
fn furnish(x: &Exchange) {
    let member = x.researcher();
    let mut content = listing("Màng lọc nước \"sạch\" \u{1F600} đ");
    content["description"] = json!("Dòng một\nDòng hai\tcó ' và \\ và \u{2028}.");
    member.publish_listing(x, &content);
    member.post(&member.orders(), &order("Đặt hàng")).expect(201);
    let folder = x.folder.path().join("operator/data/files/ab");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("0001"), b"an attachment").expect("a file");
}

fn backup(x: &Exchange, name: &str) -> PathBuf {
    techex(x, &["backup", name]).says("tables");
    x.folder.path().join("operator").join(name)
}

/// The rows of each table of a backup, in no order.
fn contents(backup: &Path) -> BTreeMap<String, Vec<String>> {
    let entries = std::fs::read_dir(backup.join("tables")).expect("a folder").flatten();
    entries
        .map(|entry| {
            let mut text = String::new();
            let file = std::fs::File::open(entry.path()).expect("a table");
            GzDecoder::new(file).read_to_string(&mut text).expect("lines");
            // PostgreSQL spaces JSON as it likes.
            let value = |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("JSON").to_string();
            let mut lines: Vec<_> = text.lines().map(value).collect();
            lines.sort();
            (entry.file_name().to_string_lossy().into_owned(), lines)
        })
        .collect()
}

fn restore(x: &Exchange, url: &str, data: &str) {
    techex_on(x, &["restore", "saved", "--database-url", url, "--data-dir", data]).says("documents indexed");
}

/// An empty database of the other kind or of the same; the test's folder is its own.
fn empty(x: &Exchange, engine: Engine) -> TestDatabase {
    let folder = x.folder.path().join("other");
    std::fs::create_dir_all(&folder).expect("a folder");
    TestDatabase::create(engine, &folder)
}

on_both! {
    fn everything_comes_back_on_either_database(x) {
        furnish(x);
        let saved = backup(x, "saved");
        let before = contents(&saved);
        assert!(["users", "listings", "orders", "labels", "audit_log"].iter().all(|table| {
            !before[&format!("{table}.jsonl.gz")].is_empty()
        }));
        for (number, engine) in [Some(Engine::Sqlite), Engine::postgres()].into_iter().flatten().enumerate() {
            let target = empty(x, engine);
            let data = format!("data-{number}");
            restore(x, &target.url, &data);
            let attachment = x.folder.path().join("operator").join(&data).join("files/ab/0001");
            assert_eq!(std::fs::read(attachment).expect("the attachment"), b"an attachment");
            let again = format!("again-{number}");
            techex_on(x, &["backup", &again, "--database-url", &target.url, "--data-dir", &data]).says("1 files");
            let after = contents(&x.folder.path().join("operator").join(again));
            for (table, lines) in &before {
                let normal = |lines: &[String]| {
                    let mut lines: Vec<_> = lines.iter().map(|line| normal(line)).collect();
                    lines.sort();
                    lines
                };
                assert!(normal(lines) == normal(&after[table]), "{table}: {lines:#?} became {:#?}", after[table]);
            }
            assert_eq!(before.len(), after.len());
        }
    }

    fn a_backup_is_whole_or_it_is_refused(x) {
        furnish(x);
        let saved = backup(x, "saved");
        techex(x, &["restore", "saved", "--check"]).says("is whole");
        techex(x, &["backup", "saved"]).refuses("saved exists");
        let attachment = saved.join("files/ab/0001");
        std::fs::write(&attachment, b"another attachment").expect("a file");
        techex(x, &["restore", "saved", "--check"]).refuses("files/ab/0001 is not what was backed up");
        std::fs::remove_file(&attachment).expect("it goes");
        techex(x, &["restore", "saved", "--check"]).refuses("files/ab/0001: No such file");
        std::fs::remove_file(saved.join("SHA256SUMS")).expect("it goes");
        techex(x, &["restore", "saved", "--check"]).refuses("SHA256SUMS");
    }

    fn nothing_is_restored_over_what_is_there(x) {
        furnish(x);
        backup(x, "saved");
        let users = rows::count(x.database_url(), "users");
        techex(x, &["restore", "saved"]).refuses("the database holds an exchange");
        // The exchange of the test is using it.
        techex(x, &["restore", "saved", "--replace"]).refuses("stop the servers first");
        assert_eq!(rows::count(x.database_url(), "users"), users);
    }

    fn an_exchange_is_replaced_when_told_so(x) {
        furnish(x);
        let saved = backup(x, "saved");
        let engine = if x.database_url().starts_with("sqlite:") { Some(Engine::Sqlite) } else { Engine::postgres() };
        let target = empty(x, engine.expect("the engine of the test"));
        restore(x, &target.url, "elsewhere");
        let arguments = ["restore", "saved", "--database-url", &target.url, "--data-dir", "elsewhere"];
        techex_on(x, &arguments).refuses("--replace");
        techex_on(x, &[&arguments[..], &["--replace"]].concat()).says("elsewhere/files.before-1");
        let again = ["backup", "again", "--database-url", &target.url, "--data-dir", "elsewhere"];
        techex_on(x, &again).says("1 files");
        assert_eq!(contents(&saved), contents(&x.folder.path().join("operator/again")));
    }

    fn a_row_too_few_is_noticed_and_nothing_stays(x) {
        furnish(x);
        let saved = backup(x, "saved");
        let manifest = saved.join("manifest.json");
        let text = std::fs::read_to_string(&manifest).expect("a manifest");
        let mut told: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let users = told["tables"].as_array_mut().expect("tables").iter_mut().find(|table| table["name"] == "users");
        users.expect("users")["rows"] = json!(99);
        std::fs::write(&manifest, told.to_string()).expect("written");
        techex(x, &["restore", "saved", "--check"]).refuses("manifest.json is not what was backed up");
        let sums = saved.join("SHA256SUMS");
        let listed = std::fs::read_to_string(&sums).expect("sums");
        let kept: Vec<_> = listed.lines().filter(|line| !line.ends_with("manifest.json")).collect();
        let digest = techex::kernel::digest::sha256_hex(told.to_string().as_bytes());
        std::fs::write(&sums, format!("{}\n{digest}  manifest.json\n", kept.join("\n"))).expect("written");
        let target = empty(x, Engine::Sqlite);
        let arguments = ["restore", "saved", "--database-url", &target.url, "--data-dir", "elsewhere"];
        techex_on(x, &arguments).refuses("users has");
        assert_eq!(rows::count(&target.url, "users"), 0);
    }
}

/// A row whose documents are compared by what they say: PostgreSQL orders their fields in its own way.
fn normal(line: &str) -> String {
    let mut values: serde_json::Value = serde_json::from_str(line).expect("JSON");
    for value in values.as_array_mut().expect("a row") {
        let document = value.as_str().filter(|text| text.starts_with(['{', '[']));
        if let Some(document) = document.and_then(|text| serde_json::from_str(text).ok()) {
            *value = document;
        }
    }
    values.to_string()
}

#[test]
fn tables_of_something_else_are_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("other.db").display());
    rows::execute(&url, "CREATE TABLE recipes (name TEXT)").expect("a table");
    let x = Exchange::start_with(Engine::Sqlite, |_| {});
    backup(&x, "saved");
    techex_on(&x, &["restore", "saved", "--replace", "--database-url", &url, "--data-dir", "elsewhere"])
        .refuses("tables of something else");
    techex_on(&x, &["backup", "other", "--database-url", &url]).refuses("holds no exchange");
}
