//! Organisations and their verification.

use serde_json::{Value, json};

use crate::harness::{Answer, Client, Exchange, Member, person, tax_code};
use crate::on_both;

fn content(name: &str) -> Value {
    json!({"kind": "enterprise", "name": name, "tax_code": tax_code(), "province": "01"})
}

/// An organisation's path, and its owner.
fn registered(x: &Exchange, content: &Value) -> (String, Client) {
    let (owner, ..) = person(x);
    let id = owner.post("/v1/organizations", content).expect(201).id();
    (format!("/v1/organizations/{id}"), owner)
}

fn decide(client: &Client, path: &str, decision: &str) -> Answer {
    let etag = client.get(path).header("etag").unwrap_or("\"1-0\"").to_owned();
    let body = json!({"decision": decision, "method": "official_letter", "evidence": "Công văn số 12/CV-VMT."});
    client.post_at(&format!("{path}/verification"), &etag, &body)
}

fn verified(x: &Exchange, content: &Value) -> (String, Client) {
    let (path, owner) = registered(x, content);
    decide(&x.officer(), &path, "verified").expect(201);
    (path, owner)
}

/// The names in a list, without the authority of the officer.
fn names(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let items = body["items"].as_array().cloned().unwrap_or_default();
    let others = items.iter().filter(|item| item["kind"] != "authority");
    others.filter_map(|item| item["name"].as_str().map(str::to_owned)).collect()
}

on_both! {
    fn whoever_registers_an_organisation_owns_it(x) {
        let (me, ..) = person(x);
        let answer = me.post("/v1/organizations", &content("Công ty Nước Sạch")).expect(201);
        assert_eq!(answer.text_at("/verification"), "unverified");
        let path = format!("/v1/organizations/{}", answer.id());
        assert_eq!(answer.header("location"), Some(path.as_str()));
        assert_eq!(me.get(&path).expect(200).etag(), answer.etag());
        let memberships = me.get("/v1/me").expect(200).json()["organizations"].clone();
        assert_eq!(memberships[0]["id"], answer.json()["id"]);
        assert_eq!(memberships[0]["role"], "owner");
        x.visitor().post("/v1/organizations", &content("Công ty")).expect(401);
    }

    fn a_tax_code_has_to_have_the_right_check_digit(x) {
        let (me, ..) = person(x);
        let right = tax_code();
        let digit = right.chars().last().and_then(|c| c.to_digit(10)).expect("a digit");
        let wrong_digit = format!("{}{}", &right[..9], (digit + 1) % 10);
        for code in [wrong_digit.as_str(), "", "12345", "01001091O6", &format!("{right}-1"), &format!("{right}-0011")] {
            let mut body = content("Công ty");
            body["tax_code"] = json!(code);
            me.post("/v1/organizations", &body).expect(422).field("/tax_code", "invalid_tax_code");
        }
        for code in [right.clone(), format!("{right}-001")] {
            let mut body = content("Công ty");
            body["tax_code"] = json!(code);
            me.post("/v1/organizations", &body).expect(201);
        }
    }

    fn a_tax_code_belongs_to_one_organisation(x) {
        let first = content("Công ty Một");
        let (path, owner) = registered(x, &first);
        let (second, other) = registered(x, &content("Công ty Hai"));
        let (stranger, ..) = person(x);
        stranger
            .post("/v1/organizations", &first)
            .expect(422)
            .problem("validation_failed")
            .field("/tax_code", "tax_code_taken");
        let etag = other.get(&second).expect(200).etag();
        let taken = other.patch(&second, &etag, &json!({"tax_code": first["tax_code"]}));
        taken.expect(422).field("/tax_code", "tax_code_taken");
        let etag = owner.get(&path).expect(200).etag();
        owner.patch(&path, &etag, &json!({"about": "Xử lý nước."})).expect(200);
    }

    fn simultaneous_registrations_of_one_tax_code_make_one_organisation(x) {
        let body = content("Công ty Một");
        let people: Vec<_> = (0..4).map(|_| person(x).0).collect();
        let mut answers: Vec<u16> = std::thread::scope(|scope| {
            let threads: Vec<_> = people.iter().map(|p| scope.spawn(|| p.post("/v1/organizations", &body))).collect();
            threads.into_iter().map(|thread| thread.join().expect("an answer").status).collect()
        });
        answers.sort_unstable();
        assert_eq!(answers, [201, 422, 422, 422]);
    }

    fn only_individuals_need_no_tax_code(x) {
        let (me, ..) = person(x);
        for kind in ["institute", "enterprise", "intermediary"] {
            let answer = me.post("/v1/organizations", &json!({"kind": kind, "name": "Tổ chức"}));
            answer.expect(422).field("/tax_code", "required");
        }
        me.post("/v1/organizations", &json!({"kind": "individual", "name": "Trần Thị B"})).expect(201);
    }

    fn nobody_registers_or_becomes_an_authority(x) {
        let (me, ..) = person(x);
        let mut body = content("Sở Khoa học và Công nghệ");
        body["kind"] = json!("authority");
        me.post("/v1/organizations", &body).expect(422).field("/kind", "not_a_choice");
        let (path, owner) = registered(x, &content("Công ty"));
        let etag = owner.get(&path).expect(200).etag();
        owner.patch(&path, &etag, &json!({"kind": "authority"})).expect(422).field("/kind", "not_a_choice");
        decide(&me, &path, "verified").expect(403).problem("officer_required");
    }

    fn several_wrong_fields_are_all_named(x) {
        let (me, ..) = person(x);
        let body = json!({"kind": "club", "name": "x", "tax_code": "1", "province": 1, "colour": "red"});
        let answer = me.post("/v1/organizations", &body).expect(422).problem("validation_failed");
        let answer =
            answer.field("/kind", "not_a_choice").field("/name", "too_short").field("/tax_code", "invalid_tax_code");
        answer.field("/province", "wrong_type").field("/colour", "unknown_field");
        let mut body = content("Công ty");
        body["province"] = json!("99");
        me.post("/v1/organizations", &body).expect(422).field("/province", "unknown_reference");
        body["website"] = json!("javascript:alert(1)");
        me.post("/v1/organizations", &body).expect(422).field("/website", "invalid_format");
    }

    fn an_unverified_organisation_is_seen_by_members_and_officers_only(x) {
        let (path, owner) = registered(x, &content("Công ty Kín"));
        let stranger = x.enterprise();
        for client in [&x.visitor(), &stranger] {
            client.get(&path).expect(404).problem("not_found");
            assert!(!names(&client.get("/v1/organizations").expect(200)).contains(&"Công ty Kín".to_owned()));
        }
        let etag = owner.get(&path).expect(200).etag();
        stranger.patch(&path, &etag, &json!({"name": "Công ty khác"})).expect(404).problem("not_found");
        stranger.get(&format!("{path}/verifications")).expect(404).problem("not_found");
        x.officer().get(&path).expect(200);
        let queue = x.officer().get("/v1/organizations?verification=unverified&sort=created_at").expect(200);
        assert_eq!(names(&queue), ["Công ty Kín"]);
    }

    fn the_queue_of_unverified_organisations_is_for_officers(x) {
        let (_, owner) = registered(x, &content("Công ty Kín"));
        for verification in ["unverified", "refused"] {
            let path = format!("/v1/organizations?verification={verification}");
            owner.get(&path).expect(403).problem("officer_required");
            x.visitor().get(&path).expect(403).problem("officer_required");
            x.officer().get(&path).expect(200);
        }
    }

    fn an_officer_verifies_an_organisation(x) {
        let (path, owner) = registered(x, &content("Công ty Nước Sạch"));
        let before = owner.get(&path).expect(200).etag();
        let decision = decide(&x.officer(), &path, "verified").expect(201);
        assert!(decision.json()["officer_id"].is_string());
        let shown = x.visitor().get(&path).expect(200);
        assert_eq!(shown.text_at("/verification"), "verified");
        assert_eq!(shown.header("cache-control"), Some("public, no-cache"));
        assert_ne!(owner.get(&path).expect(200).etag(), before);
        let history = owner.get(&format!("{path}/verifications")).expect(200);
        assert_eq!(history.text_at("/items/0/evidence"), "Công văn số 12/CV-VMT.");
        assert!(history.json()["items"][0].get("officer_id").is_none());
    }

    fn only_officers_verify(x) {
        let (path, owner) = registered(x, &content("Công ty"));
        decide(&owner, &path, "verified").expect(403).problem("officer_required");
        decide(&Member::of_verified(x, "institute").client, &path, "verified").expect(403).problem("officer_required");
        decide(&x.visitor(), &path, "verified").expect(401).problem("authentication_required");
        assert_eq!(owner.get(&path).expect(200).text_at("/verification"), "unverified");
    }

    fn a_decision_is_on_what_the_officer_has_read(x) {
        let (path, owner) = registered(x, &content("Công ty"));
        let officer = x.officer();
        let read = officer.get(&path).expect(200).etag();
        owner.patch(&path, &read, &json!({"name": "Công ty khác hẳn"})).expect(200);
        let body = json!({"decision": "verified", "method": "site_visit", "evidence": "Đã đến nơi."});
        let to = format!("{path}/verification");
        officer.post_at(&to, &read, &body).expect(412).problem("stale_version");
        officer.post(&to, &body).expect(428).problem("if_match_required");
        decide(&officer, &path, "verified").expect(201);
    }

    fn an_organisation_can_be_refused_and_accepted_later(x) {
        let (path, owner) = registered(x, &content("Công ty"));
        let officer = x.officer();
        decide(&officer, &path, "refused").expect(201);
        assert_eq!(owner.get(&path).expect(200).text_at("/verification"), "refused");
        x.visitor().get(&path).expect(404);
        decide(&officer, &path, "refused").expect(409).problem("organization_wrong_state");
        x.clock.advance(1);
        decide(&officer, &path, "verified").expect(201);
        x.visitor().get(&path).expect(200);
        let history = officer.get(&format!("{path}/verifications")).expect(200);
        assert_eq!(
            (history.text_at("/items/0/decision"), history.text_at("/items/1/decision")),
            ("verified".into(), "refused".into())
        );
    }

    fn another_name_undoes_the_verification(x) {
        let (path, owner) = verified(x, &content("Công ty Nước Sạch"));
        let etag = owner.get(&path).expect(200).etag();
        let same = owner.patch(&path, &etag, &json!({"about": "Xử lý nước thải.", "province": "79"})).expect(200);
        assert_eq!(same.text_at("/verification"), "verified");
        let renamed = owner.patch(&path, &same.etag(), &json!({"name": "Ngân hàng"})).expect(200);
        assert_eq!(renamed.text_at("/verification"), "unverified");
        x.visitor().get(&path).expect(404);
        assert_eq!(names(&x.visitor().get("/v1/organizations").expect(200)), [""; 0]);
    }

    fn an_organisation_is_changed_at_its_version(x) {
        let (path, owner) = verified(x, &content("Công ty"));
        let etag = owner.get(&path).expect(200).etag();
        let body = json!({"about": "Xử lý nước."});
        let merge_patch = Some("application/merge-patch+json");
        owner.send("PATCH", &path, merge_patch, body.to_string().as_bytes()).expect(428).problem("if_match_required");
        let changed = owner.patch(&path, &etag, &body).expect(200);
        owner.patch(&path, &etag, &json!({"about": "Khác."})).expect(412).problem("stale_version");
        let cleared = owner.patch(&path, &changed.etag(), &json!({"about": null})).expect(200);
        assert!(cleared.json()["about"].is_null());
        owner.with("if-none-match", &cleared.etag()).get(&path).expect(304);
        let stranger = x.enterprise();
        stranger.patch(&path, &cleared.etag(), &body).expect(403).problem("role_too_low");
    }

    fn the_tax_code_of_an_individual_is_private(x) {
        let body = json!({"kind": "individual", "name": "Trần Thị B", "tax_code": tax_code()});
        let (path, owner) = verified(x, &body);
        assert_eq!(owner.get(&path).expect(200).json()["tax_code"], body["tax_code"]);
        assert!(x.visitor().get(&path).expect(200).json()["tax_code"].is_null());
        assert!(
            !x.visitor().get("/v1/organizations").expect(200).text.contains(body["tax_code"].as_str().expect("text"))
        );
    }

    fn the_list_is_filtered_and_sorted(x) {
        for (name, kind, province) in [
            ("Đại học Một", "institute", "01"),
            ("Công ty Âu Lạc", "enterprise", "79"),
            ("công ty an bình", "enterprise", "01"),
            ("Viện 100%_sạch", "institute", "48"),
        ] {
            x.clock.advance(1);
            verified(x, &json!({"kind": kind, "name": name, "tax_code": tax_code(), "province": province}));
        }
        for (query, expected) in [
            ("", vec!["công ty an bình", "Công ty Âu Lạc", "Đại học Một", "Viện 100%_sạch"]),
            ("sort=created_at", vec!["Đại học Một", "Công ty Âu Lạc", "công ty an bình", "Viện 100%_sạch"]),
            ("kind=enterprise", vec!["công ty an bình", "Công ty Âu Lạc"]),
            ("province=01", vec!["công ty an bình", "Đại học Một"]),
            ("kind=enterprise&province=79", vec!["Công ty Âu Lạc"]),
            ("q=CONG+TY", vec!["công ty an bình", "Công ty Âu Lạc"]),
            ("q=au%20lac", vec!["Công ty Âu Lạc"]),
            ("q=dai", vec!["Đại học Một"]),
            ("q=%25_s", vec!["Viện 100%_sạch"]),
            ("q=_", vec!["Viện 100%_sạch"]),
            ("q=%5C", vec![]),
            ("q=%27", vec![]),
            ("province=99", vec![]),
            ("verification=verified&kind=individual", vec![]),
        ] {
            assert_eq!(names(&x.visitor().get(&format!("/v1/organizations?{query}")).expect(200)), expected, "{query}");
        }
    }

    fn the_list_is_paged_through_in_either_order(x) {
        for name in ["B", "A", "C", "A", "D"] {
            verified(x, &content(&format!("Công ty {name}")));
        }
        for sort in ["name", "created_at"] {
            let all = names(&x.visitor().get(&format!("/v1/organizations?kind=enterprise&sort={sort}")).expect(200));
            let (mut paged, mut next) =
                (Vec::new(), Some(format!("/v1/organizations?kind=enterprise&sort={sort}&limit=2")));
            while let Some(path) = next {
                let page = x.visitor().get(&path).expect(200);
                paged.extend(names(&page));
                next = page.header("link").map(|link| link.trim_start_matches('<').replace(">; rel=\"next\"", ""));
            }
            assert_eq!((paged.len(), paged), (5, all));
        }
    }

    fn a_page_stays_where_it_was_when_organisations_are_added(x) {
        for name in ["B", "D", "F"] {
            verified(x, &content(&format!("Công ty {name}")));
        }
        let first = x.visitor().get("/v1/organizations?kind=enterprise&limit=1").expect(200);
        assert_eq!(names(&first), ["Công ty B"]);
        verified(x, &content("Công ty A"));
        verified(x, &content("Công ty C"));
        let rest = x
            .visitor()
            .get(&format!("/v1/organizations?kind=enterprise&cursor={}", first.text_at("/next_cursor")))
            .expect(200);
        assert_eq!(names(&rest), ["Công ty C", "Công ty D", "Công ty F"]);
    }

    fn a_cursor_of_another_order_is_refused(x) {
        verified(x, &content("Công ty A"));
        verified(x, &content("Công ty B"));
        let cursor = x.visitor().get("/v1/organizations?kind=enterprise&limit=1").expect(200).text_at("/next_cursor");
        let other = x.visitor().get(&format!("/v1/organizations?sort=created_at&cursor={cursor}"));
        other.expect(400).problem("malformed_cursor");
    }

    fn a_person_owns_so_many_at_the_most(x) {
        let (me, ..) = person(x);
        let register = || {
            let body = json!({"kind": "individual", "name": "Nhà sáng chế tự do"});
            me.post("/v1/organizations", &body)
        };
        for _ in 0..20 {
            register().expect(201);
        }
        register().expect(409).problem("limit_reached");
    }
}
