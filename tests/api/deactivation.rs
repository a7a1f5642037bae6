//! Organisations that leave the public and come back.

use serde_json::json;

use crate::harness::{Answer, Client, Exchange, Member, listing, member_of, order};
use crate::on_both;

fn path(owner: &Member) -> String {
    format!("/v1/organizations/{}", owner.organization_id)
}

fn act(by: &Client, path: &str, what: &str) -> Answer {
    let etag = by.get(path).header("etag").unwrap_or("\"1-0\"").to_owned();
    match what {
        "deactivation" => by.post_at(&format!("{path}/{what}"), &etag, &json!({"reason": "Viện sáp nhập."})),
        _ => by.with("if-match", &etag).send("POST", &format!("{path}/{what}"), None, b""),
    }
}

/// What a visitor finds of an organisation's items: in lists, by identifier, by searching.
fn seen(x: &Exchange, items: &[&String]) -> [usize; 3] {
    let visitor = x.visitor();
    let listed = ["/v1/listings", "/v1/orders"].map(|list| visitor.get(list).expect(200).titles().len());
    let found = visitor.get("/v1/search?q=may%20loc&facets=false").expect(200).titles().len();
    let read = items.iter().filter(|item| visitor.get(item).status == 200).count();
    [listed.iter().sum(), read, found]
}

on_both! {
    fn what_it_published_leaves_the_public_and_comes_back(x) {
        let owner = x.researcher();
        let items = [
            &owner.publish_listing(x, &listing("Máy lọc nước biển")),
            &owner.publish_order(x, &order("Cần máy lọc khí")),
        ];
        x.eventually("it is indexed", || seen(x, &items) == [2, 2, 2]);
        let gone = act(&owner, &path(&owner), "deactivation").expect(200);
        assert_eq!((gone.text_at("/deactivation/by"), gone.text_at("/deactivation/reason")), ("owner".into(), "Viện sáp nhập.".into()));
        assert_eq!(seen(x, &items), [0, 0, 0]);
        x.visitor().get(&path(&owner)).expect(404).problem("not_found");
        x.visitor().get(&format!("{}/page", path(&owner))).expect(404).problem("not_found");
        assert!(!x.visitor().get("/v1/organizations").expect(200).text.contains(&owner.organization_id));
        let listed = x.officer().get("/v1/organizations?deactivated=true").expect(200).json();
        assert_eq!(listed["items"][0]["id"], json!(owner.organization_id));
        x.visitor().get("/v1/organizations?deactivated=true").expect(403).problem("officer_required");
        for item in items {
            owner.get(item).expect(200);
        }
        act(&owner, &path(&owner), "reactivation").expect(200);
        assert!(owner.get(&path(&owner)).expect(200).json().get("deactivation").is_none());
        x.eventually("it is found again", || seen(x, &items) == [2, 2, 2]);
    }

    fn nothing_is_submitted_and_nobody_invited_meanwhile(x) {
        let owner = x.enterprise();
        let draft = owner.post(&owner.orders(), &order("Cần máy lọc nước")).expect(201);
        act(&owner, &path(&owner), "deactivation").expect(200);
        let submission = format!("/v1/orders/{}/submission", draft.id());
        owner.post_at(&submission, &draft.etag(), &json!({})).expect(409).problem("organization_deactivated");
        let invitation = json!({"email": "ai-do@example.com", "role": "viewer"});
        owner.post(&format!("{}/invitations", path(&owner)), &invitation).expect(409).problem("organization_deactivated");
        act(&owner, &path(&owner), "deactivation").expect(409).problem("organization_wrong_state");
        act(&owner, &path(&owner), "reactivation").expect(200);
        act(&owner, &path(&owner), "reactivation").expect(409).problem("organization_wrong_state");
        owner.post_at(&submission, &draft.etag(), &json!({})).expect(200);
    }

    fn what_an_officer_did_an_owner_does_not_undo(x) {
        let owner = x.enterprise();
        let gone = act(&x.officer(), &path(&owner), "deactivation").expect(200);
        assert_eq!(gone.text_at("/deactivation/by"), "officer");
        assert_eq!(owner.get(&path(&owner)).expect(200).text_at("/deactivation/reason"), "Viện sáp nhập.");
        act(&owner, &path(&owner), "reactivation").expect(403).problem("officer_required");
        act(&x.officer(), &path(&owner), "reactivation").expect(200);
    }

    fn it_is_for_owners_and_officers(x) {
        let owner = x.enterprise();
        let (editor, ..) = member_of(x, &owner.organization_id, "editor");
        for what in ["deactivation", "reactivation"] {
            act(&editor, &path(&owner), what).expect(403).problem("role_too_low");
            act(&x.researcher(), &path(&owner), what).expect(403).problem("role_too_low");
        }
        let hidden = Member::of_unverified(x, "enterprise");
        act(&x.researcher(), &path(&hidden), "deactivation").expect(404).problem("not_found");
        owner.post_at(&format!("{}/deactivation", path(&owner)), "\"9-0\"", &json!({"reason": "Vì lý do."})).expect(412);
    }

    fn an_officer_does_not_decide_on_an_organisation_of_their_own(x) {
        let owner = x.enterprise();
        let officer = x.officer();
        let id = officer.get("/v1/me").expect(200).id();
        crate::harness::join(x, &owner.organization_id, &id, "editor");
        act(&officer, &path(&owner), "deactivation").expect(403).problem("conflict_of_interest");
        let draft = owner.post(&owner.orders(), &order("Cần máy lọc nước")).expect(201);
        let item = format!("/v1/orders/{}", draft.id());
        let etag = owner.post_at(&format!("{item}/submission"), &draft.etag(), &json!({})).expect(200).etag();
        for (step, body) in [
            ("publication", json!({})),
            ("rejection", json!({"reasons": [{"text": "Không."}]})),
            ("change-request", json!({"reasons": [{"text": "Không."}]})),
        ] {
            officer.post_at(&format!("{item}/{step}"), &etag, &body).expect(403).problem("conflict_of_interest");
        }
    }

    fn officers_decide_on_what_the_authority_itself_puts_in(x) {
        let officer = x.officer();
        let authority = officer.get("/v1/me").expect(200).text_at("/organizations/0/id");
        let draft = officer.post(&format!("/v1/organizations/{authority}/orders"), &order("Đề bài của thành phố")).expect(201);
        let item = format!("/v1/orders/{}", draft.id());
        let etag = officer.post_at(&format!("{item}/submission"), &draft.etag(), &json!({})).expect(200).etag();
        officer.post_at(&format!("{item}/publication"), &etag, &json!({})).expect(200);
    }
}
