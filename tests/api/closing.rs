//! Closing an account for good, and suspending one for the time being.

use serde_json::json;

use crate::harness::{Answer, App, Client, Exchange, PASSWORD, member_of, person};
use crate::on_both;

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

/// The officer of the exchange, whose session is stepped up.
fn officer(x: &Exchange) -> Client {
    let officer = x.officer();
    let secret = officer.post("/v1/me/second-factor", &json!({"password": "mot-cum-tu-dai-cua-can-bo"})).expect(201);
    let app = App { secret: secret.text_at("/secret"), email: "officer@example.com".into(), recovery: Vec::new() };
    crate::harness::confirm(&officer, &app.code(x)).expect(200);
    officer
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
        // Neither the name nor the address is left.
        let rows = rows(x, &user);
        assert!(!rows.contains(&email) && !rows.contains("Người thử"), "{rows}");
        let registration = json!({"email": email, "password": PASSWORD, "full_name": "Người mới"});
        x.visitor().post("/v1/registrations", &registration).expect(202);
        let token = crate::harness::token(x, &email, 1);
        let again = x.visitor().post("/v1/email-verifications", &json!({"token": token})).expect(200);
        assert_ne!(again.id(), user);
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

    fn an_organisation_of_one_stays_without_members(x) {
        let owner = x.enterprise();
        close(&owner).expect(204);
        let organization = format!("/v1/organizations/{}", owner.organization_id);
        x.visitor().get(&organization).expect(200);
        let members = x.officer().get(&format!("{organization}/members")).expect(200).json();
        assert_eq!(members["items"].as_array().map(Vec::len), Some(0));
    }

    fn a_suspended_account_is_shut_out_until_it_is_reinstated(x) {
        let owner = x.enterprise();
        let officer = officer(x);
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

    fn a_suspended_owner_does_not_count_as_one(x) {
        let owner = x.enterprise();
        let (second, _, id) = member_of(x, &owner.organization_id, "owner");
        let members = format!("/v1/organizations/{}/members", owner.organization_id);
        suspend(&officer(x), &owner.user_id).expect(201);
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
        let officer = officer(x);
        officer.post(&suspension(&id), &json!({"reason": "ngắn"})).expect(422).field("/reason", "too_short");
        suspend(&officer, "0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d4e").expect(404);
        officer.get(&suspension(&id)).expect(404);
        me.get("/v1/me").expect(200);
    }

    fn an_officer_helps_somebody_who_lost_the_second_factor(x) {
        let (me, email, id) = person(x);
        let app = App::of(x, &me, &email);
        let officer = officer(x);
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
        let owner = officer(x);
        let authority = owner.get("/v1/me").expect(200).text_at("/organizations/0/id");
        let (colleague, email, id) = member_of(x, &authority, "editor");
        App::of(x, &colleague, &email);
        let owner_id = owner.get("/v1/me").expect(200).id();
        suspend(&colleague, &owner_id).expect(403).problem("role_too_low");
        suspend(&owner, &id).expect(201);
        colleague.get("/v1/me").expect(401);
    }
}

/// What the tables of the accounts still say about a person, as text.
fn rows(x: &Exchange, user: &str) -> String {
    use diesel::RunQueryDsl;
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::Text)]
        kept: String,
    }
    let sql = "SELECT email || full_name || password_hash || COALESCE(pending_email, '') AS kept FROM users";
    let rows = x.system.app.database.read(move |conn| Ok(diesel::sql_query(sql).load::<Row>(conn)?)).unwrap();
    let kept: Vec<String> = rows.into_iter().map(|row| row.kept).collect();
    assert!(kept.iter().any(|row| row.starts_with(&format!("{user}@closed.invalid"))), "{kept:?}");
    kept.join("\n")
}
