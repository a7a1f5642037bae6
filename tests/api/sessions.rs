//! Signing in and out, renewal, and what becomes of tokens.

use diesel::RunQueryDsl;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use techex::accounts::Tokens;
use techex::config::Secret;
use techex::db::Isolation;
use techex::http::SessionRef;
use uuid::Uuid;

use crate::harness::{Answer, Client, Exchange, PASSWORD, person};
use crate::on_both;

fn login(x: &Exchange, email: &str, password: &str) -> Answer {
    x.visitor().post("/v1/sessions", &json!({"email": email, "password": password}))
}

fn renew(x: &Exchange, refresh_token: &str) -> Answer {
    x.visitor().post("/v1/sessions/renewal", &json!({"refresh_token": refresh_token}))
}

/// A session: its id, and its tokens, which live and die together.
struct Session {
    id: String,
    client: Client,
    refresh: String,
}

impl Session {
    fn of(x: &Exchange, answer: &Answer) -> Self {
        let client = x.visitor().with_token(&answer.text_at("/access_token"));
        Self { id: answer.text_at("/session/id"), client, refresh: answer.text_at("/refresh_token") }
    }

    fn begin(x: &Exchange, email: &str) -> Self {
        Self::of(x, &login(x, email, PASSWORD).expect(201))
    }

    fn renewed(&self, x: &Exchange) -> Self {
        Self::of(x, &renew(x, &self.refresh).expect(200))
    }

    fn assert_dead(&self, x: &Exchange) {
        self.client.get("/v1/me").expect(401).problem("invalid_token");
        renew(x, &self.refresh).expect(401).problem("invalid_refresh_token");
    }
}

/// What an answer says, without what names the request.
fn told(answer: &Answer) -> Value {
    let mut body = answer.json();
    body["trace_id"] = Value::Null;
    body
}

fn ids(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let items = body["items"].as_array().cloned().unwrap_or_default();
    items.iter().filter_map(|item| item["id"].as_str().map(str::to_owned)).collect()
}

on_both! {
    fn signing_in_gives_tokens_for_a_session(x) {
        let (_, email, user) = person(x);
        let answer = login(x, &email.to_uppercase(), PASSWORD).expect(201);
        assert_eq!(answer.header("location"), Some(format!("/v1/sessions/{}", answer.text_at("/session/id")).as_str()));
        assert_eq!((answer.text_at("/token_type").as_str(), &answer.json()["expires_in"]), ("Bearer", &json!(900)));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let session = Session::of(x, &answer);
        assert_eq!(session.client.get("/v1/me").expect(200).id(), user);
        let shown = session.client.get(&format!("/v1/sessions/{}", session.id)).expect(200);
        assert_eq!(shown.json()["current"], true);
        assert!(!shown.text.contains(&session.refresh));
    }

    fn a_wrong_password_and_an_unknown_account_are_answered_alike(x) {
        let (_, email, _) = person(x);
        let wrong = login(x, &email, "khong-phai-mat-khau-nay").expect(401).problem("invalid_credentials");
        let unknown = login(x, "nobody@example.com", PASSWORD).expect(401).problem("invalid_credentials");
        assert_eq!(told(&wrong), told(&unknown));
        let names = |answer: &Answer| answer.headers.iter().map(|(name, _)| name.clone()).collect::<BTreeSet<_>>();
        assert_eq!(names(&wrong), names(&unknown));
    }

    fn failed_logins_bar_the_account_and_no_other(x) with(|config| config.limits.failed_logins = 2) {
        let (_, email, _) = person(x);
        let (_, other, _) = person(x);
        for account in [email.as_str(), "nobody@example.com"] {
            login(x, account, "sai-mat-khau-lan-mot").expect(401);
            login(x, account, "sai-mat-khau-lan-hai").expect(401);
            login(x, account, "sai-mat-khau-lan-ba").expect(429).problem("rate_limited");
            let refused = login(x, account, PASSWORD).expect(429).problem("rate_limited");
            assert!(refused.header("retry-after").is_some_and(|seconds| seconds.parse::<u64>().is_ok()));
        }
        login(x, &other, PASSWORD).expect(201);
    }

    fn logins_that_succeed_do_not_count_as_failures(x) with(|config| config.limits.failed_logins = 1) {
        let (_, email, _) = person(x);
        for _ in 0..3 {
            login(x, &email, PASSWORD).expect(201);
        }
    }

    fn an_access_token_expires_after_a_quarter_of_an_hour(x) {
        let (_, email, _) = person(x);
        let session = Session::begin(x, &email);
        // Clocks may differ by five seconds.
        x.clock.advance(15 * 60 + 4);
        session.client.get("/v1/me").expect(200);
        x.clock.advance(1);
        let refused = session.client.get("/v1/me").expect(401).problem("invalid_token");
        assert_eq!(refused.header("www-authenticate"), Some("Bearer realm=\"techex\", error=\"invalid_token\""));
        session.renewed(x).client.get("/v1/me").expect(200);
    }

    fn tokens_that_are_not_ours_are_refused(x) {
        let (_, email, user) = person(x);
        let session = Session::begin(x, &email);
        let ours = session.client.token.clone().unwrap_or_default();
        let parts: Vec<&str> = ours.split('.').collect();
        let (_, other, _) = person(x);
        let others = Session::begin(x, &other).client.token.unwrap_or_default();
        let others: Vec<&str> = others.split('.').collect();
        let claimed = SessionRef {
            session_id: Uuid::parse_str(&session.id).expect("an id").into(),
            user_id: Uuid::parse_str(&user).expect("an id").into(),
        };
        let stranger = Tokens::new(&Secret::new("another secret, as long as keys need"), &Secret::default(), 900);
        let none = techex::kernel::digest::base64url(br#"{"typ":"at+jwt","alg":"none"}"#);
        for forged in [
            stranger.access(claimed, x.now()).expect("a token"),
            format!("{}.{}.{}", parts[0], parts[1], others[2]),
            format!("{}.{}.{}", parts[0], others[1], parts[2]),
            format!("{none}.{}.", parts[1]),
            format!("{none}.{}.{}", parts[1], parts[2]),
            format!("{}.{}", parts[0], parts[1]),
            format!("{ours}x"),
            session.refresh.clone(),
            "garbage".into(),
            "..".into(),
        ] {
            for path in ["/v1/me", "/v1/organizations"] {
                let refused = x.visitor().with_token(&forged).get(path).expect(401).problem("invalid_token");
                assert!(refused.header("www-authenticate").is_some_and(|text| text.contains("invalid_token")));
            }
        }
        for header in ["", "Bearer", "Bearer ", "Basic YTpi", ours.as_str()] {
            x.visitor().with("authorization", header).get("/v1/me").expect(401).problem("invalid_token");
        }
        let missing = x.visitor().get("/v1/me").expect(401).problem("authentication_required");
        assert_eq!(missing.header("www-authenticate"), Some("Bearer realm=\"techex\""));
        session.client.get("/v1/me").expect(200);
    }

    fn a_token_for_a_session_that_never_was_is_refused(x) {
        let (_, _, user) = person(x);
        let claimed =
            SessionRef { session_id: Uuid::new_v4().into(), user_id: Uuid::parse_str(&user).expect("an id").into() };
        let token = x.system.credentials.tokens.access(claimed, x.now()).expect("a token");
        x.visitor().with_token(&token).get("/v1/me").expect(401).problem("invalid_token");
    }

    fn a_renewal_rotates_the_refresh_token(x) {
        let (_, email, _) = person(x);
        let first = Session::begin(x, &email);
        let second = first.renewed(x);
        let third = second.renewed(x);
        let all = [&first, &second, &third];
        assert_eq!(all.iter().map(|session| &session.refresh).collect::<BTreeSet<_>>().len(), 3);
        assert!(all.iter().all(|session| session.id == first.id));
        third.client.get("/v1/me").expect(200);
    }

    fn a_renewal_whose_answer_was_lost_can_be_repeated(x) {
        let (_, email, _) = person(x);
        let session = Session::begin(x, &email);
        let lost = session.renewed(x);
        x.clock.advance(10);
        let repeated = session.renewed(x);
        assert_eq!(repeated.refresh, lost.refresh);
        repeated.renewed(x).client.get("/v1/me").expect(200);
    }

    fn simultaneous_renewals_get_the_same_successor(x) {
        let (_, email, _) = person(x);
        let session = Session::begin(x, &email);
        let successors: BTreeSet<String> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| session.renewed(x).refresh)).collect();
            threads.into_iter().map(|thread| thread.join().expect("a renewal")).collect()
        });
        assert_eq!(successors.len(), 1);
    }

    fn a_spent_token_that_comes_late_ends_the_session(x) {
        let (_, email, _) = person(x);
        let (session, elsewhere) = (Session::begin(x, &email), Session::begin(x, &email));
        let renewed = session.renewed(x);
        x.clock.advance(11);
        renew(x, &session.refresh).expect(401).problem("invalid_refresh_token");
        session.assert_dead(x);
        renewed.assert_dead(x);
        assert!(!ids(&elsewhere.client.get("/v1/sessions").expect(200)).contains(&session.id));
        elsewhere.renewed(x);
    }

    fn a_spent_token_whose_successor_was_used_ends_the_session_at_once(x) {
        let (_, email, _) = person(x);
        let session = Session::begin(x, &email);
        let latest = session.renewed(x).renewed(x);
        renew(x, &session.refresh).expect(401).problem("invalid_refresh_token");
        latest.assert_dead(x);
    }

    fn refresh_tokens_that_are_not_ours_are_refused(x) {
        let (_, email, _) = person(x);
        let session = Session::begin(x, &email);
        let access = session.client.token.clone().unwrap_or_default();
        for wrong in ["", "x", "A".repeat(43).as_str(), access.as_str(), "\u{0}"] {
            renew(x, wrong).expect(401).problem("invalid_refresh_token");
        }
        session.renewed(x);
    }

    fn a_session_ends_by_itself_unless_renewed(x) {
        let (_, email, _) = person(x);
        let (kept, forgotten) = (Session::begin(x, &email), Session::begin(x, &email));
        x.clock.advance(29 * 86_400);
        let kept = kept.renewed(x);
        x.clock.advance(86_400);
        forgotten.assert_dead(x);
        let kept = kept.renewed(x);
        assert_eq!(ids(&kept.client.get("/v1/sessions").expect(200)), [kept.id.as_str()]);
    }

    fn signing_out_takes_effect_on_the_next_request(x) {
        let (elsewhere, email, _) = person(x);
        let session = Session::begin(x, &email);
        let renewed = session.renewed(x);
        renewed.client.delete("/v1/sessions/current").expect(204);
        session.assert_dead(x);
        renewed.assert_dead(x);
        renewed.client.delete("/v1/sessions/current").expect(401);
        elsewhere.get("/v1/me").expect(200);
    }

    fn a_closed_account_is_shut_out_on_the_next_request(x) {
        let (_, email, _) = person(x);
        let session = Session::begin(x, &email);
        let close = format!("UPDATE users SET disabled_at = created_at WHERE email = '{email}'");
        let closed = x
            .system
            .app
            .database
            .write(Isolation::Serializable, move |conn| Ok(diesel::sql_query(close.as_str()).execute(conn)?));
        assert_eq!(closed.expect("it is closed"), 1);
        session.assert_dead(x);
        login(x, &email, PASSWORD).expect(401).problem("invalid_credentials");
    }

    fn sessions_are_listed_the_latest_first(x) {
        let (_, email, _) = person(x);
        let (stranger, ..) = person(x);
        for _ in 0..2 {
            x.clock.advance(1);
            Session::begin(x, &email);
        }
        x.clock.advance(1);
        let latest = Session::begin(x, &email);
        let all = latest.client.get("/v1/sessions").expect(200);
        assert_eq!(ids(&all).len(), 4);
        assert!(all.header("link").is_none() && all.json().get("next_cursor").is_none());
        let marked: Vec<_> =
            all.json()["items"].as_array().into_iter().flatten().map(|s| s["current"].clone()).collect();
        assert_eq!(
            (ids(&all)[0].as_str(), marked),
            (latest.id.as_str(), vec![json!(true), json!(false), json!(false), json!(false)])
        );
        assert_eq!(ids(&stranger.get("/v1/sessions").expect(200)).len(), 1);
    }

    fn sessions_are_paged_through(x) {
        let (_, email, _) = person(x);
        // Those of one moment are told apart by their ids.
        let sessions: Vec<_> = (0..4).map(|_| Session::begin(x, &email)).collect();
        let latest = sessions.last().expect("a session");
        let all = ids(&latest.client.get("/v1/sessions").expect(200));
        let (mut paged, mut next) = (Vec::new(), Some("/v1/sessions?limit=2".to_owned()));
        while let Some(path) = next {
            let page = latest.client.get(&path).expect(200);
            assert!(ids(&page).len() <= 2);
            paged.extend(ids(&page));
            let link = page.header("link").map(|link| link.trim_start_matches('<').replace(">; rel=\"next\"", ""));
            let cursor =
                page.json()["next_cursor"].as_str().map(|cursor| format!("/v1/sessions?limit=2&cursor={cursor}"));
            assert_eq!(link, cursor);
            next = link;
        }
        assert_eq!((paged.len(), paged), (5, all));
    }

    fn one_of_ones_own_sessions_can_be_ended(x) {
        let (_, email, _) = person(x);
        let (here, lost) = (Session::begin(x, &email), Session::begin(x, &email));
        let path = format!("/v1/sessions/{}", lost.id);
        here.client.delete(&path).expect(204);
        lost.assert_dead(x);
        here.client.delete(&path).expect(404).problem("not_found");
        here.client.get(&path).expect(404).problem("not_found");
        here.client.get("/v1/me").expect(200);
    }

    fn somebody_elses_session_is_not_there(x) {
        let (_, email, _) = person(x);
        let session = Session::begin(x, &email);
        let path = format!("/v1/sessions/{}", session.id);
        let (stranger, ..) = person(x);
        for client in [&stranger, &x.officer()] {
            client.get(&path).expect(404).problem("not_found");
            client.delete(&path).expect(404).problem("not_found");
        }
        session.client.get(&path).expect(200);
    }
}
