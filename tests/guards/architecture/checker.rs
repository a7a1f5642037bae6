//! The checker on small made-up files: each rule has to refuse what it is there to refuse.

use super::{Source, violations};

/// What is found in one file beside a slice that has two resources.
fn found(path: &str, text: &str) -> Vec<String> {
    let source = |path: &str, text: &str| Source { path: path.to_owned(), text: format!("//! What it is.\n{text}") };
    let around = ["accounts/mod.rs", "accounts/users/mod.rs", "accounts/users/store.rs", "accounts/sessions.rs"];
    let mut sources: Vec<Source> = around.iter().filter(|other| **other != path).map(|path| source(path, "")).collect();
    sources.push(source(path, text));
    violations(&sources)
}

#[track_caller]
fn refused(path: &str, text: &str, line: usize, why: &str) {
    let found = found(path, text);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].starts_with(&format!("src/{path}:{line}: ")) && found[0].contains(why), "{found:#?}");
}

#[track_caller]
fn allowed(path: &str, text: &str) {
    assert_eq!(found(path, text), Vec::<String>::new());
}

#[test]
fn an_import_against_the_direction_is_found_however_it_is_written() {
    let why = "`kernel` may not import `db`";
    refused("kernel/id.rs", "use crate::db::Conn;", 2, why);
    refused("kernel/id.rs", "\nfn at(c: &mut crate::db::Conn) {}", 3, why);
    refused("kernel/id.rs", "use super::super::db::Conn;", 2, why);
    refused("kernel/id.rs", "use crate::{\n    kernel::clock,\n    db::Conn,\n};", 2, why);
    refused("kernel/id.rs", "pub(crate) use crate::{kernel::{clock, code}, db};", 2, why);
    refused("config/load.rs", "use crate::db::Conn;", 2, "`config` may not import `db`");
    refused("db/pool.rs", "use crate::config::Config;", 2, "`db` may not import `config`");
    refused("search/mod.rs", "use crate::app::App;", 2, "`search` may not import `app`");
    refused("http/router.rs", "use crate::accounts::Token;", 2, "`http` may not import `accounts`");
    refused("accounts/sessions.rs", "use crate::catalogue::Listing;", 2, "`accounts` may not import `catalogue`");
    refused("notifications/mod.rs", "use crate::matching::Listing;", 2, "`notifications` may not import `matching`");
    refused("extra.rs", "use crate::kernel::id::UserId;", 2, "`extra` has no row");
}

#[test]
fn an_import_along_the_direction_is_allowed() {
    allowed("kernel/id.rs", "use super::clock::At;\n// crate::db is not for us\n//! [`Conn`](crate::db::Conn)");
    allowed("kernel/id.rs", "#[diesel(sql_type = crate::db::types::Guid)]\nstruct A;");
    allowed("http/extract/call.rs", "use super::super::{etag, router::Gate};\nuse crate::app::App;");
    allowed("matching/score.rs", "use crate::accounts::{Role, User as Person};\nuse crate::catalogue::Listing;");
    allowed("wiring.rs", "use crate::transfer::operations;");
}

#[test]
fn the_kernel_names_sql_types_in_attributes_only() {
    refused("kernel/id.rs", "use crate::db::types::Guid;", 2, "`kernel` may not import `db`");
    refused("kernel/id.rs", "#[diesel(table_name = crate::db::Conn)]", 2, "`kernel` may not import `db`");
}

#[test]
fn a_slice_is_entered_by_its_front_door() {
    let why = "past what its mod.rs re-exports";
    refused("catalogue/mod.rs", "use crate::accounts::users::store::find;", 2, why);
    refused("catalogue/mod.rs", "use crate::accounts::{User, users::User as Other};", 2, why);
    refused("wiring.rs", "fn a() { crate::accounts::sessions::all() }", 2, why);
    refused("wiring.rs", "use crate::accounts::{self, User};\nfn a() { accounts::sessions::all() }", 3, why);
    allowed("catalogue/mod.rs", "use crate::accounts::User;\nuse crate::accounts::Role::Officer;");
    allowed("accounts/sessions.rs", "use super::users::store::find;\nuse crate::accounts::users::User;");
}

#[test]
fn tables_are_named_in_stores_only() {
    refused("accounts/users/list.rs", "use crate::db::schema::users;", 2, "outside a store.rs");
    refused("accounts/users/list.rs", "use crate::db::schema;", 2, "outside a store.rs");
    refused("accounts/users/list.rs", "use crate::db::{Conn, schema::users::dsl};", 2, "outside a store.rs");
    allowed("accounts/users/store.rs", "use crate::db::schema::users;");
    allowed("events/record.rs", "use crate::db::schema::outbox;");
    let row = "use crate::db::schema::users;\n#[diesel(table_name = users)]\nstruct User;";
    allowed("accounts/users/user.rs", row);
    refused("accounts/users/user.rs", &row.replace("users;", "users as t;"), 2, "outside a store.rs");
    refused("accounts/users/user.rs", &format!("{row}\nfn a() {{ users::table.load() }}"), 2, "outside a store.rs");
}

#[test]
fn engines_are_told_apart_in_the_database_layer_only() {
    let text = "fn a(c: &Conn) -> bool {\n    matches!(c, Conn::Pg(_))\n}";
    refused("accounts/users/store.rs", text, 3, "tells PostgreSQL and SQLite apart");
    allowed("events/queue.rs", text);
}

#[test]
fn nothing_panics_outside_tests() {
    for call in ["a.unwrap()", "a.expect(\"b\")", "panic!(\"b\")", "todo!()", "unimplemented!()"] {
        refused("kernel/id.rs", &format!("fn a() {{ {call} }}"), 2, "outside tests");
    }
    allowed("kernel/id.rs", "fn a() { b.unwrap_or(c) }\n#[cfg(test)]\nmod tests {\n    fn a() { b.unwrap() }\n}");
}

#[test]
fn tests_stand_at_the_end_or_in_their_own_file() {
    refused("kernel/id.rs", "#[cfg(test)]\nmod tests {\n}\n\nfn a() {}", 6, "after the test module");
    refused("kernel/id.rs", "#[cfg(test)]\nfn only_here() {}\nfn a() { b.unwrap() }", 4, "outside tests");
    let parent = Source { path: "search/mod.rs".into(), text: "//! A.\n#[cfg(test)]\npub mod contract;".into() };
    let child = Source { path: "search/contract/text.rs".into(), text: "//! A.\nfn a() { b.unwrap() }".into() };
    assert_eq!(violations(&[parent, child]), Vec::<String>::new());
}

#[test]
fn a_file_says_what_it_is_and_stays_short() {
    let silent = Source { path: "kernel/id.rs".into(), text: "use std::fmt;\n".into() };
    assert_eq!(violations(&[silent]), ["src/kernel/id.rs:1: does not start with a `//!` line that says what it is"]);
    let long = "//! A.\n".to_owned() + &"\n".repeat(400);
    let sources = ["kernel/id.rs", "db/schema.rs"].map(|path| Source { path: path.into(), text: long.clone() });
    assert_eq!(violations(&sources), ["src/kernel/id.rs:401: has 401 lines, more than 400"]);
}
