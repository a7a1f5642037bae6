//! Registration, the confirmation of the address, one's own account.

use serde_json::{Value, json};

use crate::harness::{Answer, Exchange, PASSWORD, person, token, tokens};
use crate::on_both;

const EMAIL: &str = "an.nguyen@example.com";

fn registration(email: &str, password: &str) -> Value {
    json!({"email": email, "password": password, "full_name": "Nguyễn Văn An", "locale": "vi"})
}

fn register(x: &Exchange, email: &str, password: &str) -> Answer {
    x.visitor().post("/v1/registrations", &registration(email, password))
}

fn request_mail(x: &Exchange, email: &str) -> Answer {
    x.visitor().post("/v1/email-verification-requests", &json!({"email": email}))
}

fn confirm(x: &Exchange, token: &str) -> Answer {
    x.visitor().post("/v1/email-verifications", &json!({"token": token}))
}

fn login(x: &Exchange, email: &str, password: &str) -> Answer {
    x.visitor().post("/v1/sessions", &json!({"email": email, "password": password}))
}

/// Waits for the mail that tells an account's owner that somebody registered the address.
fn reminded(x: &Exchange, email: &str) {
    let told = |mail: &String| mail.contains("Bạn đã có tài khoản, nên");
    x.eventually("the owner is told", || x.mails_to(email).iter().any(told));
}

on_both! {
    fn the_token_in_the_mail_opens_the_account(x) {
        register(x, "  An.Nguyen@Example.COM ", PASSWORD).expect(202);
        let token = token(x, EMAIL, 1);
        login(x, EMAIL, PASSWORD).expect(403).problem("email_not_verified");
        let account = confirm(x, &token).expect(200);
        assert_eq!(account.text_at("/email"), EMAIL);
        assert_eq!(account.json()["email_verified"], true);
        let me = x.visitor().sign_in(EMAIL, PASSWORD).get("/v1/me").expect(200);
        assert_eq!(me.id(), account.id());
        assert_eq!(me.json()["organizations"], json!([]));
    }

    fn nobody_learns_before_the_right_password_that_an_account_is_unconfirmed(x) {
        register(x, EMAIL, PASSWORD).expect(202);
        login(x, EMAIL, "mot-mat-khau-khac-2026").expect(401).problem("invalid_credentials");
    }

    fn an_address_with_an_account_gets_the_same_answer_and_its_owner_a_mail(x) {
        let fresh = register(x, EMAIL, PASSWORD).expect(202);
        confirm(x, &token(x, EMAIL, 1)).expect(200);
        let again = json!({"email": EMAIL, "password": "mot-mat-khau-khac-2026", "full_name": "Người lạ"});
        let repeated = x.visitor().post("/v1/registrations", &again).expect(202);
        assert_eq!(fresh.text, repeated.text);
        let names = |answer: &Answer| answer.headers.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&fresh), names(&repeated));
        reminded(x, EMAIL);
        login(x, EMAIL, "mot-mat-khau-khac-2026").expect(401).problem("invalid_credentials");
        let me = x.visitor().sign_in(EMAIL, PASSWORD).get("/v1/me").expect(200);
        assert_eq!(me.text_at("/full_name"), "Nguyễn Văn An");
    }

    fn a_later_registration_takes_the_place_of_an_unconfirmed_one(x) {
        register(x, EMAIL, "mat-khau-cua-ke-gia-danh").expect(202);
        let planted = token(x, EMAIL, 1);
        register(x, EMAIL, PASSWORD).expect(202);
        confirm(x, &planted).expect(422).problem("invalid_email_token");
        confirm(x, &token(x, EMAIL, 2)).expect(200);
        login(x, EMAIL, "mat-khau-cua-ke-gia-danh").expect(401);
        login(x, EMAIL, PASSWORD).expect(201);
    }

    fn simultaneous_registrations_of_one_address_make_one_account(x) {
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| register(x, EMAIL, PASSWORD).expect(202));
            }
        });
        // Each but the first replaces the one before it, and its mail is written when the account is as it stays.
        x.eventually("a mail arrives", || !tokens(x, EMAIL).is_empty());
        x.eventually("a token opens the account", || tokens(x, EMAIL).iter().any(|t| confirm(x, t).status == 200));
        login(x, EMAIL, PASSWORD).expect(201);
    }

    fn passwords_that_are_refused(x) {
        let long = "tám con ngựa vượt sông ".repeat(6);
        for (password, code) in [
            ("mua-thu-hn1", "too_short"),
            (long.as_str(), "too_long"),
            ("password1234", "password_weak"),
            ("aaaaaaaaaaaaaaaa", "password_weak"),
            ("xyz AN.NGUYEN kjw 81", "password_contains_email"),
        ] {
            register(x, EMAIL, password).expect(422).problem("validation_failed").field("/password", code);
        }
        register(x, EMAIL, "tám con ngựa vượt sông").expect(202);
    }

    fn addresses_that_are_refused(x) {
        for email in ["", "an", "an@", "@b.vn", "an@localhost", "a b@c.vn", "an@b.vn\r\nBcc: x@y.vn", "<an@b.vn>"] {
            register(x, email, PASSWORD).expect(422).field("/email", "invalid_email");
        }
        assert_eq!(x.mails_to("Bcc").len(), 0);
    }

    fn a_token_works_once(x) {
        register(x, EMAIL, PASSWORD).expect(202);
        let token = token(x, EMAIL, 1);
        confirm(x, &token).expect(200);
        confirm(x, &token).expect(422).problem("invalid_email_token");
    }

    fn a_wrong_token_is_refused(x) {
        register(x, EMAIL, PASSWORD).expect(202);
        let token = token(x, EMAIL, 1);
        let other_case = token.chars().map(|c| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c });
        for wrong in [String::new(), "x".into(), "A".repeat(43), other_case.collect(), format!("{token}A")] {
            confirm(x, &wrong).expect(422).problem("invalid_email_token");
        }
        confirm(x, &token).expect(200);
    }

    fn a_token_expires_after_a_day(x) {
        register(x, EMAIL, PASSWORD).expect(202);
        register(x, "binh@example.com", PASSWORD).expect(202);
        let (in_time, too_late) = (token(x, EMAIL, 1), token(x, "binh@example.com", 1));
        x.clock.advance(24 * 3600 - 1);
        confirm(x, &in_time).expect(200);
        x.clock.advance(1);
        confirm(x, &too_late).expect(422).problem("invalid_email_token");
    }

    fn another_mail_comes_on_request_but_not_within_a_minute(x) {
        register(x, EMAIL, PASSWORD).expect(202);
        token(x, EMAIL, 1);
        request_mail(x, EMAIL).expect(202);
        x.clock.advance(60);
        request_mail(x, EMAIL).expect(202);
        // One worker takes what is asked for in its order: with the last mail here, all are.
        register(x, "last@example.com", PASSWORD).expect(202);
        token(x, "last@example.com", 1);
        confirm(x, &token(x, EMAIL, 2)).expect(200);
    }

    fn a_mail_is_asked_for_alike_whatever_there_is_to_confirm(x) {
        register(x, EMAIL, PASSWORD).expect(202);
        token(x, EMAIL, 1);
        let (_, confirmed, _) = person(x);
        let answers = [EMAIL, confirmed.as_str(), "nobody@example.com"].map(|email| request_mail(x, email).expect(202));
        assert!(answers.iter().all(|answer| answer.text == answers[0].text));
        register(x, "last@example.com", PASSWORD).expect(202);
        token(x, "last@example.com", 1);
        assert_eq!(x.mails_to(&confirmed).len(), 0);
    }

    fn the_account_is_changed_at_its_version(x) {
        let (me, ..) = person(x);
        let etag = me.get("/v1/me").expect(200).etag();
        let name = json!({"full_name": "  Trần  Thị Bình "});
        let merge_patch = Some("application/merge-patch+json");
        let blind = me.send("PATCH", "/v1/me", merge_patch, name.to_string().as_bytes());
        blind.expect(428).problem("if_match_required");
        me.patch("/v1/me", "7", &name).expect(400).problem("malformed_header");
        let changed = me.patch("/v1/me", &etag, &name).expect(200);
        assert_eq!(changed.text_at("/full_name"), "Trần  Thị Bình");
        assert_ne!(changed.etag(), etag);
        me.patch("/v1/me", &etag, &json!({"locale": "en"})).expect(412).problem("stale_version");
        let same = me.patch("/v1/me", &changed.etag(), &name).expect(200);
        assert_eq!(same.etag(), changed.etag());
        assert_eq!(me.get("/v1/me").expect(200).text, changed.text);
    }

    fn what_cannot_be_changed_about_the_account(x) {
        let (me, email, _) = person(x);
        let etag = me.get("/v1/me").expect(200).etag();
        for (patch, pointer, code) in [
            (json!({"email": "other@example.com"}), "/email", "unknown_field"),
            (json!({"id": "x"}), "/id", "unknown_field"),
            (json!({"full_name": null}), "/full_name", "required"),
            (json!({"full_name": "  "}), "/full_name", "required"),
            (json!({"full_name": "x".repeat(201)}), "/full_name", "too_long"),
            (json!({"full_name": {"a": 1}}), "/full_name", "wrong_type"),
            (json!({"locale": "fr"}), "/locale", "not_a_choice"),
        ] {
            me.patch("/v1/me", &etag, &patch).expect(422).problem("validation_failed").field(pointer, code);
        }
        let after = me.get("/v1/me").expect(200);
        assert_eq!((after.etag(), after.text_at("/email")), (etag, email));
    }

    fn an_unchanged_account_is_not_sent_again(x) {
        let (me, ..) = person(x);
        let etag = me.get("/v1/me").expect(200).etag();
        for known in [etag.clone(), format!("\"other\", W/{etag}"), "*".into()] {
            let unchanged = me.with("if-none-match", &known).get("/v1/me").expect(304);
            assert_eq!((unchanged.text.as_str(), unchanged.header("etag")), ("", Some(etag.as_str())));
        }
        me.with("if-none-match", "\"other\"").get("/v1/me").expect(200);
    }

    fn only_its_owner_reads_an_account(x) {
        x.visitor().get("/v1/me").expect(401).problem("authentication_required");
        let (an, binh) = (person(x), person(x));
        assert_eq!(an.0.get("/v1/me").expect(200).id(), an.2);
        assert_eq!(binh.0.get("/v1/me").expect(200).id(), binh.2);
    }

    fn an_address_is_registered_only_so_often_in_an_hour(x) with(|config| config.limits.failed_logins = 2) {
        let (_, known, _) = person(x);
        for email in [EMAIL, known.as_str()] {
            register(x, email, PASSWORD).expect(202);
            register(x, email, PASSWORD).expect(202);
            let refused = register(x, email, PASSWORD).expect(429).problem("rate_limited");
            assert_eq!(refused.header("retry-after"), Some("1800"), "{email}");
        }
        register(x, "ai-khac@example.com", PASSWORD).expect(202);
        x.clock.advance(1_800);
        register(x, EMAIL, PASSWORD).expect(202);
        register(x, EMAIL, PASSWORD).expect(429);
    }
}
