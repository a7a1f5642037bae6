//! `techex serve --demo`, run as somebody does who tries the exchange out.

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::harness::{Client, Engine, TestDatabase};
use crate::{on_each_engine, rows};

fn techex(folder: &Path, database: &str, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_techex"));
    command
        .current_dir(folder)
        .args(["serve", "--demo", "--database-url", database, "--data-dir", "data"])
        .args(["--set", "metrics.address=", "--set", "log.filter=error"])
        .args(more);
    command
}

/// A server with demonstration data; it ends with the test.
struct Demo {
    process: Child,
    visitor: Client,
    told: String,
}

impl Demo {
    fn start(folder: &Path, database: &str) -> Self {
        let mut process = techex(folder, database, &["--address", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut told = String::new();
        let mut lines = BufReader::new(process.stdout.take().expect("its output")).lines();
        let address = loop {
            let line = lines.next().unwrap_or_else(|| panic!("it ended early: {told}")).expect("text");
            told.push_str(&line);
            told.push('\n');
            if let Some(rest) = line.strip_prefix("Techex is ready at http://") {
                break rest.split(';').next().and_then(|address| address.parse().ok()).expect("an address");
            }
        };
        Self { process, visitor: Client::new(address), told }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Rows of everything the data consists of.
fn traces(url: &str) -> Vec<usize> {
    ["users", "organizations", "memberships", "verifications", "listings", "orders", "labels", "audit_log"]
        .map(|table| rows::count(url, table))
        .to_vec()
}

fn published(file: &str) -> usize {
    let items: Value = serde_json::from_str(file).expect("JSON");
    items.as_array().expect("items").iter().filter(|item| item["status"] == "published").count()
}

fn the_data_is_loaded_once(engine: Engine) {
    let folder = tempfile::tempdir().expect("a folder");
    let database = TestDatabase::create(engine, folder.path());
    let first = Demo::start(folder.path(), &database.url);
    let listings = published(include_str!("../../src/cli/demo/listings.json"));
    let orders = published(include_str!("../../src/cli/demo/orders.json"));
    let shown = |path: &str| first.visitor.get(path).expect(200).json()["items"].as_array().map(Vec::len);
    assert_eq!(shown("/v1/listings?limit=100"), Some(listings));
    assert_eq!(shown("/v1/orders?limit=100"), Some(orders));
    let found = first.visitor.get("/v1/search").expect(200).json();
    assert_eq!(found["total"], listings + orders, "everything is found as soon as it is ready");
    let before = traces(&database.url);
    drop(first);
    let second = Demo::start(folder.path(), &database.url);
    assert_eq!(traces(&database.url), before);
    assert_eq!(second.visitor.get("/v1/search").expect(200).json()["total"], listings + orders);
}

fn everybody_it_names_can_sign_in(engine: Engine) {
    let folder = tempfile::tempdir().expect("a folder");
    let database = TestDatabase::create(engine, folder.path());
    let demo = Demo::start(folder.path(), &database.url);
    let password =
        demo.told.split("all with the password ").nth(1).and_then(|rest| rest.split(':').next()).expect("a password");
    let accounts: Value = serde_json::from_str(include_str!("../../src/cli/demo/accounts.json")).expect("JSON");
    for account in accounts.as_array().expect("accounts") {
        let email = account["email"].as_str().expect("an address");
        assert!(demo.told.contains(email), "{}", demo.told);
        let person = demo.visitor.sign_in(email, password);
        let queue = person.get("/v1/moderation/listings");
        let _ = if email.starts_with("officer@") { queue.expect(200) } else { queue.expect(403) };
    }
}

fn production_refuses_it(engine: Engine) {
    let folder = tempfile::tempdir().expect("a folder");
    let database = TestDatabase::create(engine, folder.path());
    // An address that is taken: if it did not refuse, it would end with another complaint.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let production = [
        "--address",
        &address,
        "--set",
        "mode=production",
        "--set",
        "server.public_url=https://techex.example.vn",
        "--set",
        "auth.secret=a secret that is long enough for production",
    ];
    let output = techex(folder.path(), &database.url, &production).output().expect("the command runs");
    assert!(!output.status.success());
    let complaint = String::from_utf8(output.stderr).expect("text");
    assert_eq!(complaint, "techex: demonstration data is refused in production mode\n");
    assert_eq!(traces(&database.url).iter().sum::<usize>(), 0, "nothing was written");
}

on_each_engine! { the_data_is_loaded_once everybody_it_names_can_sign_in production_refuses_it }
