//! Searching while the index does not answer.

use serde_json::json;
use techex::config::Config;

use crate::harness::{Engine, Exchange, listing};
use crate::on_each_engine;

/// Without the index what was published last is still found, and the answer says that this is not all.
fn a_failing_index_degrades_searching(engine: Engine) {
    let x = &Exchange::start_without_index(engine);
    for title in ["Máy sấy nông sản", "Máy bơm nước", "Vật liệu xây dựng"] {
        x.researcher().publish_listing(x, &listing(title));
    }
    let answer = x.visitor().get("/v1/search?q=may%20say&limit=1").expect(200).json();
    assert_eq!(answer["degraded"], true);
    assert_eq!(answer["items"][0]["listing"]["title"], "Máy sấy nông sản");
    assert_eq!(answer["items"][0]["highlights"][0]["segments"][0]["text"], "Máy");
    assert_eq!(answer["total"], 2);
    assert_eq!(answer["facets"], json!([]));
    let next = answer["next_cursor"].as_str().expect("a second page");
    let second = x.visitor().get(&format!("/v1/search?q=may%20say&limit=1&cursor={next}")).expect(200).json();
    assert_eq!(second["items"][0]["listing"]["title"], "Máy bơm nước");
    let none = x.visitor().get("/v1/search?q=may&kind=order").expect(200).json();
    assert_eq!((none["total"].as_u64(), none["degraded"].as_bool()), (Some(0), Some(true)));
    let suggestions = x.visitor().get("/v1/search/suggestions?q=vat%20l").expect(200).json();
    assert_eq!(suggestions, json!({"items": ["Vật liệu xây dựng"], "degraded": true}));
    assert_eq!(x.visitor().get("/readyz").expect(200).json()["search"], "unavailable");
}

/// A search server that is not there delays no write, and what was written waits for it.
fn an_absent_search_server_stops_nothing(engine: Engine) {
    let absent = |config: &mut Config| config.search.meili_url = "http://127.0.0.1:9".into();
    let x = &Exchange::start_with(engine, absent);
    x.researcher().publish_listing(x, &listing("Máy sấy nông sản"));
    let answer = x.visitor().get("/v1/search?q=may").expect(200).json();
    assert_eq!((answer["degraded"].as_bool(), answer["total"].as_u64()), (Some(true), Some(1)));
    assert_eq!(x.visitor().get("/readyz").expect(200).json()["search"], "unavailable");
    let waiting = x.system.app.database.read(|conn| Ok(techex::events::queue::backlog(conn)?)).expect("counted");
    assert!(waiting.iter().any(|(consumer, waiting, dead)| consumer == "search" && *waiting > 0 && *dead == 0));
}

on_each_engine! { a_failing_index_degrades_searching an_absent_search_server_stops_nothing }
