//! Words that mean the same: who keeps them, and that searches follow.

use serde_json::json;

use crate::harness::{Exchange, listing, person};
use crate::on_each_index;

fn titles(x: &Exchange, q: &str) -> Vec<String> {
    x.visitor().get(&format!("/v1/search?q={q}&kind=listing")).expect(200).titles()
}

on_each_index! {
    fn the_built_in_words_find_each_other(x) {
        let member = x.researcher();
        for title in ["Trí tuệ nhân tạo chẩn đoán ảnh", "Ứng dụng AI trong kho vận", "Máy bơm"] {
            member.publish_listing(x, &listing(title));
        }
        x.eventually("both are found", || titles(x, "AI%20").len() == 2);
        assert_eq!(titles(x, "artificial%20intelligence%20").len(), 2);
        let item = &x.visitor().get("/v1/search?q=AI%20&explain=true").expect(200).json()["items"][1];
        let matches = item["explanation"]["matches"].as_array().expect("matches");
        assert!(matches.iter().any(|it| it["how"] == "synonym" && it["word"] == "ai"), "{item}");
    }

    fn officers_keep_them_and_searches_follow(x) {
        let officer = x.officer();
        x.researcher().publish_listing(x, &listing("Xử lý nước rỉ rác"));
        x.eventually("it is found", || titles(x, "nuoc%20ri%20rac").len() == 1);
        assert!(titles(x, "leachate").is_empty());
        let words = json!({"words": ["nước rỉ rác", "leachate"]});
        let created = officer.post("/v1/search/synonyms", &words).expect(201);
        let path = format!("/v1/search/synonyms/{}", created.id());
        assert_eq!(created.header("location"), Some(path.as_str()));
        x.eventually("the synonym is known", || titles(x, "leachate").len() == 1);
        let changed = officer.patch(&path, &created.etag(), &json!({"words": ["nước rỉ rác", "garbage juice"]})).expect(200);
        x.eventually("the old word is forgotten", || titles(x, "leachate").is_empty());
        officer.patch(&path, &created.etag(), &words).expect(412).problem("stale_version");
        assert_eq!(officer.patch(&path, &changed.etag(), &json!({})).expect(200).etag(), changed.etag());
        assert_eq!(x.visitor().get(&path).expect(200).json()["words"][1], "garbage juice");
        officer.delete(&path).expect(204);
        officer.delete(&path).expect(404).problem("not_found");
        x.visitor().get(&path).expect(404);
    }

    fn they_are_read_page_by_page_and_changed_by_officers_only(x) {
        let first = x.visitor().get("/v1/search/synonyms?limit=40").expect(200).json();
        let next = first["next_cursor"].as_str().expect("more than forty");
        let second = x.visitor().get(&format!("/v1/search/synonyms?limit=40&cursor={next}")).expect(200).json();
        assert_ne!(first["items"][0]["id"], second["items"][0]["id"]);
        let (client, ..) = person(x);
        let path = format!("/v1/search/synonyms/{}", first["items"][0]["id"].as_str().expect("an id"));
        let words = json!({"words": ["a", "b"]});
        x.visitor().post("/v1/search/synonyms", &words).expect(401).problem("authentication_required");
        client.post("/v1/search/synonyms", &words).expect(403).problem("officer_required");
        let etag = x.visitor().get(&path).expect(200).etag();
        client.patch(&path, &etag, &words).expect(403).problem("officer_required");
        client.delete(&path).expect(403).problem("officer_required");
        let officer = x.officer();
        officer.post("/v1/search/synonyms", &json!({"words": ["a"]})).expect(422).field("/words", "too_few");
        officer.post("/v1/search/synonyms", &json!({"words": ["a", "a"]})).expect(422).field("/words/1", "duplicate");
        x.visitor().get("/v1/search/synonyms?cursor=bad").expect(422);
    }
}
