//! Verification: how it was checked, how long it holds, how it is taken back, what the public sees of it.

use serde_json::{Value, json};

use crate::harness::{Answer, Client, Member, tax_code};
use crate::on_both;

const HASH: &str = "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08";

fn path(owner: &Member) -> String {
    format!("/v1/organizations/{}", owner.organization_id)
}

fn decide(by: &Client, owner: &Member, body: &Value) -> Answer {
    let etag = by.get(&path(owner)).header("etag").unwrap_or("\"1-0\"").to_owned();
    by.post_at(&format!("{}/verification", path(owner)), &etag, body)
}

fn verified(until: &str) -> Value {
    json!({"decision": "verified", "method": "establishment_decision", "evidence": "Quyết định số 12/QĐ-UBND.",
        "evidence_sha256": HASH, "expires_on": until})
}

on_both! {
    fn the_public_sees_what_was_checked_and_members_what_was_shown(x) {
        let owner = Member::of_unverified(x, "institute");
        decide(&x.officer(), &owner, &verified("2028-11-23")).expect(201);
        let shown = x.visitor().get(&path(&owner)).expect(200);
        assert_eq!(shown.text_at("/verified/method"), "establishment_decision");
        assert_eq!((shown.text_at("/verified/at"), shown.text_at("/verified/until_on")), (x.now().to_string(), "2028-11-23".into()));
        assert!(!shown.text.contains("12/QĐ-UBND") && !shown.text.to_uppercase().contains(HASH));
        let history = owner.get(&format!("{}/verifications", path(&owner))).expect(200);
        assert_eq!(history.text_at("/items/0/evidence_sha256"), HASH.to_lowercase());
        assert_eq!(history.text_at("/items/0/expires_on"), "2028-11-23");
        x.researcher().get(&format!("{}/verifications", path(&owner))).expect(404);
    }

    fn a_verification_is_revoked_with_a_reason(x) {
        let owner = x.enterprise();
        let revocation = json!({"decision": "revoked", "evidence": "Đăng ký doanh nghiệp đã bị thu hồi."});
        decide(&x.officer(), &owner, &revocation).expect(201);
        x.visitor().get(&path(&owner)).expect(404).problem("not_found");
        let own = owner.get(&path(&owner)).expect(200);
        assert_eq!(own.text_at("/verification"), "unverified");
        assert!(own.json().get("verified").is_none());
        decide(&x.officer(), &owner, &revocation).expect(409).problem("organization_wrong_state");
        let history = owner.get(&format!("{}/verifications", path(&owner))).expect(200);
        assert_eq!(history.text_at("/items/0/decision"), "revoked");
        assert!(history.json()["items"][0].get("method").is_none());
    }

    fn a_verification_lapses_and_is_renewed(x) {
        let owner = Member::of_unverified(x, "institute");
        let officer = x.officer();
        decide(&officer, &owner, &verified("2026-11-23")).expect(201);
        decide(&officer, &owner, &verified("2026-11-24")).expect(201);
        for (days, status) in [(0, 200), (1, 200), (1, 404)] {
            x.clock.advance(days * 86_400);
            x.run_jobs();
            x.visitor().get(&path(&owner)).expect(status);
        }
        let events = crate::rows::select(x.database_url(), "{text:event}", "audit_log WHERE event LIKE '%lapsed'");
        assert_eq!(events, ["organization.verification_lapsed"]);
    }

    fn that_of_an_intermediary_lasts_as_long_as_its_credentials(x) {
        let (client, email, user_id) = crate::harness::person(x);
        let body = json!({"kind": "intermediary", "name": "Công ty thẩm định giá", "tax_code": tax_code(),
            "credentials": [{"name": "Giấy chứng nhận đủ điều kiện", "number": "12/TĐG", "issuer": "Bộ Tài chính", "expires_on": "2027-01-31"}]});
        let organization_id = client.post("/v1/organizations", &body).expect(201).id();
        let broker = Member { client, email, user_id, organization_id };
        decide(&x.officer(), &broker, &verified("2028-11-23")).expect(201);
        let shown = x.visitor().get(&path(&broker)).expect(200);
        assert_eq!(shown.text_at("/verified/until_on"), "2027-01-31");
        assert_eq!(shown.text_at("/credentials/0/number"), "12/TĐG");
        let renewed = json!({"credentials": [{"name": "Giấy chứng nhận đủ điều kiện", "expires_on": "2029-01-31"}]});
        let changed = broker.patch(&path(&broker), &shown.etag(), &renewed).expect(200);
        assert_eq!(changed.text_at("/verification"), "unverified");
    }

    fn an_officer_does_not_verify_an_organisation_of_their_own(x) {
        let owner = Member::of_unverified(x, "institute");
        let officer = x.officer();
        let id = officer.get("/v1/me").expect(200).id();
        crate::harness::join(x, &owner.organization_id, &id, "viewer");
        decide(&officer, &owner, &verified("2028-11-23")).expect(403).problem("conflict_of_interest");
        assert_eq!(owner.get(&path(&owner)).expect(200).text_at("/verification"), "unverified");
    }

    fn what_does_not_fit_together_is_refused(x) {
        let owner = Member::of_unverified(x, "institute");
        let officer = x.officer();
        let evidence = "Đã xem.";
        for (body, field, code) in [
            (json!({"decision": "verified", "evidence": evidence}), "/method", "required"),
            (json!({"decision": "revoked", "method": "other", "evidence": evidence}), "/method", "not_allowed_here"),
            (json!({"decision": "refused", "method": "other", "evidence": evidence, "expires_on": "2028-01-01"}), "/expires_on", "not_allowed_here"),
            (json!({"decision": "verified", "method": "other", "evidence": evidence, "evidence_sha256": "z".repeat(64)}), "/evidence_sha256", "invalid_format"),
            (json!({"decision": "verified", "method": "other", "evidence": evidence, "evidence_sha256": "12"}), "/evidence_sha256", "too_short"),
            (json!({"decision": "verified", "method": "rumour", "evidence": evidence}), "/method", "not_a_choice"),
            (verified("2026-11-22"), "/expires_on", "out_of_range"),
        ] {
            decide(&officer, &owner, &body).expect(422).field(field, code);
        }
    }

    fn a_profile_says_more(x) {
        let owner = x.researcher();
        let etag = owner.get(&path(&owner)).expect(200).etag();
        let profile = json!({"name_en": "Water Institute", "about_en": "Water.", "contact_email": "lien-he@vien.example",
            "contact_phone": "+84 24 0000 0000", "founded_year": 1995, "research_fields": ["engineering_and_technology"],
            "competences": ["màng lọc"]});
        let changed = owner.patch(&path(&owner), &etag, &profile).expect(200);
        let public = x.visitor().get(&path(&owner)).expect(200).json();
        for (name, value) in profile.as_object().expect("an object") {
            assert_eq!(&public[name], value, "{name}");
        }
        let wrong = json!({"research_fields": ["engineering_and_technology", "alchemy"], "contact_email": "khong-phai",
            "credentials": [{"name": "Thẻ"}]});
        let refused = owner.patch(&path(&owner), &changed.etag(), &wrong).expect(422);
        refused.field("/contact_email", "invalid_email").field("/credentials", "not_allowed_here");
        let unknown = json!({"research_fields": ["engineering_and_technology", "alchemy"]});
        owner.patch(&path(&owner), &changed.etag(), &unknown).expect(422).field("/research_fields/1", "unknown_reference");
    }
}
