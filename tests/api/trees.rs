//! Codes of reference lists that are trees: a filter finds what lies below, in lists, search and saved searches alike, and
//! items use no code that their lists do not have.

use serde_json::{Value, json};

use crate::catalogue::{LISTINGS, ORDERS, Shelved, shelve, with};
use crate::harness::{Exchange, file, listing, order, person, techex};
use crate::{on_both, on_each_index};

const FIELDS: &str = "code,parent,name_vi\nnatural_sciences,,Khoa học tự nhiên\nmathematics,natural_sciences,Toán học\n\
    statistics,mathematics,Thống kê\nengineering_and_technology,,Kỹ thuật\n";
const ACTIVITIES: &str = "code,parent,name_vi\nE,,Cấp nước\n37,E,Thoát nước\n370,37,Thoát nước\n3700,370,Thoát nước\n\
    37001,3700,Thoát nước\nC,,Chế biến\n28,C,Máy móc\n";
const PROVINCES: &str =
    "code,parent,name_vi\nred_river_delta,,Đồng bằng sông Hồng\n01,red_river_delta,Hà Nội\n48,,Đà Nẵng\n";

/// Loads a list, in force from this day.
fn load(x: &Exchange, list: &str, content: &str, from: &str) {
    let file = file(x, &format!("{list}.csv"), content);
    let arguments = ["reference", "load", &file, "--list", list, "--version", from, "--effective-from", from];
    techex(x, &arguments).says(list);
}

/// Three listings and an order that stand at different places of the trees.
fn stock(x: &Exchange) {
    load(x, "research_field", FIELDS, "2026-11-01");
    load(x, "vsic", ACTIVITIES, "2026-11-01");
    load(x, "province", PROVINCES, "2026-11-01");
    let item = |letter: &str, base: fn(&str) -> Value, field: &str, more: Value| {
        Shelved(with(base(&format!("Mục {letter}")), with(more, json!({"research_field": field, "ipc": []}))), 0)
    };
    let listings = vec![
        item("a", listing, "statistics", json!({"vsic": ["37001"], "nace": ["37.00"]})),
        item("b", listing, "mathematics", json!({"vsic": ["37", "28"]})),
        item("c", listing, "natural_sciences", json!({"vsic": ["28"]})),
    ];
    shelve(x, &LISTINGS, &x.researcher().organization_id, listings);
    let order = item("d", order, "statistics", json!({"vsic": ["370"], "nace": ["E37"]}));
    shelve(x, &ORDERS, &x.enterprise().organization_id, vec![order]);
    x.eventually("all is indexed", || searched(x, "") == "abcd");
}

/// The last letters of these titles, sorted.
fn letters(titles: &[String]) -> String {
    let mut letters: Vec<_> = titles.iter().filter_map(|title| title.chars().last()).collect();
    letters.sort_unstable();
    letters.into_iter().collect()
}

fn searched(x: &Exchange, query: &str) -> String {
    letters(&x.visitor().get(&format!("/v1/search?{query}")).expect(200).titles())
}

fn listed(x: &Exchange, query: &str) -> String {
    let of = |list: &str| x.visitor().get(&format!("{list}?{query}")).expect(200).titles();
    letters(&[of("/v1/listings"), of("/v1/orders")].concat())
}

fn facet(x: &Exchange, name: &str, query: &str) -> Value {
    let facets = x.visitor().get(&format!("/v1/search?{query}")).expect(200).json()["facets"].clone();
    facets.as_array().and_then(|all| all.iter().find(|facet| facet["name"] == name)).expect("the facet")["values"]
        .clone()
}

on_each_index! {
    fn a_code_finds_what_lies_below_it_everywhere(x) {
        stock(x);
        let (client, ..) = person(x);
        for (name, value, expected) in [
            ("research_field", "natural_sciences", "abcd"),
            ("research_field", "mathematics", "abd"),
            ("research_field", "statistics", "ad"),
            ("research_field", "engineering_and_technology,statistics", "ad"),
            ("research_field", "alchemy", ""),
            ("vsic", "E", "abd"),
            ("vsic", "C", "bc"),
            ("vsic", "37", "abd"),
            ("vsic", "3700", "a"),
            ("vsic", "37002", ""),
            // No list is loaded: as far as the digits tell.
            ("nace", "37", "ad"),
            ("nace", "E", ""),
            ("province", "red_river_delta", "abcd"),
            ("province", "48", ""),
        ] {
            let query = format!("{name}={value}");
            assert_eq!(searched(x, &query), expected, "search {query}");
            assert_eq!(searched(x, &format!("{query}&q=muc")), expected, "search for words, {query}");
            assert_eq!(listed(x, &query), expected, "lists {query}");
            let kept = client.post("/v1/saved-searches", &json!({"name": query, "query": {name: value}})).expect(201);
            let results = client.get(&format!("/v1/saved-searches/{}/results", kept.id())).expect(200);
            assert_eq!(letters(&results.titles()), expected, "saved search {query}");
        }
        assert_eq!(searched(x, "research_field=mathematics&vsic=C&kind=listing"), "b");
    }

    fn facets_count_what_choosing_them_finds(x) {
        stock(x);
        assert_eq!(facet(x, "research_field", ""), json!([
            {"value": "natural_sciences", "count": 4}, {"value": "mathematics", "count": 3}, {"value": "statistics", "count": 2},
        ]));
        assert_eq!(facet(x, "vsic", ""), json!([{"value": "37", "count": 3}, {"value": "28", "count": 2}]));
        assert_eq!(facet(x, "province", ""), json!([{"value": "01", "count": 4}, {"value": "red_river_delta", "count": 4}]));
        for name in ["research_field", "vsic", "province"] {
            for query in ["", "kind=listing", "research_field=statistics", "vsic=C"] {
                for entry in facet(x, name, query).as_array().expect("values") {
                    let others: Vec<_> = query.split('&').filter(|part| !part.starts_with(name)).collect();
                    let chosen = format!("{}&{name}={}", others.join("&"), entry["value"].as_str().expect("a value"));
                    let total = x.visitor().get(&format!("/v1/search?{}", chosen.trim_start_matches('&'))).expect(200).json();
                    assert_eq!(total["total"], entry["count"], "{query} then {chosen}");
                }
            }
        }
    }

    fn a_list_that_is_loaded_anew_holds_from_its_day_on(x) {
        stock(x);
        // Statistics moves, mathematics ends without being replaced.
        let next = FIELDS.replace("mathematics,natural_sciences,Toán học\n", "")
            .replace("statistics,mathematics", "statistics,engineering_and_technology");
        load(x, "research_field", &next, "2026-11-24");
        assert_eq!([searched(x, "research_field=natural_sciences"), listed(x, "research_field=natural_sciences")], ["abcd"; 2]);
        x.clock.advance(86_400);
        for (code, expected) in [
            ("natural_sciences", "bc"), ("engineering_and_technology", "ad"), ("mathematics", "b"), ("statistics", "ad"),
        ] {
            let query = format!("research_field={code}");
            assert_eq!([searched(x, &query), listed(x, &query)], [expected; 2], "{code}");
        }
        assert_eq!(facet(x, "research_field", ""), json!([
            {"value": "engineering_and_technology", "count": 2}, {"value": "natural_sciences", "count": 2},
            {"value": "statistics", "count": 2}, {"value": "mathematics", "count": 1},
        ]));
    }

    fn alerts_tell_of_what_lies_below(x) {
        stock(x);
        let (client, email, _) = person(x);
        let search = json!({"name": "Toán", "query": {"research_field": "mathematics"}, "alert": "daily"});
        client.post("/v1/saved-searches", &search).expect(201);
        x.clock.advance(600);
        let content = |title: &str, field: &str| with(listing(title), json!({"research_field": field}));
        let member = x.researcher();
        member.publish_listing(x, &content("Mô hình thống kê", "statistics"));
        member.publish_listing(x, &content("Mô hình vật lý", "natural_sciences"));
        x.eventually("both are indexed", || x.visitor().get("/v1/search").expect(200).json()["total"] == 6);
        x.clock.advance(26 * 3_600);
        x.run_jobs();
        let told = |text: &str| x.mails_to(&email).iter().any(|mail| mail.contains(text));
        x.eventually("the news is mailed", || told("Mô hình thống kê"));
        assert!(!told("Mô hình vật lý"));
    }
}

on_both! {
    fn items_use_codes_of_their_lists_only(x) {
        let member = x.researcher();
        let content = json!({"vsic": ["37001", "28"], "nace": ["37.00"], "territories": ["VN", "LA"], "ipc": ["C02F 1/28"]});
        let kinds = [(&LISTINGS, member.listings()), (&ORDERS, member.orders())];
        // Nothing is loaded, so the form is all that is looked at.
        for (kind, path) in &kinds {
            member.post(path, &with((kind.content)("Một công nghệ"), content.clone())).expect(201);
        }
        load(x, "vsic", &ACTIVITIES.replace("37001,", "37009,"), "2026-11-01");
        load(x, "nace", "code,name_en\n37,Sewerage\n", "2026-11-01");
        load(x, "territory", "code,name_vi\nVN,Việt Nam\n", "2026-11-01");
        for (kind, path) in &kinds {
            let refused = member.post(path, &with((kind.content)("Một công nghệ"), content.clone())).expect(422);
            let refused = refused.field("/vsic/0", "unknown_reference").field("/nace/0", "unknown_reference");
            let refused = refused.field("/territories/1", "unknown_reference");
            assert_eq!(refused.json()["errors"].as_array().map(Vec::len), Some(3), "{}", refused.text);
            let good = json!({"vsic": ["37009", "E"], "nace": ["E37"], "territories": ["vn"], "ipc": ["C02F 1/28", "H"]});
            let piece = kind.draft(&member, &with((kind.content)("Một công nghệ"), good));
            let patch = json!({"territories": ["JP"]});
            member.patch(&piece.path, &piece.etag, &patch).expect(422).field("/territories/0", "unknown_reference");
        }
    }
}
