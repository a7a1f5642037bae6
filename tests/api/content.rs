//! What listings and orders say beyond their texts: rights, owners, funding, classification, the other language, and how
//! complete it all is.

use serde_json::{Value, json};

use crate::catalogue::{KINDS, LISTINGS, ORDERS, Shelved, shelve, with};
use crate::harness::{listing, order};
use crate::on_both;

/// All that a listing can say.
fn full() -> Value {
    let fields = json!({
        "translation": {"title": "A drum for drying", "summary": "It dries.", "description": null, "problem_solved": null,
            "existing_solution": null, "measured_advantage": "30 % faster.", "economics": null},
        "trl_assessment": {"assessed_by": "Một hội đồng", "assessed_on": "2026-05-01"},
        "development_stage": "pilot",
        "ip_rights": [
            {"kind": "patent", "status": "granted", "number": "VN 1-0023456", "territory": "VN", "filed_on": "2020-03-15",
                "granted_on": "2023-08-25"},
            {"kind": "trade_secret", "status": "unregistered"}
        ],
        "owners": [
            {"name": "Viện A", "share_bp": 6667, "consent": "given", "consent_on": "2026-04-01"},
            {"name": "Công ty B", "share_bp": 3333, "consent": "pending"}
        ],
        "funding": {"state_money": true, "programme": "Chương trình mẫu", "task_code": "KC.01", "result_registration_number": "12/2025",
            "result_registered_on": "2025-12-01"},
        "evidence": [{"claim": "trl", "kind": "test_report", "description": "Đo sáu tháng.", "reference": "Số 7",
            "issued_by": "Phòng thử nghiệm", "issued_on": "2026-01-02", "sha256": "a".repeat(64)}],
        "territories": ["VN", "LA"],
        "vsic": ["37"],
        "nace": ["37.0"],
        "sdg": [6, 12],
        "price": {"kind": "range", "from": {"amount": 100, "currency": "EUR"}, "to": {"amount": 200, "currency": "EUR"}}
    });
    with(listing("Máy sấy trống"), fields)
}

on_both! {
    fn what_a_listing_says_is_read_as_it_was_written(x) {
        let (member, content) = (x.researcher(), full());
        let draft = LISTINGS.draft(&member, &content);
        let read = member.get(&draft.path).expect(200).json();
        for (name, value) in content.as_object().expect("fields") {
            assert_eq!(&read[name], value, "{name}");
        }
        let patch = json!({"translation": {"summary": "It dries well."}, "funding": {"task_code": null}, "sdg": [], "owners": []});
        let changed = member.patch(&draft.path, &draft.etag, &patch).expect(200).json();
        assert_eq!(changed["translation"]["title"], "A drum for drying", "a patch merges");
        assert_eq!(changed["translation"]["summary"], "It dries well.");
        assert_eq!(changed["funding"].get("task_code"), None);
        assert_eq!((&changed["sdg"], &changed["owners"]), (&json!([]), &json!([])));
    }

    fn what_an_order_says_is_read_as_it_was_written(x) {
        let member = x.enterprise();
        let content = with(order("Cần máy sấy"), json!({
            "translation": {"title": "Wanted: a dryer", "summary": null, "problem": "It is wet.", "context": null,
                "success_criteria": null, "out_of_scope": null},
            "anonymous": true, "territories": ["VN"], "vsic": ["C"], "nace": ["C"], "sdg": [9]
        }));
        let read = member.get(&ORDERS.draft(&member, &content).path).expect(200).json();
        for (name, value) in content.as_object().expect("fields") {
            assert_eq!(&read[name], value, "{name}");
        }
    }

    fn remaining_protection_runs_down(x) {
        let member = x.researcher();
        let path = member.publish_listing(x, &full());
        let protection = |at: &str| x.visitor().get(&path).expect(200).json().pointer(&format!("/protection/0/{at}")).cloned();
        assert_eq!(protection("normalized_number"), Some(json!("10023456")));
        assert_eq!(protection("expires_on"), Some(json!("2040-03-15")));
        assert_eq!(protection("basis"), Some(json!("statutory_term")));
        assert_eq!(protection("in_force"), Some(json!(true)));
        assert_eq!((protection("days_left"), protection("months_left")), (Some(json!(4861)), Some(json!(159))));
        let tag = x.visitor().get(&path).expect(200).etag();
        x.clock.advance(15 * 3600);
        assert_eq!(protection("days_left"), Some(json!(4860)), "midnight in Vietnam is five in the afternoon in UTC");
        x.visitor().with("if-none-match", &tag).get(&path).expect(200);
        x.clock.advance(5000 * 86_400);
        assert_eq!((protection("days_left"), protection("in_force")), (Some(json!(0)), Some(json!(false))));
        let secret = x.visitor().get(&path).expect(200).json()["protection"][1].clone();
        assert_eq!(secret, json!({}), "nothing can be known of a secret");
    }

    fn completeness_counts_and_names_what_is_missing(x) {
        let member = x.researcher();
        for kind in KINDS {
            let bare = kind.draft(&member, &json!({"language": "vi", "title": "Một cái máy"}));
            let read = member.get(&bare.path).expect(200).json();
            let points = |read: &Value| read["missing"].as_array().expect("a list").iter().map(|part| part["points"].as_u64().unwrap_or(0)).sum::<u64>();
            assert_eq!((read["completeness"].as_u64(), points(&read)), (Some(0), 100), "{}", kind.name);
            let named = read["missing"].as_array().is_some_and(|parts| parts.iter().any(|part| part["field"] == "/summary"));
            assert!(named, "{read}");
            let more = member.patch(&bare.path, &bare.etag, &(kind.content)("Một cái máy")).expect(200).json();
            let score = more["completeness"].as_u64().unwrap_or_default();
            assert_eq!(score + points(&more), 100);
            assert!(score > 50, "{score}");
            let own = member.get(&kind.own(&member)).expect(200).json();
            assert_eq!(own["items"][0]["completeness"], score);
        }
        let all = LISTINGS.draft(&member, &full());
        let read = member.get(&all.path).expect(200).json();
        assert_eq!(read["missing"], json!([{"field": "/owners", "points": 4}]), "an owner has not agreed");
    }

    fn wrong_fields_are_named(x) {
        let member = x.researcher();
        for (fields, pointer, code) in [
            (json!({"owners": [{"name": "A", "share_bp": 9999, "consent": "pending"}]}), "/owners", "shares_not_whole"),
            (json!({"owners": [{"name": "A", "share_bp": 0, "consent": "pending"}]}), "/owners/0/share_bp", "out_of_range"),
            (json!({"owners": [{"name": "A", "share_bp": 10000, "consent": "given"}]}), "/owners/0/consent_on", "required"),
            (json!({"ip_rights": [{"kind": "patent"}]}), "/ip_rights/0/status", "required"),
            (json!({"ip_rights": [{"kind": "idea", "status": "filed"}]}), "/ip_rights/0/kind", "not_a_choice"),
            (json!({"ip_rights": [{"kind": "patent", "status": "filed", "territory": "XX"}]}), "/ip_rights/0/territory", "invalid_format"),
            (json!({"ip_rights": [{"kind": "patent", "status": "granted", "filed_on": "2024-01-01", "granted_on": "2023-01-01"}]}),
                "/ip_rights/0/granted_on", "range_reversed"),
            (json!({"evidence": [{"claim": "trl", "kind": "other", "description": "x", "sha256": "abc"}]}), "/evidence/0/sha256", "invalid_format"),
            (json!({"funding": {}}), "/funding/state_money", "required"),
            (json!({"funding": {"state_money": "yes"}}), "/funding/state_money", "wrong_type"),
            (json!({"translation": {"summary": "x"}}), "/translation/title", "required"),
            (json!({"translation": {"title": "Dryer", "language": "en"}}), "/translation/language", "unknown_field"),
            (json!({"trl_assessment": {"assessed_by": "A"}}), "/trl_assessment/assessed_on", "required"),
            (json!({"territories": ["EP"]}), "/territories/0", "invalid_format"),
            (json!({"vsic": ["1"]}), "/vsic/0", "invalid_format"),
            (json!({"nace": ["37."]}), "/nace/0", "invalid_format"),
            (json!({"sdg": [18]}), "/sdg/0", "out_of_range"),
            (json!({"sdg": [6, 6]}), "/sdg/1", "duplicate"),
            (json!({"protection": []}), "/protection", "unknown_field"),
        ] {
            let body = with(listing("Máy sấy"), fields);
            member.post(&member.listings(), &body).expect(422).problem("validation_failed").field(pointer, code);
        }
    }

    fn lists_are_filtered_by_every_classification(x) {
        let member = x.researcher();
        for kind in KINDS {
            let item = |title: &str, fields: Value| Shelved(with((kind.content)(title), fields), 0);
            let items = vec![
                item("Mục a", json!({"vsic": ["37001"], "nace": ["C20.14"], "sdg": [6], "territories": ["VN", "LA"]})),
                item("Mục b", json!({"vsic": ["C"], "nace": ["20"], "sdg": [6, 16], "territories": ["JP"]})),
                item("Mục c", json!({})),
            ];
            shelve(x, kind, &member.organization_id, items);
            for (query, expected) in [
                ("vsic=37", "a"), ("vsic=370", "a"), ("vsic=3700,c", "ab"), ("vsic=38", ""), ("nace=20", "ab"), ("nace=20.1", "a"),
                ("nace=C20.14", "a"), ("sdg=6", "ab"), ("sdg=1", ""), ("sdg=16,1", "b"), ("territory=la", "a"), ("sdg=6&territory=JP", "b"),
            ] {
                let mut found: Vec<_> = x.visitor().get(&format!("{}?{query}", kind.list)).expect(200).titles();
                found.sort();
                let letters: String = found.iter().filter_map(|title| title.chars().last()).collect();
                assert_eq!(letters, expected, "{} {query}", kind.name);
            }
            x.visitor().get(&format!("{}?sdg=18", kind.list)).expect(422).field("/sdg", "invalid_format");
            x.visitor().get(&format!("{}?territory=XX", kind.list)).expect(422).field("/territory", "invalid_format");
        }
    }

    fn both_languages_and_the_numbers_of_rights_are_found(x) {
        let member = x.researcher();
        member.publish_listing(x, &full());
        let found = |words: &str| x.visitor().get(&format!("/v1/search?q={words}")).expect(200).titles();
        x.eventually("it is found", || !found("m%C3%A1y").is_empty());
        for words in ["drum+drying", "30+%25+faster", "1-0023456", "10023456"] {
            assert_eq!(found(words), ["Máy sấy trống"], "{words}");
        }
    }
}
