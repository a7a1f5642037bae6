//! The contract on a live server where one is at hand (`MEILI_URL`, `MEILI_KEY`), and what a failing server does, which a
//! scripted one shows.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::runtime::Runtime;
use wiremock::matchers::{method, path_regex};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{MeilisearchIndex, MeilisearchOptions};
use crate::kernel::clock::{At, ManualClock};
use crate::kernel::digest::random_token;
use crate::search::contract::{contract_tests, document, find, put, put_titles};
use crate::search::{Change, Query, SearchError, SearchIndex};

/// An index with a prefix of its own, which is removed afterwards.
struct Live(MeilisearchIndex);

impl Live {
    /// An empty index on the live server, if there is one.
    fn start() -> Option<Live> {
        let url = std::env::var("MEILI_URL").ok().filter(|url| !url.is_empty());
        let Some(url) = url else {
            println!("skipped: MEILI_URL names no Meilisearch server");
            return None;
        };
        let prefix = format!("test-{}", random_token().expect("a token"));
        let live = Live(index(&url, &std::env::var("MEILI_KEY").unwrap_or_default(), &prefix));
        live.0.rebuild(&mut std::iter::empty()).expect("made");
        Some(live)
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.0.clean(&self.0.live.clone());
    }
}

fn index(url: &str, key: &str, prefix: &str) -> MeilisearchIndex {
    let options = MeilisearchOptions { url: url.to_owned(), key: key.to_owned(), prefix: prefix.to_owned() };
    MeilisearchIndex::new(&options, Arc::new(ManualClock::new(At::sample()))).expect("usable")
}

fn with_empty(case: &dyn Fn(&dyn SearchIndex)) {
    if let Some(live) = Live::start() {
        case(&live.0);
    }
}

contract_tests!(super::with_empty);

#[test]
fn a_lost_index_takes_no_changes_until_it_is_built() {
    let Some(live) = Live::start() else { return };
    put_titles(&live.0, &["Hoa lan"]);
    live.0.clean(&live.0.live);
    assert!(live.0.health().expect("health").needs_rebuild);
    let change = Change::Put(Box::new(document(2, "Hoa cúc", "")));
    assert!(live.0.apply(std::slice::from_ref(&change)).is_err());
    assert!(live.0.search(&Query::default()).is_err());
    live.0.rebuild(&mut std::iter::once(Ok(document(1, "Hoa lan", "")))).expect("rebuilt");
    live.0.apply(&[change]).expect("applied");
    assert_eq!(find(&live.0, "hoa"), [1, 2]);
}

#[test]
fn two_processes_see_the_same_and_may_both_rebuild() {
    let Some(live) = Live::start() else { return };
    let prefix = live.0.live.rsplit_once('_').expect("a version").0.to_owned();
    let other = index(live.0.link.client.get_host(), &std::env::var("MEILI_KEY").unwrap_or_default(), &prefix);
    put(&live.0, [document(1, "Hoa lan", "")]);
    assert_eq!(find(&other, "lan"), [1]);
    std::thread::scope(|scope| {
        for index in [&live.0, &other] {
            scope.spawn(|| {
                index.rebuild(&mut (1..=200).map(|number| Ok(document(number, "Hoa cúc", "")))).expect("built")
            });
        }
    });
    for index in [&live.0, &other] {
        assert_eq!(index.documents().expect("counted"), 200);
        assert_eq!(find(index, "lan"), [0_u64; 0]);
    }
}

/// A server that answers as it is told to.
struct Scripted {
    runtime: Runtime,
    server: MockServer,
}

impl Scripted {
    fn start() -> Scripted {
        let runtime = Runtime::new().expect("threads");
        let server = runtime.block_on(MockServer::start());
        Scripted { runtime, server }
    }

    /// Answers requests whose path looks like this.
    fn on(&self, verb: &str, path: &str, answer: ResponseTemplate) -> &Scripted {
        let mock = Mock::given(method(verb)).and(path_regex(path)).respond_with(answer);
        self.runtime.block_on(mock.mount(&self.server));
        self
    }

    fn index(&self) -> MeilisearchIndex {
        index(&self.server.uri(), "key", "techex")
    }

    fn asked(&self) -> usize {
        self.runtime.block_on(self.server.received_requests()).map_or(0, |requests| requests.len())
    }
}

fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

const AT: &str = "2026-11-23T02:00:00Z";

/// A server that takes changes and tells this of the tasks it took.
fn accepting(task: Value) -> Scripted {
    let scripted = Scripted::start();
    let accepted = json!({"taskUid": 7, "indexUid": "techex_2", "status": "enqueued", "enqueuedAt": AT,
        "type": "documentAdditionOrUpdate"});
    scripted
        .on(
            "GET",
            "^/indexes/techex_2$",
            ok(json!({"uid": "techex_2", "primaryKey": "key", "createdAt": AT, "updatedAt": AT})),
        )
        .on("POST", "/documents$", ResponseTemplate::new(202).set_body_json(accepted))
        .on("GET", "^/tasks/7$", ok(task));
    scripted
}

fn task(status: &str, more: Value) -> Value {
    let mut task = json!({"uid": 7, "indexUid": "techex_2", "status": status, "type": "documentAdditionOrUpdate",
        "details": {"receivedDocuments": 1, "indexedDocuments": 1}, "enqueuedAt": AT, "startedAt": AT, "finishedAt": AT,
        "duration": "PT0.1S", "error": null});
    task.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
    task
}

fn change() -> [Change; 1] {
    [Change::Put(Box::new(document(1, "Hoa lan", "")))]
}

fn unavailable<T: std::fmt::Debug>(outcome: Result<T, SearchError>) {
    assert!(matches!(outcome, Err(SearchError::Unavailable(_))), "{outcome:?}");
}

#[test]
fn a_task_is_followed_to_its_end() {
    accepting(task("succeeded", json!({}))).index().apply(&change()).expect("applied");
}

#[test]
fn a_task_that_was_accepted_and_failed_is_a_failure() {
    let error =
        json!({"message": "no space left on device", "code": "no_space_left_on_device", "type": "system", "link": ""});
    let outcome = accepting(task("failed", json!({"error": error}))).index().apply(&change());
    assert!(matches!(&outcome, Err(SearchError::Engine(why)) if why.contains("no space left")), "{outcome:?}");
}

#[test]
fn nobody_listening_is_told_at_once_and_not_asked_again_for_a_moment() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let index = index(&format!("http://127.0.0.1:{port}"), "", "techex");
    unavailable(index.apply(&change()));
    unavailable(index.rebuild(&mut std::iter::empty()));
    for _ in 0..2 {
        unavailable(index.search(&Query::default()));
        unavailable(index.suggest("hoa", 5));
        unavailable(index.health());
    }
}

#[test]
fn a_server_in_trouble_is_left_alone_for_a_moment() {
    let scripted = Scripted::start();
    scripted.on("POST", "^/multi-search$", ResponseTemplate::new(503).set_body_string("<html>busy</html>"));
    let index = scripted.index();
    unavailable(index.search(&Query::default()));
    assert_eq!(scripted.asked(), 1);
    unavailable(index.search(&Query::default()));
    unavailable(index.suggest("hoa", 5));
    assert_eq!(scripted.asked(), 1, "the second search does not reach the server");
}

#[test]
fn a_slow_answer_is_not_waited_for() {
    let scripted = Scripted::start();
    scripted.on("POST", "^/multi-search$", ok(json!({"results": []})).set_delay(Duration::from_secs(20)));
    let start = Instant::now();
    unavailable(scripted.index().search(&Query::default()));
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn an_answer_that_cannot_be_read_is_no_answer() {
    for body in ["", "{", "[]", "{\"results\": [{\"hits\": [{\"kind\": \"patent\"}]}]}", "{\"results\": []}"] {
        let scripted = Scripted::start();
        scripted.on("POST", "^/multi-search$", ResponseTemplate::new(200).set_body_string(body));
        unavailable(scripted.index().search(&Query::default()));
    }
}

#[test]
fn a_refused_key_is_told_as_what_it_is() {
    let scripted = Scripted::start();
    let refusal =
        json!({"message": "The provided API key is invalid.", "code": "invalid_api_key", "type": "auth", "link": ""});
    scripted.on("POST", "^/multi-search$", ResponseTemplate::new(403).set_body_json(refusal));
    let outcome = scripted.index().search(&Query::default());
    assert!(matches!(&outcome, Err(SearchError::Engine(why)) if why.contains("API key is invalid")), "{outcome:?}");
}
