//! Everything the exchange holds about a person, for the person.

use serde_json::json;

use crate::harness::{App, listing, person};
use crate::on_both;

on_both! {
    fn the_export_has_every_part_and_no_secret(x) {
        let owner = x.enterprise();
        let app = App::of(x, &owner.client, &owner.email);
        let key = json!({"name": "Máy", "role": "viewer", "valid_days": 1});
        let made = owner.post(&format!("/v1/organizations/{}/api-keys", owner.organization_id), &key).expect(201);
        owner.post(&owner.listings(), &listing("Bí mật của tổ chức")).expect(201);
        let search = json!({"name": "Tìm của tôi", "query": {"q": "nuoc"}});
        let kept = owner.post("/v1/saved-searches", &search).expect(201);
        let asking = x.researcher();
        let invitation = json!({"email": owner.email, "role": "viewer"});
        let invited = asking.post(&format!("/v1/organizations/{}/invitations", asking.organization_id), &invitation).expect(201);
        let etag = owner.get("/v1/me").expect(200).etag();
        owner.patch("/v1/me", &etag, &json!({"full_name": "Tên của tôi"})).expect(200);
        let export = owner.get("/v1/me/export").expect(200);
        let data = export.json()["data"].clone();
        assert_eq!(data["account"]["profile"]["email"], json!(owner.email));
        assert_eq!(data["account"]["profile"]["organizations"][0]["id"], json!(owner.organization_id));
        assert_eq!(data["second_factor"]["state"], "on");
        assert_eq!(data["sessions"].as_array().map(Vec::len), Some(1));
        assert_eq!(data["api_keys"][0]["id"], made.json()["key"]["id"]);
        assert_eq!(data["saved_searches"], json!([kept.json()]));
        assert_eq!((&data["memberships"][0]["role"], data["memberships"].as_array().map(Vec::len)), (&json!("owner"), Some(1)));
        assert_eq!(data["invitations"][0]["id"], invited.json()["id"]);
        assert_eq!((&data["invitations"][0]["status"], data["invitations"][0].get("invited_by")), (&json!("pending"), None));
        let history: Vec<_> = data["history"].as_array().into_iter().flatten().map(|entry| entry["event"].clone()).collect();
        assert!(history.contains(&json!("user.created")) && !history.contains(&json!("user.changed")), "{history:?}");
        let activity = data["activity"].as_array().cloned().unwrap_or_default();
        let named = |event: &str| activity.iter().find(|deed| deed["event"] == event).cloned().unwrap_or_default();
        assert_eq!(named("user.changed")["changes"]["full_name"], json!(["Người thử", "Tên của tôi"]));
        // What was written for the organisation is the organisation's.
        assert_eq!(named("listing.created")["organization_id"], json!(owner.organization_id));
        assert!(named("listing.created")["changes"].is_null());
        assert!(!export.text.contains("Bí mật của tổ chức"));
        for secret in [app.secret.as_str(), made.text_at("/secret").as_str(), app.recovery[0].as_str(), "$argon2"] {
            assert!(!export.text.contains(secret), "{secret}");
        }
    }

    fn an_export_tells_of_nobody_else(x) {
        let (me, email, _) = person(x);
        let (_, other, other_id) = person(x);
        let export = me.get("/v1/me/export").expect(200);
        assert!(export.text.contains(&email) && !export.text.contains(&other) && !export.text.contains(&other_id));
        x.visitor().get("/v1/me/export").expect(401).problem("authentication_required");
    }
}
