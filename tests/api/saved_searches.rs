//! Searches people keep.

use serde_json::{Value, json};

use crate::harness::{listing, person};
use crate::on_each_index;

fn saved(alert: &str) -> Value {
    json!({"name": "Nước thải", "query": {"q": "nuoc thai", "kind": "listing", "trl_min": "5"}, "alert": alert})
}

on_each_index! {
    fn a_saved_search_is_run_changed_and_forgotten(x) {
        let (client, ..) = person(x);
        let created = client.post("/v1/saved-searches", &saved("none")).expect(201);
        let path = format!("/v1/saved-searches/{}", created.id());
        assert_eq!(created.header("location"), Some(path.as_str()));
        assert_eq!(client.get(&path).expect(200).json()["query"], json!({"q": "nuoc thai", "kind": "listing", "trl_min": "5"}));
        x.researcher().publish_listing(x, &listing("Xử lý nước thải"));
        let results = format!("{path}/results");
        x.eventually("it finds", || client.get(&results).expect(200).titles() == ["Xử lý nước thải"]);
        let changed = client.patch(&path, &created.etag(), &json!({"query": {"trl_min": "9"}, "alert": "daily"})).expect(200);
        assert_eq!(changed.json()["query"], json!({"q": "nuoc thai", "kind": "listing", "trl_min": "9"}));
        assert!(client.get(&results).expect(200).titles().is_empty());
        client.patch(&path, &created.etag(), &json!({"name": "x"})).expect(412).problem("stale_version");
        assert_eq!(client.get("/v1/saved-searches").expect(200).json()["items"].as_array().map(Vec::len), Some(1));
        client.delete(&path).expect(204);
        client.get(&path).expect(404).problem("not_found");
        client.get(&results).expect(404).problem("not_found");
    }

    fn nobody_else_sees_it(x) {
        let (owner, ..) = person(x);
        let (other, ..) = person(x);
        let created = owner.post("/v1/saved-searches", &saved("weekly")).expect(201);
        let path = format!("/v1/saved-searches/{}", created.id());
        for client in [&other, &x.officer()] {
            client.get(&path).expect(404).problem("not_found");
            client.get(&format!("{path}/results")).expect(404).problem("not_found");
            client.patch(&path, &created.etag(), &json!({"name": "x"})).expect(404).problem("not_found");
            client.delete(&path).expect(404).problem("not_found");
            assert_eq!(client.get("/v1/saved-searches").expect(200).json()["items"], json!([]));
        }
        x.visitor().get(&path).expect(401).problem("authentication_required");
        owner.get(&path).expect(200);
    }

    fn what_could_not_be_searched_is_not_saved(x) {
        let (client, ..) = person(x);
        for (query, pointer, code) in [
            (json!({"trl_min": "12"}), "/query/trl_min", "invalid_format"),
            (json!({"colour": "red"}), "/query/colour", "unknown_field"),
            (json!({"q": 7}), "/query/q", "wrong_type"),
            (json!({"cursor": "x"}), "/query/cursor", "not_allowed_here"),
            (json!("q=a"), "/query", "wrong_type"),
        ] {
            let body = json!({"name": "x", "query": query});
            client.post("/v1/saved-searches", &body).expect(422).field(pointer, code);
        }
        client.post("/v1/saved-searches", &json!({"query": {}})).expect(422).field("/name", "required");
    }

    fn there_is_a_limit(x) {
        let (client, ..) = person(x);
        for _ in 0..50 {
            client.post("/v1/saved-searches", &saved("none")).expect(201);
        }
        client.post("/v1/saved-searches", &saved("none")).expect(409).problem("limit_reached");
        let first = client.get("/v1/saved-searches?limit=30").expect(200).json();
        let next = first["next_cursor"].as_str().expect("a second page");
        let second = client.get(&format!("/v1/saved-searches?limit=30&cursor={next}")).expect(200).json();
        assert_eq!(second["items"].as_array().map(Vec::len), Some(20));
    }

    fn news_is_told_once_and_until_it_is_declined(x) {
        let (client, email, _) = person(x);
        let member = x.researcher();
        let found = |text: &str| x.mails_to(&email).iter().filter(|mail| mail.contains(text)).count();
        member.publish_listing(x, &listing("Nước thải từ trước"));
        x.clock.advance(60);
        let created = client.post("/v1/saved-searches", &saved("daily")).expect(201);
        x.clock.advance(600);
        let gone = member.publish_listing(x, &listing("Nước thải bị rút"));
        member.publish_listing(x, &listing("Nước thải mới đăng"));
        let results = format!("/v1/saved-searches/{}/results", created.id());
        x.eventually("all is found", || client.get(&results).expect(200).titles().len() == 3);
        let etag = member.get(&gone).expect(200).etag();
        member.post_at(&format!("{gone}/withdrawal"), &etag, &json!({})).expect(200);
        x.eventually("it is withdrawn", || client.get(&results).expect(200).titles().len() == 2);
        for _ in 0..3 {
            x.clock.advance(26 * 3_600);
            x.run_jobs();
        }
        x.eventually("the news is mailed", || found("Nước thải mới đăng") == 1);
        assert_eq!((found("Nước thải từ trước"), found("Nước thải bị rút")), (0, 0));
        let path = format!("/v1/saved-searches/{}", created.id());
        let client = x.visitor().sign_in(&email, crate::harness::PASSWORD);
        client.patch(&path, &created.etag(), &json!({"alert": "none"})).expect(200);
        x.researcher().publish_listing(x, &listing("Nước thải sau cùng"));
        x.eventually("it is found", || client.get(&results).expect(200).titles().len() == 3);
        x.clock.advance(26 * 3_600);
        x.run_jobs();
        x.eventually("the outbox is empty", || {
            let waiting = x.system.app.database.read(|conn| Ok(techex::events::queue::backlog(conn)?)).expect("counted");
            waiting.iter().all(|(_, waiting, _)| *waiting == 0)
        });
        assert_eq!((found("Nước thải sau cùng"), found("Nước thải mới đăng")), (0, 1));
    }
}
