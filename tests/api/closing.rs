//! Closing an account for good, and suspending one for the time being.

use serde_json::json;

use crate::harness::{
    Answer, App, Client, Exchange, Member, PASSWORD, listing, member_of, person, stepped_up_officer, token,
};
use crate::{on_both, rows};

const REASON: &str = "Mật khẩu bị lộ; chờ chủ tài khoản xác nhận.";

fn close(client: &Client) -> Answer {
    client.post("/v1/me/closure", &json!({"password": PASSWORD}))
}

fn login(x: &Exchange, email: &str) -> Answer {
    x.visitor().post("/v1/sessions", &json!({"email": email, "password": PASSWORD}))
}

fn suspension(user: &str) -> String {
    format!("/v1/users/{user}/suspension")
}

fn suspend(officer: &Client, user: &str) -> Answer {
    officer.post(&suspension(user), &json!({"reason": REASON}))
}

on_both! {
    fn a_closed_account_is_gone_and_its_address_free(x) {
        let (me, email, user) = person(x);
        let elsewhere = x.visitor().sign_in(&email, PASSWORD);
        me.post("/v1/me/closure", &json!({"password": "mot-mat-khau-khac"})).expect(422).field("/password", "wrong_password");
        close(&me).expect(204);
        me.get("/v1/me").expect(401);
        elsewhere.get("/v1/me").expect(401);
        login(x, &email).expect(401).problem("invalid_credentials");
        let registration = json!({"email": email, "password": PASSWORD, "full_name": "Người mới"});
        x.visitor().post("/v1/registrations", &registration).expect(202);
        let token = token(x, &email, 1);
        let again = x.visitor().post("/v1/email-verifications", &json!({"token": token})).expect(200);
        assert_ne!(again.id(), user);
    }

    fn nothing_is_left_that_names_the_person(x) {
        let (_, email, user) = person(x);
        let me = x.visitor().with("user-agent", "may-cua-toi/1").sign_in(&email, PASSWORD);
        let etag = me.get("/v1/me").expect(200).etag();
        me.patch("/v1/me", &etag, &json!({"full_name": "Đặng Thị Hữu Danh"})).expect(200);
        me.post("/v1/me/second-factor", &json!({"password": PASSWORD})).expect(201);
        let search = json!({"name": "Điều tôi tìm", "query": {"q": "xuong det kim"}, "alert": "daily"});
        me.post("/v1/saved-searches", &search).expect(201);
        let (having, asking) = (x.researcher(), x.enterprise());
        let invitations = |owner: &Member| format!("/v1/organizations/{}/invitations", owner.organization_id);
        let invite = |owner: &Member| owner.post(&invitations(owner), &json!({"email": email, "role": "editor"})).expect(201);
        invite(&having);
        me.post("/v1/invitation-acceptances", &json!({"token": token(x, &email, 1)})).expect(201);
        let open = invite(&asking).id();
        let unanswered = token(x, &email, 2);
        let draft = me.post(&having.listings(), &listing("Viết cho tổ chức")).expect(201).id();
        let kept = || rows::everything(x.database_url(), &["audit_log"]);
        let names = [email.as_str(), "Đặng Thị Hữu Danh", "may-cua-toi", "Điều tôi tìm", "xuong det kim"];
        for name in names {
            assert!(kept().contains(name), "{name} was never there");
        }
        close(&me).expect(204);
        x.eventually("all is delivered", || rows::count(x.database_url(), "outbox") == 0);
        for name in names {
            let left: Vec<_> = kept().lines().filter(|row| row.contains(name)).map(str::to_owned).collect();
            assert!(left.is_empty(), "{name}: {left:?}");
        }
        for table in ["saved_searches", "second_factors", "email_tokens"] {
            assert_eq!(rows::count(x.database_url(), table), 0, "{table}");
        }
        // What was done for the organisation is still there, and nobody comes in by the invitation.
        having.get(&format!("/v1/listings/{draft}")).expect(200);
        let shown = asking.get(&format!("{}/{open}", invitations(&asking))).expect(200);
        assert_eq!((shown.text_at("/status"), shown.text_at("/email")), ("declined".into(), format!("{user}@closed.invalid")));
        let (again, other, _) = person(x);
        assert_ne!(other, email);
        again.post("/v1/invitation-acceptances", &json!({"token": unanswered})).expect(422).problem("invalid_invitation");
    }

    fn closing_takes_the_second_factor_where_there_is_one(x) {
        let (me, email, _) = person(x);
        let app = App::of(x, &me, &email);
        close(&me).expect(401).problem("second_factor_required");
        let with = |code: &str| me.post("/v1/me/closure", &json!({"password": PASSWORD, "code": code}));
        with(&app.wrong_code(x)).expect(422).problem("invalid_second_factor");
        with(&app.next_code(x)).expect(204);
        login(x, &email).expect(401).problem("invalid_credentials");
    }

    fn the_last_owner_among_several_hands_over_first(x) {
        let owner = x.enterprise();
        let (other, _, other_id) = member_of(x, &owner.organization_id, "editor");
        let members = format!("/v1/organizations/{}/members", owner.organization_id);
        close(&owner).expect(409).problem("last_owner");
        owner.get("/v1/me").expect(200);
        let etag = owner.get(&format!("{members}/{other_id}")).expect(200).etag();
        owner.patch(&format!("{members}/{other_id}"), &etag, &json!({"role": "owner"})).expect(200);
        close(&owner).expect(204);
        let left = other.get(&members).expect(200).json();
        assert_eq!(left["items"].as_array().map(Vec::len), Some(1));
    }

    fn an_organisation_of_one_leaves_the_public(x) {
        let owner = x.enterprise();
        let listing = owner.publish_listing(x, &listing("Của một người"));
        close(&owner).expect(204);
        let organization = format!("/v1/organizations/{}", owner.organization_id);
        x.visitor().get(&organization).expect(404);
        x.visitor().get(&listing).expect(404);
        assert_eq!(x.officer().get(&organization).expect(200).text_at("/deactivation/by"), "owner");
        let members = x.officer().get(&format!("{organization}/members")).expect(200).json();
        assert_eq!(members["items"].as_array().map(Vec::len), Some(0));
    }

    fn a_suspended_account_is_shut_out_until_it_is_reinstated(x) {
        let owner = x.enterprise();
        let officer = stepped_up_officer(x);
        let suspended = suspend(&officer, &owner.user_id).expect(201);
        assert_eq!(suspended.text_at("/reason"), REASON);
        owner.get("/v1/me").expect(401);
        login(x, &owner.email).expect(401).problem("invalid_credentials");
        x.eventually("the owner is told why", || x.mails_to(&owner.email).iter().any(|mail| mail.contains(REASON)));
        assert_eq!(officer.get(&suspension(&owner.user_id)).expect(200).text, suspended.text);
        suspend(&officer, &owner.user_id).expect(409).problem("account_wrong_state");
        officer.delete(&suspension(&owner.user_id)).expect(204);
        officer.get(&suspension(&owner.user_id)).expect(404);
        officer.delete(&suspension(&owner.user_id)).expect(409).problem("account_wrong_state");
        x.eventually("the owner is told", || x.mails_to(&owner.email).iter().any(|mail| mail.contains("được mở lại")));
        let back = x.visitor().sign_in(&owner.email, PASSWORD);
        assert_eq!(back.get("/v1/me").expect(200).text_at("/organizations/0/role"), "owner");
    }

    fn nobody_joins_by_an_invitation_of_a_suspended_owner(x) {
        let owner = x.enterprise();
        let (guest, email, _) = person(x);
        let body = json!({"email": email, "role": "owner"});
        owner.post(&format!("/v1/organizations/{}/invitations", owner.organization_id), &body).expect(201);
        let token = token(x, &email, 1);
        let officer = stepped_up_officer(x);
        suspend(&officer, &owner.user_id).expect(201);
        let accept = || guest.post("/v1/invitation-acceptances", &json!({"token": token}));
        accept().expect(422).problem("invalid_invitation");
        officer.delete(&suspension(&owner.user_id)).expect(204);
        accept().expect(422).problem("invalid_invitation");
    }

    fn a_suspended_owner_does_not_count_as_one(x) {
        let owner = x.enterprise();
        let (second, _, id) = member_of(x, &owner.organization_id, "owner");
        let members = format!("/v1/organizations/{}/members", owner.organization_id);
        suspend(&stepped_up_officer(x), &owner.user_id).expect(201);
        second.delete(&format!("{members}/{id}")).expect(409).problem("last_owner");
    }

    fn only_an_officer_who_stepped_up_suspends(x) {
        let (me, email, id) = person(x);
        let (stranger, ..) = person(x);
        suspend(&x.visitor(), &id).expect(401);
        suspend(&stranger, &id).expect(403).problem("officer_required");
        App::of(x, &me, &email);
        suspend(&me, &id).expect(403).problem("officer_required");
        suspend(&x.officer(), &id).expect(403).problem("step_up_required");
        let officer = stepped_up_officer(x);
        officer.post(&suspension(&id), &json!({"reason": "ngắn"})).expect(422).field("/reason", "too_short");
        suspend(&officer, "0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d4e").expect(404);
        officer.get(&suspension(&id)).expect(404);
        me.get("/v1/me").expect(200);
    }

    fn an_officer_helps_somebody_who_lost_the_second_factor(x) {
        let (me, email, id) = person(x);
        let app = App::of(x, &me, &email);
        let officer = stepped_up_officer(x);
        let path = format!("/v1/users/{id}/second-factor-reset");
        let evidence = json!({"evidence": "Gặp trực tiếp, đối chiếu giấy tờ."});
        me.post(&path, &evidence).expect(403).problem("officer_required");
        officer.post(&path, &json!({"evidence": "ngắn"})).expect(422).field("/evidence", "too_short");
        officer.post(&path, &evidence).expect(204);
        me.get("/v1/me").expect(401).problem("invalid_token");
        app.login(x, None).expect(201);
        x.eventually("the owner is told", || x.mails_to(&email).iter().any(|mail| mail.contains("vừa được tắt")));
        officer.post(&path, &evidence).expect(409).problem("second_factor_wrong_state");
        x.clock.advance(300);
        officer.post(&path, &evidence).expect(403).problem("step_up_required");
    }

    fn an_officer_is_suspended_by_an_owner_of_the_authority(x) {
        let owner = stepped_up_officer(x);
        let authority = owner.get("/v1/me").expect(200).text_at("/organizations/0/id");
        let (colleague, email, id) = member_of(x, &authority, "editor");
        App::of(x, &colleague, &email);
        let owner_id = owner.get("/v1/me").expect(200).id();
        suspend(&colleague, &owner_id).expect(403).problem("role_too_low");
        suspend(&owner, &id).expect(201);
        colleague.get("/v1/me").expect(401);
    }
}
