//! Changing the password, setting a new one by mail, changing the address.

use serde_json::json;

use crate::harness::{Answer, App, Client, Exchange, PASSWORD, join, number, person, token, tokens};
use crate::on_both;

const NEW: &str = "chin-con-rong-qua-bien";

fn request_reset(x: &Exchange, email: &str) -> Answer {
    x.visitor().post("/v1/password-reset-requests", &json!({"email": email})).expect(202)
}

fn reset(x: &Exchange, token: &str, password: &str) -> Answer {
    x.visitor().post("/v1/password-resets", &json!({"token": token, "password": password}))
}

fn change(client: &Client, from: &str, to: &str) -> Answer {
    client.post("/v1/me/password", &json!({"current_password": from, "password": to}))
}

fn change_email(client: &Client, to: &str) -> Answer {
    client.post("/v1/me/email", &json!({"email": to, "password": PASSWORD}))
}

fn confirm_email(x: &Exchange, token: &str) -> Answer {
    x.visitor().post("/v1/email-changes", &json!({"token": token}))
}

fn login(x: &Exchange, email: &str, password: &str) -> Answer {
    x.visitor().post("/v1/sessions", &json!({"email": email, "password": password}))
}

/// Waits until every mail asked for so far is written: one worker takes them in their order.
fn all_mailed(x: &Exchange) {
    let (_, email, _) = person(x);
    request_reset(x, &email);
    token(x, &email, 1);
}

fn told_of_change(x: &Exchange, email: &str) {
    x.eventually("the owner is told", || x.mails_to(email).iter().any(|mail| mail.contains("vừa được thay đổi")));
}

on_both! {
    fn the_token_in_the_mail_sets_a_new_password(x) {
        let (me, email, _) = person(x);
        request_reset(x, &email.to_uppercase());
        let token = token(x, &email, 1);
        reset(x, &token, NEW).expect(204);
        // Every session has ended.
        me.get("/v1/me").expect(401).problem("invalid_token");
        login(x, &email, PASSWORD).expect(401).problem("invalid_credentials");
        login(x, &email, NEW).expect(201);
        told_of_change(x, &email);
        reset(x, &token, "mot-mat-khau-khac-2026").expect(422).problem("invalid_email_token");
    }

    fn a_reset_is_asked_for_alike_whoever_it_is(x) {
        let (_, email, _) = person(x);
        let unconfirmed = format!("moi{}@example.com", number());
        let registration = json!({"email": unconfirmed, "password": PASSWORD, "full_name": "Người mới"});
        x.visitor().post("/v1/registrations", &registration).expect(202);
        let answers = [email.as_str(), unconfirmed.as_str(), "nobody@example.com"].map(|email| request_reset(x, email));
        assert!(answers.iter().all(|answer| answer.text == answers[0].text));
        all_mailed(x);
        assert_eq!((tokens(x, &email).len(), tokens(x, &unconfirmed).len()), (1, 1));
        assert!(x.mails_to("nobody@example.com").is_empty());
        let confirmation = token(x, &unconfirmed, 1);
        reset(x, &confirmation, NEW).expect(422).problem("invalid_email_token");
    }

    fn a_mail_comes_once_a_minute_and_its_token_for_an_hour(x) {
        let (_, email, _) = person(x);
        request_reset(x, &email);
        let first = token(x, &email, 1);
        request_reset(x, &email);
        x.clock.advance(60);
        request_reset(x, &email);
        let second = token(x, &email, 2);
        x.clock.advance(3600 - 60);
        reset(x, &first, NEW).expect(422).problem("invalid_email_token");
        reset(x, &second, NEW).expect(204);
    }

    fn a_new_password_makes_all_tokens_worthless(x) {
        let (me, email, _) = person(x);
        request_reset(x, &email);
        let first = token(x, &email, 1);
        change(&me, PASSWORD, NEW).expect(204);
        reset(x, &first, "mot-mat-khau-khac-2026").expect(422).problem("invalid_email_token");
        let verification = json!({"token": first});
        x.visitor().post("/v1/email-verifications", &verification).expect(422).problem("invalid_email_token");
    }

    fn passwords_set_anew_keep_the_rules(x) {
        let (me, email, _) = person(x);
        request_reset(x, &email);
        let token = token(x, &email, 1);
        for (password, code) in [("ngan-qua", "too_short"), ("password1234", "password_weak")] {
            reset(x, &token, password).expect(422).field("/password", code);
            change(&me, PASSWORD, password).expect(422).field("/password", code);
        }
        reset(x, "x", NEW).expect(422).problem("invalid_email_token");
        reset(x, &token, NEW).expect(204);
    }

    fn changing_the_password_ends_the_other_sessions(x) {
        let (me, email, _) = person(x);
        let elsewhere = x.visitor().sign_in(&email, PASSWORD);
        change(&me, "mot-mat-khau-khac-2026", NEW).expect(422).field("/current_password", "wrong_password");
        elsewhere.get("/v1/me").expect(200);
        change(&me, PASSWORD, NEW).expect(204);
        elsewhere.get("/v1/me").expect(401);
        me.get("/v1/me").expect(200);
        login(x, &email, PASSWORD).expect(401);
        login(x, &email, NEW).expect(201);
        told_of_change(x, &email);
    }

    fn guessing_the_password_in_a_session_is_throttled(x) with(|config| config.limits.failed_logins = 2) {
        let (me, ..) = person(x);
        for _ in 0..2 {
            change(&me, "mot-mat-khau-khac-2026", NEW).expect(422);
        }
        change(&me, "mot-mat-khau-khac-2026", NEW).expect(429).problem("rate_limited");
        change(&me, PASSWORD, NEW).expect(429).problem("rate_limited");
    }

    fn an_officer_without_a_second_factor_needs_fifteen_characters(x) {
        let officer = x.officer();
        let authority = officer.get("/v1/me").expect(200).text_at("/organizations/0/id");
        let (me, email, id) = person(x);
        change(&me, PASSWORD, "kV9#tq2mLx7p").expect(204);
        join(x, &authority, &id, "editor");
        login(x, &email, "kV9#tq2mLx7p").expect(403).problem("password_too_short");
        login(x, &email, PASSWORD).expect(401).problem("invalid_credentials");
        let shortened = change(&me, "kV9#tq2mLx7p", "kV9#tq2mLx7pzz");
        shortened.expect(422).field("/password", "too_short");
        change(&me, "kV9#tq2mLx7p", "kV9#tq2mLx7pzzz").expect(204);
        login(x, &email, "kV9#tq2mLx7pzzz").expect(201);
    }

    fn the_address_changes_once_the_new_one_is_confirmed(x) {
        let (me, email, user) = person(x);
        let wanted = format!("moi{}@example.com", number());
        let wrong = json!({"email": wanted, "password": "mot-mat-khau-khac-2026"});
        me.post("/v1/me/email", &wrong).expect(422).field("/password", "wrong_password");
        change_email(&me, &wanted).expect(202);
        let token = token(x, &wanted, 1);
        x.eventually("the old address is told", || x.mails_to(&email).iter().any(|mail| mail.contains("địa chỉ khác")));
        assert!(tokens(x, &email).is_empty());
        login(x, &wanted, PASSWORD).expect(401);
        let changed = confirm_email(x, &token).expect(200);
        assert_eq!((changed.id(), changed.text_at("/email")), (user, wanted.clone()));
        login(x, &wanted, PASSWORD).expect(201);
        login(x, &email, PASSWORD).expect(401);
        me.get("/v1/me").expect(200);
        confirm_email(x, &token).expect(422).problem("invalid_email_token");
    }

    fn where_the_second_factor_is_on_the_address_takes_a_code(x) {
        let (me, email, _) = person(x);
        let app = App::of(x, &me, &email);
        let wanted = format!("moi{}@example.com", number());
        change_email(&me, &wanted).expect(401).problem("second_factor_required");
        let with = |code: &str| me.post("/v1/me/email", &json!({"email": wanted, "password": PASSWORD, "code": code}));
        with(&app.wrong_code(x)).expect(422).problem("invalid_second_factor");
        with(&app.next_code(x)).expect(202);
        confirm_email(x, &token(x, &wanted, 1)).expect(200);
    }

    fn a_later_wish_makes_an_earlier_token_worthless(x) {
        let (me, email, _) = person(x);
        let (first, second) = (format!("mot{}@example.com", number()), format!("hai{}@example.com", number()));
        change_email(&me, &first).expect(202);
        let outdated = token(x, &first, 1);
        // Within a minute nothing more is mailed.
        change_email(&me, &second).expect(202);
        x.clock.advance(60);
        change_email(&me, &second).expect(202);
        let current = token(x, &second, 1);
        confirm_email(x, &outdated).expect(422).problem("invalid_email_token");
        confirm_email(x, &current).expect(200);
        assert_eq!(me.get("/v1/me").expect(200).text_at("/email"), second);
        login(x, &email, PASSWORD).expect(401);
    }

    fn an_address_that_is_taken_is_answered_alike_and_never_given(x) {
        let (me, email, _) = person(x);
        let (_, taken, _) = person(x);
        let free = format!("moi{}@example.com", number());
        assert_eq!(change_email(&me, &taken).expect(202).text, change_email(&me, &free).expect(202).text);
        let token = token(x, &free, 1);
        assert!(x.mails_to(&taken).is_empty());
        // Somebody else is faster.
        let registration = json!({"email": free, "password": PASSWORD, "full_name": "Người nhanh hơn"});
        x.visitor().post("/v1/registrations", &registration).expect(202);
        confirm_email(x, &token).expect(422).field("/email", "email_taken");
        assert_eq!(me.get("/v1/me").expect(200).text_at("/email"), email);
    }
}
