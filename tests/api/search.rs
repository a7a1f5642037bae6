//! Search over the API: what is found, counted, marked and completed, and when.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::{KINDS, Kind, LISTINGS, ORDERS, Shelved, pages, shelve, with};
use crate::harness::{Exchange, listing, order};
use crate::on_each_index;

/// Asks for what a person would type.
fn search(x: &Exchange, query: &[(&str, &str)]) -> Value {
    let pairs: Vec<_> = query.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    x.visitor().get(&format!("/v1/search?{}", pairs.join("&"))).expect(200).json()
}

/// Percent-encodes a query value.
fn encode(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

fn found(x: &Exchange, query: &[(&str, &str)]) -> Vec<String> {
    titles_of(&search(x, query)["items"])
}

fn titles_of(items: &Value) -> Vec<String> {
    let title = |item: &Value| item[item["kind"].as_str().unwrap_or_default()]["title"].as_str().map(str::to_owned);
    items.as_array().expect("items").iter().filter_map(title).collect()
}

fn total(x: &Exchange) -> u64 {
    search(x, &[])["total"].as_u64().expect("a number")
}

/// The facets as name → value → count.
fn facets(result: &Value) -> BTreeMap<String, BTreeMap<String, u64>> {
    let entry = |value: &Value| {
        (value["value"].as_str().unwrap_or_default().to_owned(), value["count"].as_u64().unwrap_or_default())
    };
    let values = |facet: &Value| facet["values"].as_array().expect("values").iter().map(entry).collect();
    let facets = result["facets"].as_array().expect("facets").iter();
    facets.map(|facet| (facet["name"].as_str().unwrap_or_default().to_owned(), values(facet))).collect()
}

/// A content in which nothing but the title can be found.
fn titled(kind: &Kind, title: &str, fields: Value) -> Value {
    with(with((kind.content)(title), json!({"keywords": [], "summary": "—", "ipc": []})), fields)
}

/// Puts these on the shelves and waits until they are found.
fn stock(x: &Exchange, organization: &str, kind: &Kind, items: Vec<Shelved>) {
    let expected = total(x) + items.len() as u64;
    shelve(x, kind, organization, items);
    x.eventually("everything is indexed", || total(x) == expected);
}

const TITLES: [&str; 5] = [
    "Công nghệ xử lý nước thải dệt nhuộm",
    "Máy sấy nông sản bằng năng lượng mặt trời",
    "Đường ống dẫn khí bằng đồng",
    "Membrane bioreactor for wastewater",
    "Vắc xin phòng bệnh cho cá tra",
];

fn stock_titles(x: &Exchange) {
    let member = x.researcher();
    let items = TITLES.iter().map(|title| Shelved(titled(&LISTINGS, title, json!({})), 0)).collect();
    stock(x, &member.organization_id, &LISTINGS, items);
}

/// Two listings and two orders of two organisations that differ in everything that is filtered or counted.
fn stock_mixed(x: &Exchange) -> (String, String) {
    let (institute, enterprise) = (x.researcher(), x.enterprise());
    let price = |amount: i64| json!({"kind": "fixed", "from": {"amount": amount, "currency": "VND"}});
    let listings = vec![
        Shelved(
            titled(
                &LISTINGS,
                "Lọc nước một",
                json!({"trl": 3, "price": price(100), "ipc": ["C02F 1/28"], "vsic": ["3700"], "nace": ["37.00"],
            "sdg": [6], "territories": ["VN", "LA"], "keywords": ["Nước thải"], "ip_rights": [
                {"kind": "patent", "status": "granted"}, {"kind": "trade_secret", "status": "unregistered"}],
            "transfer_forms": ["assignment"], "research_field": "natural_sciences"}),
            ),
            60,
        ),
        Shelved(
            titled(
                &LISTINGS,
                "Lọc nước hai",
                json!({"trl": 8, "price": null, "ipc": ["C02F", "B01D"], "nace": ["20.14"], "territories": ["VN"],
            "development_stage": "pilot", "ip_rights": [{"kind": "utility_solution", "status": "filed"}],
            "transfer_forms": ["assignment", "sub_licence"], "language": "en"}),
            ),
            120,
        ),
    ];
    let mut listings = listings;
    listings[1].0.as_object_mut().expect("an object").remove("price");
    let orders = vec![
        Shelved(
            titled(
                &ORDERS,
                "Lọc nước ba",
                json!({"trl_wanted": 5, "budget": price(50), "ipc": ["H01L"], "vsic": ["37"], "sdg": [9, 11],
            "cooperation_forms": ["joint_venture"]}),
            ),
            180,
        ),
        Shelved(
            titled(
                &ORDERS,
                "Lọc nước bốn",
                json!({"trl_wanted": null, "budget": price(200), "research_field": null,
            "cooperation_forms": ["assignment"]}),
            ),
            240,
        ),
    ];
    stock(x, &institute.organization_id, &LISTINGS, listings);
    stock(x, &enterprise.organization_id, &ORDERS, orders);
    (institute.organization_id.clone(), enterprise.organization_id.clone())
}

/// The last words of the titles.
fn numbers(titles: &[String]) -> String {
    titles.iter().filter_map(|title| title.rsplit(' ').next()).collect::<Vec<_>>().join(" ")
}

on_each_index! {
    fn diacritics_case_and_small_mistakes_do_not_matter(x) {
        stock_titles(x);
        for (text, title) in [
            ("công nghệ xử lý nước thải", 0),
            ("cong nghe xu ly nuoc thai", 0),
            ("XỬ LÝ NƯỚC THẢI", 0),
            ("nước thải dệt nhuộn", 0),
            ("nang luong mat troi", 1),
            ("may say nong sna", 1),
            ("duong ong", 2),
            ("Đường ống đồng", 2),
            ("membrnae bioraector", 3),
            ("cách nào phòng bệnh cho cá tra ở đồng bằng", 4),
        ] {
            assert_eq!(found(x, &[("q", text)]).first().map(String::as_str), Some(TITLES[title]), "{text}");
        }
    }

    fn the_last_word_may_be_unfinished(x) {
        stock_titles(x);
        for (text, title) in [("nuoc th", 0), ("năng lượng m", 1), ("membrane bior", 3), ("vac x", 4)] {
            assert_eq!(found(x, &[("q", text)]).first().map(String::as_str), Some(TITLES[title]), "{text}");
        }
        assert!(found(x, &[("q", "tuabin")]).is_empty());
    }

    fn every_filter_finds_what_it_says(x) {
        let (institute, enterprise) = stock_mixed(x);
        let after = x.now().plus_seconds(120).to_string();
        for (name, value, expected) in [
            ("kind", "listing", "hai một"),
            ("kind", "order", "bốn ba"),
            ("kind", "listing,order", "bốn ba hai một"),
            ("research_field", "natural_sciences", "một"),
            ("research_field", "natural_sciences,engineering_and_technology", "ba hai một"),
            ("ipc", "C02", "hai một"),
            ("ipc", "C02F1/28,H01L", "ba một"),
            ("transfer_form", "assignment", "bốn hai một"),
            ("transfer_form", "joint_venture,sub_licence", "ba hai"),
            ("ipc", "C", "hai một"),
            ("ipc", "C02F 1/00,B", "hai một"),
            ("vsic", "37", "ba một"),
            ("vsic", "3700", "một"),
            ("nace", "C20.1,37", "hai một"),
            ("sdg", "6,9", "ba một"),
            ("territory", "vn", "hai một"),
            ("keyword", "NUOC THAI", "một"),
            ("keyword", "nước", ""),
            ("development_stage", "pilot,concept", "hai"),
            ("ip_kind", "patent", "một"),
            ("ip_status", "filed,granted", "hai một"),
            ("organization_kind", "enterprise", "bốn ba"),
            ("organization_id", &institute, "hai một"),
            ("organization_id", &enterprise, "bốn ba"),
            ("province", "01", "bốn ba hai một"),
            ("province", "48", ""),
            ("language", "en", "hai"),
            ("trl_min", "5", "ba hai"),
            ("trl_max", "5", "ba một"),
            ("price_min", "100", "bốn một"),
            ("price_max", "100", "ba một"),
            ("verified", "true", "bốn ba hai một"),
            ("published_after", &after, "bốn ba"),
        ] {
            for text in ["", "loc nuoc"] {
                let titles = found(x, &[("q", text), (name, value), ("sort", "-published_at")]);
                assert_eq!(numbers(&titles), expected, "{text} {name}={value}");
            }
        }
        assert_eq!(numbers(&found(x, &[("ipc", "C02F"), ("transfer_form", "sub_licence"), ("language", "en")])), "hai");
    }

    fn every_order_sorts_as_it_says(x) {
        stock_mixed(x);
        for (sort, expected) in [
            ("relevance", "bốn ba hai một"),
            ("-published_at", "bốn ba hai một"),
            ("price", "ba một bốn hai"),
            ("-price", "bốn một ba hai"),
            ("-trl", "hai ba một bốn"),
        ] {
            assert_eq!(numbers(&found(x, &[("sort", sort)])), expected, "{sort}");
        }
        assert_eq!(found(x, &[("q", "lọc nước hai")]).first().map(String::as_str), Some("Lọc nước hai"));
    }

    fn facets_count_what_is_found(x) {
        stock_mixed(x);
        let all = facets(&search(x, &[("q", "loc nuoc")]));
        let expected: BTreeMap<&str, &[(&str, u64)]> = BTreeMap::from([
            ("kind", [("listing", 2), ("order", 2)].as_slice()),
            ("research_field", &[("engineering_and_technology", 2), ("natural_sciences", 1)]),
            ("ipc", &[("B01", 1), ("C02", 2), ("H01", 1)]),
            ("vsic", &[("37", 2)]),
            ("sdg", &[("11", 1), ("6", 1), ("9", 1)]),
            ("development_stage", &[("pilot", 1)]),
            ("ip_kind", &[("patent", 1), ("trade_secret", 1), ("utility_solution", 1)]),
            ("transfer_form", &[("assignment", 3), ("joint_venture", 1), ("sub_licence", 1)]),
            ("organization_kind", &[("enterprise", 2), ("institute", 2)]),
            ("province", &[("01", 4)]),
            ("language", &[("en", 1), ("vi", 3)]),
            ("trl", &[("3", 1), ("5", 1), ("8", 1)]),
        ]);
        let expected: BTreeMap<String, BTreeMap<String, u64>> = expected.into_iter().map(|(name, values)| {
            (name.to_owned(), values.iter().map(|(value, count)| ((*value).to_owned(), *count)).collect())
        }).collect();
        assert_eq!(all, expected);
        let filtered = facets(&search(x, &[("kind", "listing")]));
        assert_eq!(filtered["kind"], expected["kind"], "a facet leaves out its own filter");
        assert_eq!(filtered["organization_kind"], BTreeMap::from([("institute".to_owned(), 2)]));
        assert!(facets(&search(x, &[("facets", "false")])).is_empty());
    }

    fn choosing_a_facet_finds_as_many_as_it_counts(x) {
        stock_mixed(x);
        for (name, values) in facets(&search(x, &[])) {
            let (parameter, range) = if name == "trl" { ("trl_min", Some("trl_max")) } else { (name.as_str(), None) };
            for (value, count) in values {
                let mut query = vec![(parameter, value.as_str())];
                query.extend(range.map(|other| (other, value.as_str())));
                assert_eq!(search(x, &query)["total"], count, "{name}={value}");
            }
        }
    }

    fn pages_are_complete_and_without_repetition(x) {
        let member = x.researcher();
        let item = |n: i64| Shelved(titled(&LISTINGS, &format!("Lọc nước {n}"), json!({"trl": n % 3 + 1})), n % 2);
        stock(x, &member.organization_id, &LISTINGS, (0..25).map(item).collect());
        for sort in ["relevance", "-published_at", "price", "-price", "-trl"] {
            for text in ["", "loc%20nuoc"] {
                let pages = pages(&x.visitor(), &format!("/v1/search?q={text}&sort={sort}&limit=7&facets=false"));
                let ids: Vec<_> = pages.iter().flatten().map(|item| item["listing"]["id"].to_string()).collect();
                let different: BTreeSet<_> = ids.iter().collect();
                assert_eq!((ids.len(), different.len(), pages.len()), (25, 25, 4), "{sort} {text}");
            }
        }
        let cursor = x.visitor().get("/v1/search?limit=7").expect(200).text_at("/next_cursor");
        x.visitor().get(&format!("/v1/search?cursor={cursor}&sort=price")).expect(400).problem("malformed_cursor");
        x.visitor().get("/v1/search?cursor=abc").expect(422).field("/cursor", "invalid_format");
    }

    fn highlights_mark_the_words(x) {
        let member = x.researcher();
        let content = with(listing("Xử lý <b>Nước</b> thải"), json!({"summary": "Lọc nước thải, công suất 20 m³."}));
        stock(x, &member.organization_id, &LISTINGS, vec![Shelved(content, 0)]);
        let result = search(x, &[("q", "nuoc thai")]);
        let highlights = result["items"][0]["highlights"].as_array().cloned().expect("highlights");
        let field = |name: &str| highlights.iter().find(|h| h["field"] == name).cloned().unwrap_or_else(|| panic!("{name}"));
        assert_eq!(field("title")["segments"], json!([
            {"text": "Xử lý <b>", "hit": false}, {"text": "Nước", "hit": true},
            {"text": "</b> ", "hit": false}, {"text": "thải", "hit": true},
        ]));
        assert!(field("summary")["segments"].as_array().expect("segments").iter().any(|s| s["hit"] == true));
    }

    fn only_what_is_published_is_found_or_counted(x) {
        let (member, officer) = (x.researcher(), x.officer());
        let statuses = ["draft", "submitted", "changes_requested", "rejected", "withdrawn", "published"];
        for kind in KINDS {
            for status in statuses {
                kind.at(&member, &officer, status);
            }
        }
        // Published last, so that what was written before it has been looked at when it is found.
        x.eventually("both are found", || total(x) == 2);
        for who in [&x.visitor(), &member.client, &officer] {
            let result = who.get("/v1/search?q=trang%20thai").expect(200).json();
            assert_eq!(titles_of(&result["items"]), ["Ở trạng thái published"; 2]);
            assert_eq!(result["total"], 2);
            assert_eq!(facets(&result)["kind"], BTreeMap::from([("listing".to_owned(), 1), ("order".to_owned(), 1)]));
        }
        let completed = x.visitor().get("/v1/search/suggestions?q=o%20trang").expect(200).json();
        assert_eq!(completed["items"], json!(["Ở trạng thái published"]));
    }

    fn what_is_published_is_found_soon(x) {
        let member = x.researcher();
        member.publish_listing(x, &listing("Pin nhiên liệu rắn"));
        member.publish_order(x, &order("Cần pin nhiên liệu rắn"));
        x.eventually("both are found", || found(x, &[("q", "pin nhien lieu")]).len() == 2);
    }

    fn a_changed_text_is_found_as_it_is_now(x) {
        let (member, officer) = (x.researcher(), x.officer());
        let mut piece = LISTINGS.at(&member, &officer, "published");
        x.eventually("it is found", || found(x, &[("q", "published")]).len() == 1);
        piece.etag = piece.step(&member, "withdrawal").expect(200).etag();
        piece.etag = member.patch(&piece.path, &piece.etag, &json!({"title": "Bơm photonika"})).expect(200).etag();
        piece.etag = piece.step(&member, "submission").expect(200).etag();
        piece.etag = piece.step(&officer, "publication").expect(200).etag();
        x.eventually("the new title is found", || found(x, &[("q", "photonika")]) == ["Bơm photonika"]);
        assert!(found(x, &[("q", "published")]).is_empty());
    }

    fn a_renamed_organisation_is_found_by_its_new_name(x) {
        let member = x.researcher();
        member.publish_listing(x, &listing("Máy sấy"));
        member.publish_order(x, &order("Cần máy sấy"));
        x.eventually("both are found", || total(x) == 2);
        assert!(found(x, &[("q", "photonika")]).is_empty());
        let path = format!("/v1/organizations/{}", member.organization_id);
        let etag = member.get(&path).expect(200).etag();
        let patch = json!({"name": "Viện Photonika", "province": "48"});
        let etag = member.patch(&path, &etag, &patch).expect(200).etag();
        x.eventually("both are found by it", || found(x, &[("q", "photonika")]).len() == 2);
        assert_eq!(search(x, &[("province", "48")])["total"], 2);
        assert_eq!(search(x, &[("verified", "true")])["total"], 0, "a rename undoes the verification");
        let verified = json!({"decision": "verified", "method": "other", "evidence": "Đã xem quyết định đổi tên."});
        x.officer().post_at(&format!("{path}/verification"), &etag, &verified).expect(201);
        x.eventually("they count as verified again", || search(x, &[("verified", "true")])["total"] == 2);
    }

    fn what_was_confirmed_lately_is_found_as_such(x) {
        let member = x.researcher();
        let paths = [member.publish_listing(x, &listing("Máy sấy")), member.publish_order(x, &order("Cần máy sấy"))];
        x.eventually("both are found", || total(x) == 2);
        let later = x.now().plus_seconds(10).to_string();
        let fresh = |when: &str| search(x, &[("confirmed_after", when)])["total"].clone();
        assert_eq!((fresh(&x.now().plus_seconds(-10).to_string()), fresh(&later)), (json!(2), json!(0)));
        x.clock.advance(60);
        for path in &paths {
            let etag = member.get(path).expect(200).etag();
            member.post_at(&format!("{path}/confirmation"), &etag, &json!({})).expect(200);
        }
        x.eventually("both are fresh", || fresh(&later) == json!(2));
    }

    fn suggestions_complete_titles_and_key_words(x) {
        let member = x.researcher();
        let tagged = titled(&LISTINGS, "Thiết bị khác", json!({"keywords": ["nước sạch nông thôn"]}));
        stock_titles(x);
        stock(x, &member.organization_id, &LISTINGS, vec![Shelved(tagged, 0)]);
        let suggest = |text: &str| {
            x.visitor().get(&format!("/v1/search/suggestions?q={}", encode(text))).expect(200).json()["items"].clone()
        };
        assert_eq!(suggest("cong ng"), json!([TITLES[0]]));
        assert_eq!(suggest("NƯỚC"), json!(["nước sạch nông thôn", TITLES[0]]));
        assert_eq!(suggest("đường"), json!([TITLES[2]]));
        assert_eq!(suggest("zzz"), json!([]));
        let get = |query: &str| x.visitor().get(&format!("/v1/search/suggestions{query}"));
        get("").expect(422).field("/q", "required");
        get(&format!("?q={}", "x".repeat(201))).expect(422).field("/q", "too_long");
        get("?q=a&limit=3").expect(422).field("/limit", "unknown_field");
    }

    fn hostile_questions_are_harmless(x) {
        stock_titles(x);
        let endless = "a".repeat(1000);
        let long = "xử lý ".repeat(150);
        for text in [
            "*", "\"", "((((", "\\", "🙂🙂", "-- ;", "title:* OR [* TO *]", "'; DROP TABLE listings; --", "٣ שלום 水处理",
            "%_", "\u{202E}nước thải", "+nước* AND thải~2", "\u{300}\u{301}", &endless, &long,
        ] {
            search(x, &[("q", text)]);
            let short: String = text.chars().take(200).collect();
            x.visitor().get(&format!("/v1/search/suggestions?q={}", encode(&short))).expect(200);
        }
        assert_eq!(found(x, &[("q", "\"nước thải\"")]).first().map(String::as_str), Some(TITLES[0]));
        let get = |query: &str| x.visitor().get(&format!("/v1/search?{query}"));
        get(&format!("q={}", "x".repeat(1001))).expect(422).field("/q", "too_long");
        get("q=a%00b").expect(422).field("/q", "control_character");
        get("verified=yes").expect(422).field("/verified", "invalid_format");
        get("trl_min=0").expect(422).field("/trl_min", "invalid_format");
        get("published_after=yesterday").expect(422).field("/published_after", "invalid_format");
        get("price_min=99999999999999999999").expect(422).field("/price_min", "invalid_format");
        get("ip_kind=idea").expect(422).field("/ip_kind", "not_a_choice");
        get("vsic=X").expect(422).field("/vsic", "invalid_format");
        get("sdg=18").expect(422).field("/sdg", "invalid_format");
        get("confirmed_after=now").expect(422).field("/confirmed_after", "invalid_format");
        get("q=a&page=2").expect(422).field("/page", "unknown_field");
        get("q=%FF%FE");
    }

    fn an_unchanged_answer_is_not_sent_again(x) {
        stock_titles(x);
        let answer = x.visitor().get("/v1/search?q=nuoc").expect(200);
        assert_eq!(answer.header("cache-control"), Some("public, no-cache"));
        x.visitor().with("if-none-match", &answer.etag()).get("/v1/search?q=nuoc").expect(304);
    }
}
