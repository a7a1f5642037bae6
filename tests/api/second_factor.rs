//! The second factor: turning it on, signing in with it, recovery codes, stepping up, turning it off.

use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, PASSWORD, confirm, person, prepare};
use crate::on_both;

fn step_up(client: &Client, code: &str) -> Answer {
    client.post("/v1/me/step-up", &json!({"code": code}))
}

fn state(client: &Client) -> Value {
    client.get("/v1/me/second-factor").expect(200).json()
}

on_both! {
    fn the_first_code_turns_it_on(x) {
        let (me, email, _) = person(x);
        assert_eq!(state(&me), json!({"state": "off", "enabled_at": null, "recovery_codes_left": 0}));
        let prepared = prepare(&me).expect(201);
        assert_eq!(prepared.header("cache-control"), Some("no-store"));
        let secret = prepared.text_at("/secret");
        let uri = prepared.text_at("/uri");
        assert!(uri.starts_with("otpauth://totp/Techex:") && uri.contains(&secret), "{uri}");
        assert_eq!(secret.len(), 32);
        assert_eq!(state(&me)["state"], "prepared");
        // Nothing has changed yet.
        me.sign_in(&email, PASSWORD);
        let app = App { secret, email, recovery: Vec::new() };
        confirm(&me, &app.wrong_code(x)).expect(422).problem("invalid_second_factor");
        let codes = confirm(&me, &app.code(x)).expect(200);
        assert_eq!(codes.json()["recovery_codes"].as_array().map(Vec::len), Some(10));
        assert_eq!((&state(&me)["state"], &state(&me)["recovery_codes_left"]), (&json!("on"), &json!(10)));
        x.eventually("the owner is told", || x.mails_to(&app.email).iter().any(|mail| mail.contains("Từ nay, đăng nhập")));
        app.login(x, None).expect(401).problem("second_factor_required");
    }

    fn preparing_takes_the_password_and_can_be_repeated(x) {
        let (me, email, _) = person(x);
        let wrong = me.post("/v1/me/second-factor", &json!({"password": "mot-mat-khau-khac-2026"}));
        wrong.expect(422).field("/password", "wrong_password");
        let first = prepare(&me).expect(201).text_at("/secret");
        let second = prepare(&me).expect(201).text_at("/secret");
        assert_ne!(first, second);
        let outdated = App { secret: first, email: email.clone(), recovery: Vec::new() };
        confirm(&me, &outdated.code(x)).expect(422).problem("invalid_second_factor");
        let app = App { secret: second, email, recovery: Vec::new() };
        confirm(&me, &app.code(x)).expect(200);
        prepare(&me).expect(409).problem("second_factor_wrong_state");
        confirm(&me, &app.next_code(x)).expect(409).problem("second_factor_wrong_state");
    }

    fn nothing_is_told_before_the_right_password(x) {
        let (me, email, _) = person(x);
        let app = App::of(x, &me, &email);
        let told = |code: Option<String>| {
            let mut body = json!({"email": email, "password": "mot-mat-khau-khac-2026"});
            if let Some(code) = code {
                body["code"] = json!(code);
            }
            x.visitor().post("/v1/sessions", &body).expect(401).problem("invalid_credentials");
        };
        told(None);
        told(Some(app.next_code(x)));
        told(Some(app.recovery[0].clone()));
        // None of them was used up.
        app.login(x, Some(&app.code(x))).expect(201);
        app.login(x, Some(&app.recovery[0])).expect(201);
    }

    fn signing_in_takes_a_code_that_works_once(x) {
        let (me, email, _) = person(x);
        let app = App::of(x, &me, &email);
        // The code that turned the factor on is spent.
        app.login(x, Some(&app.code(x))).expect(422).problem("invalid_second_factor");
        let code = app.next_code(x);
        let session = app.login(x, Some(&code)).expect(201);
        assert_eq!(session.text_at("/session/second_factor_at"), x.now().to_string());
        app.login(x, Some(&code)).expect(422).problem("invalid_second_factor");
        for wrong in ["", "12345", "abcdef", "1234567"] {
            app.login(x, Some(wrong)).expect(422).field("/code", "invalid_format");
        }
    }

    fn a_code_holds_half_a_minute_early_or_late(x) {
        let (me, email, _) = person(x);
        let app = App::of(x, &me, &email);
        x.clock.advance(300);
        let now = x.now().seconds();
        app.login(x, Some(&app.code_at(now - 60))).expect(422);
        app.login(x, Some(&app.code_at(now + 60))).expect(422);
        app.login(x, Some(&app.code_at(now - 30))).expect(201);
        app.login(x, Some(&app.code_at(now + 30))).expect(201);
        // A code before one that was used is worth nothing, even if nobody used it.
        app.login(x, Some(&app.code_at(now))).expect(422);
    }

    fn simultaneous_logins_with_one_code_begin_one_session(x) {
        let (me, email, _) = person(x);
        let app = App::of(x, &me, &email);
        let code = app.next_code(x);
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| app.login(x, Some(&code)).status)).collect();
            threads.into_iter().map(|thread| thread.join().expect("a login")).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 422).count(), 3, "{statuses:?}");
    }

    fn a_recovery_code_works_once_however_it_is_typed(x) {
        let (me, email, _) = person(x);
        let app = App::of(x, &me, &email);
        app.login(x, Some(&app.recovery[0].replace('-', "").to_uppercase())).expect(201);
        app.login(x, Some(&app.recovery[0])).expect(422).problem("invalid_second_factor");
        assert_eq!(state(&me)["recovery_codes_left"], 9);
        x.eventually("the owner is told", || x.mails_to(&email).iter().any(|mail| mail.contains("mã khôi phục thay cho")));
        let (stranger, other, _) = person(x);
        let others = App::of(x, &stranger, &other);
        app.login(x, Some(&others.recovery[0])).expect(422).problem("invalid_second_factor");
        others.login(x, Some(&others.recovery[0])).expect(201);
    }

    fn guessing_has_to_wait_and_a_recovery_code_does_not(x) {
        let (me, email, _) = person(x);
        let app = App::of(x, &me, &email);
        x.clock.advance(60);
        let wrong = app.wrong_code(x);
        for _ in 0..5 {
            app.login(x, Some(&wrong)).expect(422);
        }
        // Even the right code is not looked at now, neither here nor there.
        let refused = app.login(x, Some(&app.code(x))).expect(429).problem("rate_limited");
        assert!(refused.header("retry-after").is_some());
        step_up(&me, &app.code(x)).expect(429);
        app.login(x, Some(&app.recovery[0])).expect(201);
        x.clock.advance(31);
        app.login(x, Some(&app.wrong_code(x))).expect(422);
        x.clock.advance(59);
        app.login(x, Some(&app.code(x))).expect(429);
        x.clock.advance(2);
        app.login(x, Some(&app.code(x))).expect(201);
        // A right code forgives the wrong ones.
        app.login(x, Some(&app.wrong_code(x))).expect(422);
        app.login(x, Some(&app.next_code(x))).expect(201);
    }

    fn stepping_up_opens_what_weighs_most_for_five_minutes(x) {
        let (me, email, _) = person(x);
        let app = App::of(x, &me, &email);
        let elsewhere = x.visitor().with_token(&app.login(x, Some(&app.recovery[0])).expect(201).text_at("/access_token"));
        x.clock.advance(300);
        for client in [&me, &elsewhere] {
            client.post("/v1/me/recovery-codes", &json!({})).expect(403).problem("step_up_required");
        }
        step_up(&me, &app.wrong_code(x)).expect(422).problem("invalid_second_factor");
        let until = step_up(&me, &app.code(x)).expect(200).text_at("/stepped_up_until");
        assert_eq!(until, x.now().plus_seconds(300).to_string());
        x.clock.advance(299);
        // Only this session is stepped up.
        elsewhere.post("/v1/me/recovery-codes", &json!({})).expect(403).problem("step_up_required");
        let codes = me.post("/v1/me/recovery-codes", &json!({})).expect(200).json()["recovery_codes"].clone();
        app.login(x, Some(&app.recovery[1])).expect(422);
        app.login(x, codes[0].as_str()).expect(201);
        x.clock.advance(1);
        me.post("/v1/me/recovery-codes", &json!({})).expect(403).problem("step_up_required");
        step_up(&me, codes[1].as_str().expect("a code")).expect(200);
        me.post("/v1/me/recovery-codes", &json!({})).expect(200);
    }

    fn without_a_second_factor_there_is_no_stepping_up(x) {
        let (me, ..) = person(x);
        step_up(&me, "123456").expect(409).problem("second_factor_wrong_state");
        me.delete("/v1/me/second-factor").expect(403).problem("step_up_required");
        confirm(&me, "123456").expect(409).problem("second_factor_wrong_state");
    }

    fn it_is_turned_off_by_its_owner_only(x) {
        let (me, email, _) = person(x);
        let app = App::of(x, &me, &email);
        me.delete("/v1/me/second-factor").expect(204);
        x.eventually("the owner is told", || x.mails_to(&email).iter().any(|mail| mail.contains("vừa được tắt")));
        assert_eq!(state(&me), json!({"state": "off", "enabled_at": null, "recovery_codes_left": 0}));
        me.delete("/v1/me/second-factor").expect(404).problem("not_found");
        let again = app.login(x, None).expect(201);
        assert!(again.json()["session"]["second_factor_at"].is_null());
        let app = App::of(x, &me, &email);
        app.login(x, None).expect(401).problem("second_factor_required");
    }

    fn what_is_stored_opens_nothing(x) {
        use diesel::RunQueryDsl;
        #[derive(diesel::QueryableByName)]
        struct Row {
            #[diesel(sql_type = diesel::sql_types::Text)]
            kept: String,
        }
        let (me, email, _) = person(x);
        let app = App::of(x, &me, &email);
        let sql = "SELECT secret AS kept FROM second_factors UNION ALL SELECT code_hash FROM recovery_codes
            UNION ALL SELECT CAST(changes AS TEXT) FROM audit_log";
        let rows = x.system.app.database.read(move |conn| Ok(diesel::sql_query(sql).load::<Row>(conn)?)).unwrap();
        assert!(rows.len() > 11);
        let secret = totp_rs::Secret::try_from_base32(&app.secret).unwrap();
        let readable = [app.secret.clone(), techex::kernel::digest::base64url(secret.as_bytes())];
        for text in readable.iter().chain(&app.recovery).chain(app.recovery.iter().map(|c| c.replace('-', "")).collect::<Vec<_>>().iter()) {
            assert!(!rows.iter().any(|row| row.kept.contains(text)), "{text} can be read");
        }
    }

    fn a_session_does_not_outlive_its_greatest_age(x) with(|config| config.auth.session_max_days = 40) {
        let (_, email, _) = person(x);
        let body = json!({"email": email, "password": PASSWORD});
        let mut session = x.visitor().post("/v1/sessions", &body).expect(201);
        for days in [29, 10] {
            x.clock.advance(days * 86_400);
            session = x.visitor().post("/v1/sessions/renewal", &json!({"refresh_token": session.text_at("/refresh_token")})).expect(200);
        }
        assert_eq!(session.text_at("/session/expires_at"), x.now().plus_days(1).to_string());
        x.clock.advance(86_400);
        x.visitor().post("/v1/sessions/renewal", &json!({"refresh_token": session.text_at("/refresh_token")})).expect(401);
    }
}
