//! Listings that look alike: told to who drafts, and to who reads.

use serde_json::{Value, json};

use crate::catalogue::{LISTINGS, ORDERS, with};
use crate::harness::{Engine, Exchange, listing};
use crate::{on_each_engine, on_each_index};

const OFFERED: &str = "Xử lý nước thải dệt nhuộm bằng màng sinh học quay";
const NEAR: &str = "Xử lý nước thải dệt nhuộm bằng màng sinh học";

/// A listing whose summary is like nothing else.
fn titled(title: &str) -> Value {
    with(listing(title), json!({"summary": format!("Nói riêng về {}.", title.len())}))
}

fn titles(similar: &Value) -> Vec<String> {
    let title = |one: &Value| one["listing"]["title"].as_str().map(str::to_owned);
    similar.as_array().expect("a list").iter().filter_map(title).collect()
}

fn wait_for(x: &Exchange, count: u64) {
    x.eventually("they are indexed", || x.visitor().get("/v1/search").expect(200).json()["total"] == count);
}

on_each_index! {
    fn who_drafts_is_told_what_is_there(x) {
        let (one, other) = (x.researcher(), x.researcher());
        one.publish_listing(x, &titled(OFFERED));
        one.publish_listing(x, &titled("Xử lý rác thải nhựa thành dầu"));
        // Drafts and what waits for the officers are nobody's business.
        one.post(&one.listings(), &titled(NEAR)).expect(201);
        LISTINGS.draft(&one, &titled(NEAR)).step(&one, "submission").expect(200);
        wait_for(x, 2);
        let drafted = other.post(&other.listings(), &titled(NEAR)).expect(201).json();
        assert_eq!(titles(&drafted["similar_listings"]), [OFFERED]);
        assert!(drafted["similar_listings"][0]["likeness"].as_u64().is_some_and(|percent| (60..=100).contains(&percent)));
        let nothing = other.post(&other.listings(), &titled("Que thử sốt xuất huyết")).expect(201).json();
        assert_eq!(nothing["similar_listings"], json!([]));
        let order = with((ORDERS.content)("Cần xử lý nước thải dệt nhuộm bằng màng sinh học"), json!({}));
        let ordered = other.post(&other.orders(), &order).expect(201).json();
        assert_eq!(titles(&ordered["similar_listings"]), [OFFERED], "what is ordered may be offered already");
    }

    fn who_reads_one_can_ask_for_others_like_it(x) {
        let (one, other) = (x.researcher(), x.researcher());
        let path = one.publish_listing(x, &titled(OFFERED));
        let second = other.publish_listing(x, &titled(NEAR));
        wait_for(x, 2);
        let similar = |path: &str| titles(&x.visitor().get(&format!("{path}/similar")).expect(200).json()["items"]);
        assert_eq!(similar(&path), [NEAR], "itself is not among them");
        assert_eq!(similar(&second), [OFFERED]);
        let etag = other.get(&second).expect(200).etag();
        other.post_at(&format!("{second}/withdrawal"), &etag, &json!({})).expect(200);
        assert_eq!(similar(&path), Vec::<String>::new(), "at once");
        x.visitor().get(&format!("{second}/similar")).expect(404).problem("not_found");
        assert_eq!(titles(&other.get(&format!("{second}/similar")).expect(200).json()["items"]), [OFFERED]);
    }
}

/// A search that does not answer stands in nobody's way.
fn drafting_needs_no_search(engine: Engine) {
    let x = Exchange::start_without_index(engine);
    let member = x.researcher();
    let drafted = member.post(&member.listings(), &titled(NEAR)).expect(201);
    assert_eq!(drafted.json()["similar_listings"], json!([]));
    let path = format!("/v1/listings/{}/similar", drafted.id());
    let similar = member.get(&path).expect(200).json();
    assert_eq!((&similar["items"], &similar["degraded"]), (&json!([]), &json!(true)));
}

on_each_engine! { drafting_needs_no_search }
