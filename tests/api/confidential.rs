//! Confidential parts: who reads them, who writes them, who is told, and that nothing of them is anywhere else.

use serde_json::{Value, json};

use crate::catalogue::{LISTINGS, colleague, pages};
use crate::harness::{App, Client, Exchange, Member, listing};
use crate::{on_both, rows};

/// A word that stands nowhere else.
const CANARY: &str = "khoabimat";

fn sections() -> Value {
    json!({"sections": [{"title": "Thông số", "text": format!("Tải trọng {CANARY} 12 g/m²·ngày.")}]})
}

/// An owner whose session is stepped up.
fn owner(x: &Exchange) -> Member {
    let owner = x.researcher();
    App::of(x, &owner, &owner.email);
    owner
}

/// A published listing with a confidential part: its path and the part's.
fn published(x: &Exchange, member: &Member) -> (String, String) {
    let path = member.publish_listing(x, &listing("Máy sấy thăng hoa"));
    let part = format!("{path}/confidential");
    let etag = member.get(&part).expect(200).etag();
    member.patch(&part, &etag, &sections()).expect(200);
    (path, part)
}

/// Grants the part to an organisation for some seconds; the grant's path.
fn grant(x: &Exchange, owner: &Client, part: &str, reader: &Member, seconds: i64) -> String {
    let body = json!({
        "organization_id": reader.organization_id, "purpose": "Đánh giá theo thỏa thuận bảo mật.",
        "expires_at": x.now().plus_seconds(seconds).to_string(),
    });
    let answer = owner.post(&format!("{part}/grants"), &body).expect(201);
    answer.header("location").map(str::to_owned).expect("a location")
}

fn views(owner: &Client, part: &str) -> Vec<Value> {
    owner.get(&format!("{part}/views")).expect(200).json()["items"].as_array().cloned().expect("a list")
}

on_both! {
    fn the_owner_writes_and_reads_it(x) {
        let member = x.researcher();
        let (editor, viewer) = (colleague(x, &member, "editor"), colleague(x, &member, "viewer"));
        let (path, _) = member.draft_listing("Máy sấy");
        let part = format!("{path}/confidential");
        let empty = member.get(&part).expect(200);
        assert_eq!((&empty.json()["sections"], empty.json().get("updated_at")), (&json!([]), None));
        viewer.patch(&part, &empty.etag(), &sections()).expect(403).problem("role_too_low");
        let first = editor.patch(&part, &empty.etag(), &sections()).expect(200);
        assert_eq!(first.json()["sections"], sections()["sections"]);
        member.patch(&part, &empty.etag(), &json!({"sections": []})).expect(412).problem("stale_version");
        assert_eq!(viewer.get(&part).expect(200).text, first.text);
        let second = member.patch(&part, &first.etag(), &json!({"sections": []})).expect(200);
        assert_ne!(second.etag(), first.etag());
        assert!(views(&member, &part).is_empty(), "members' own readings are not logged");
        let long = json!({"sections": [{"title": CANARY, "text": ""}, {"name": CANARY}]});
        let refusal = member.patch(&part, &second.etag(), &long).expect(422);
        assert!(!refusal.text.contains(CANARY), "{}", refusal.text);
        refusal.field("/sections/0/text", "required").field("/sections/1/title", "required");
    }

    fn outsiders_find_nothing(x) {
        let owner = owner(x);
        let (path, part) = published(x, &owner);
        let (_, elsewhere) = published(x, &owner);
        let (revoked, expired, other) = (x.enterprise(), x.enterprise(), x.enterprise());
        let grants = [
            grant(x, &owner, &part, &revoked, 3_600),
            grant(x, &owner, &part, &expired, 60),
            grant(x, &owner, &elsewhere, &other, 3_600),
        ];
        for reader in [&revoked, &expired] {
            reader.get(&part).expect(200);
        }
        owner.post(&format!("{}/revocation", grants[0]), &json!({})).expect(200);
        x.clock.advance(60);
        let broker = Member::of_verified(x, "intermediary");
        let alone = crate::harness::person(x).0;
        let outsiders = [&x.researcher().client, &broker.client, &revoked.client, &expired.client, &other.client, &alone];
        let seen = rows::count(x.database_url(), "confidential_views");
        for who in outsiders {
            for path in [&part, &format!("{part}/grants"), &format!("{part}/views"), &grants[0]] {
                who.get(path).expect(404).problem("not_found");
            }
            who.get(&format!("{part}?reason=Toi%20muon%20xem")).expect(404).problem("not_found");
            who.patch(&part, "\"1-00000000\"", &sections()).expect(404).problem("not_found");
            let body = json!({
                "organization_id": other.organization_id, "purpose": "Xem thử.",
                "expires_at": x.now().plus_seconds(60).to_string(),
            });
            who.post(&format!("{part}/grants"), &body).expect(403).problem("step_up_required");
            who.post(&format!("{}/revocation", grants[1]), &json!({})).expect(404).problem("not_found");
            who.get(&path).expect(200);
        }
        for path in [&part, &format!("{part}/grants"), &format!("{part}/views"), &grants[0]] {
            x.visitor().get(path).expect(401).problem("authentication_required");
        }
        assert_eq!(rows::count(x.database_url(), "confidential_views"), seen);
    }

    fn a_grant_opens_it_to_an_organisation_and_every_reading_is_logged(x) {
        let (owner, reader) = (owner(x), x.enterprise());
        let (path, part) = published(x, &owner);
        let granted = grant(x, &owner, &part, &reader, 3_600);
        let clerk = colleague(x, &reader, "viewer");
        x.clock.advance(5);
        for who in [&reader.client, &clerk] {
            assert_eq!(who.get(&part).expect(200).json()["sections"], sections()["sections"]);
            who.patch(&part, "\"1-00000000\"", &sections()).expect(403).problem("role_too_low");
            who.get(&format!("{part}/grants")).expect(404).problem("not_found");
            x.clock.advance(5);
        }
        let log = views(&owner, &part);
        assert_eq!(log.len(), 2);
        assert_eq!(log[1]["viewer"]["id"], reader.user_id);
        assert_eq!(log[1]["organization"]["id"], reader.organization_id);
        assert_eq!(log[1]["created_at"], x.now().plus_seconds(-10).to_string());
        assert!(granted.ends_with(log[0]["grant_id"].as_str().expect("a grant")));
        assert_eq!(pages(&owner, &format!("{part}/views?limit=1")).len(), 2);
        // The grant sleeps while the listing is not public.
        let etag = owner.get(&path).expect(200).etag();
        let suspension = json!({"code": "complaint", "text": "Có khiếu nại."});
        let etag = x.officer().post_at(&format!("{path}/suspension"), &etag, &suspension).expect(200).etag();
        reader.get(&part).expect(404).problem("not_found");
        owner.get(&part).expect(200);
        x.officer().post_at(&format!("{path}/reinstatement"), &etag, &json!({})).expect(200);
        reader.get(&part).expect(200);
        let shown = owner.post(&format!("{granted}/revocation"), &json!({})).expect(200);
        assert_eq!(shown.json()["revoked_at"], x.now().to_string());
        assert_eq!(owner.post(&format!("{granted}/revocation"), &json!({})).expect(200).text, shown.text);
        assert_eq!(owner.get(&granted).expect(200).text, shown.text);
        reader.get(&part).expect(404).problem("not_found");
        assert_eq!(views(&owner, &part).len(), 3);
        // A member who leaves the organisation loses the grant with it.
        let again = grant(x, &owner, &part, &reader, 3_600);
        clerk.get(&part).expect(200);
        let members = format!("/v1/organizations/{}/members", reader.organization_id);
        let clerk_id = clerk.get("/v1/me").expect(200).id();
        reader.delete(&format!("{members}/{clerk_id}")).expect(204);
        clerk.get(&part).expect(404).problem("not_found");
        assert_eq!(owner.get(&format!("{part}/grants")).expect(200).json()["items"].as_array().map(Vec::len), Some(2));
        assert_ne!(again, granted);
    }

    fn a_grant_sleeps_while_its_reader_is_deactivated_or_unverified(x) {
        let (owner, reader) = (owner(x), x.enterprise());
        let part = published(x, &owner).1;
        grant(x, &owner, &part, &reader, 3_600);
        let organization = format!("/v1/organizations/{}", reader.organization_id);
        let officer = x.officer();
        let act = |what: &str, body: &Value| {
            let etag = officer.get(&organization).expect(200).etag();
            let kind = (!body.is_null()).then_some("application/json");
            let path = format!("{organization}/{what}");
            officer.with("if-match", &etag).send("POST", &path, kind, body.to_string().as_bytes())
        };
        let body = json!({
            "organization_id": reader.organization_id, "purpose": "Đánh giá.",
            "expires_at": x.now().plus_seconds(60).to_string(),
        });
        reader.get(&part).expect(200);
        act("deactivation", &json!({"reason": "Làm lộ tài liệu được giao."})).expect(200);
        reader.get(&part).expect(404).problem("not_found");
        let grants = format!("{part}/grants");
        owner.post(&grants, &body).expect(422).field("/organization_id", "no_verified_organization");
        act("reactivation", &Value::Null).expect(200);
        reader.get(&part).expect(200);
        let etag = reader.get(&organization).expect(200).etag();
        reader.patch(&organization, &etag, &json!({"name": "Một công ty khác hẳn"})).expect(200);
        reader.get(&part).expect(404).problem("not_found");
        let decision = json!({"decision": "verified", "method": "business_register", "evidence": "Tra cứu cổng đăng ký doanh nghiệp."});
        act("verification", &decision).expect(201);
        reader.get(&part).expect(200);
        assert_eq!(views(&owner, &part).len(), 3);
    }

    fn an_officer_gives_a_reason_that_the_owner_reads(x) {
        let (owner, officer) = (x.researcher(), x.officer());
        let (_, part) = published(x, &owner);
        officer.get(&part).expect(422).field("/reason", "required");
        officer.get(&format!("{part}?reason=vi")).expect(422).field("/reason", "too_short");
        assert!(views(&owner, &part).is_empty());
        officer.get(&format!("{part}?reason=Kiem%20tra%20khieu%20nai%2012")).expect(200);
        officer.patch(&part, "\"1-00000000\"", &sections()).expect(403).problem("role_too_low");
        officer.get(&format!("{part}/views")).expect(404).problem("not_found");
        let log = views(&owner, &part);
        assert_eq!((&log[0]["reason"], &log[0]["organization"]["kind"]), (&json!("Kiem tra khieu nai 12"), &json!("authority")));
        let draft = owner.draft_listing("Bản nháp").0;
        officer.get(&format!("{draft}/confidential?reason=Kiem%20tra")).expect(404).problem("not_found");
    }

    fn owners_grant_to_verified_others_for_a_while(x) {
        let (owner, reader) = (owner(x), x.enterprise());
        let (editor, (_, part)) = (colleague(x, &owner, "editor"), published(x, &owner));
        let unverified = Member::of_unverified(x, "enterprise");
        let body = |organization: &str, seconds: i64| {
            let expires_at = x.now().plus_seconds(seconds).to_string();
            json!({"organization_id": organization, "purpose": "Đánh giá.", "expires_at": expires_at})
        };
        let grants = format!("{part}/grants");
        editor.post(&grants, &body(&reader.organization_id, 60)).expect(403).problem("step_up_required");
        App::of(x, &reader, &reader.email);
        reader.post(&grants, &body(&reader.organization_id, 60)).expect(404).problem("not_found");
        let refused = |organization: &str, seconds: i64| owner.post(&grants, &body(organization, seconds)).expect(422);
        refused(&owner.organization_id, 60).field("/organization_id", "not_allowed_here");
        refused(&unverified.organization_id, 60).field("/organization_id", "no_verified_organization");
        refused("0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d4f", 60).field("/organization_id", "no_verified_organization");
        refused(&reader.organization_id, 0).field("/expires_at", "out_of_range");
        refused(&reader.organization_id, 6 * 365 * 86_400).field("/expires_at", "out_of_range");
        let wrong = json!({"organization_id": reader.organization_id, "purpose": " ", "expires_at": "mai"});
        owner.post(&grants, &wrong).expect(422).field("/purpose", "required").field("/expires_at", "invalid_format");
        let granted = grant(x, &owner, &part, &reader, 60);
        refused(&reader.organization_id, 60).field("/organization_id", "already_granted");
        assert_eq!(editor.get(&granted).expect(200).json()["organization"]["id"], reader.organization_id);
        x.clock.advance(60);
        grant(x, &owner, &part, &reader, 60);
        let other = published(x, &owner).1;
        let id = granted.rsplit('/').next().unwrap_or_default();
        owner.get(&format!("{other}/grants/{id}")).expect(404).problem("not_found");
    }

    fn nothing_of_it_is_anywhere_else(x) {
        let (owner, reader) = (owner(x), x.enterprise());
        let (path, part) = published(x, &owner);
        grant(x, &owner, &part, &reader, 3_600);
        reader.get(&part).expect(200);
        let search = "/v1/search?q=may%20say%20thang%20hoa";
        x.eventually("it is found", || x.visitor().get(search).expect(200).json()["total"] == 1);
        for who in [&x.visitor(), &reader.client, &owner.client, &x.officer()] {
            let canary = format!("/v1/search?q={CANARY}");
            assert_eq!(who.get(&canary).expect(200).json()["total"], 0);
            for path in [&path, LISTINGS.list, search, "/v1/search/suggestions?q=khoa", "/v1/search/suggestions?q=may"] {
                let answer = who.get(path).expect(200);
                assert!(!answer.text.contains(CANARY), "{path}: {}", answer.text);
            }
        }
        let own = [LISTINGS.own(&owner), format!("{path}/revisions"), format!("{path}/reviews"), format!("{part}/views")];
        for path in own {
            assert!(!owner.get(&path).expect(200).text.contains(CANARY), "{path}");
        }
        for (table, column) in [("audit_log", "changes"), ("revisions", "content"), ("outbox", "last_error"),
            ("idempotency_keys", "answer")] {
            let texts = rows::select(x.database_url(), &format!("{{text:{column}}}"), table);
            assert!(texts.iter().all(|text| !text.contains(CANARY)), "{table}");
        }
        let recorded = rows::select(x.database_url(), "event", "audit_log WHERE event LIKE 'confidential%' ORDER BY id");
        assert_eq!(recorded, ["confidential.changed", "confidential_grant.created", "confidential.viewed"]);
    }
}
