//! API keys: made by owners, used by machines, shut out at once.

use diesel::RunQueryDsl;
use serde_json::{Value, json};
use techex::db::Isolation;

use crate::harness::{Answer, App, Client, Exchange, Member, PASSWORD, join, listing, member_of, stepped_up_officer};
use crate::on_both;

fn keys(member: &Member) -> String {
    format!("/v1/organizations/{}/api-keys", member.organization_id)
}

fn wanted(role: &str) -> Value {
    json!({"name": "Đồng bộ kho công nghệ", "role": role, "valid_days": 30})
}

/// An owner whose session is stepped up.
fn owner(x: &Exchange) -> Member {
    let owner = x.enterprise();
    App::of(x, &owner.client, &owner.email);
    owner
}

fn make(owner: &Member, role: &str) -> Answer {
    owner.post(&keys(owner), &wanted(role)).expect(201)
}

/// A machine with a new key.
fn machine(x: &Exchange, owner: &Member, role: &str) -> Client {
    x.visitor().with_token(&make(owner, role).text_at("/secret"))
}

on_both! {
    fn a_key_is_shown_once_and_kept_as_a_hash(x) {
        let owner = owner(x);
        let made = make(&owner, "editor");
        let secret = made.text_at("/secret");
        let shown = owner.get(made.header("location").expect("a place")).expect(200);
        assert_eq!(shown.json(), made.json()["key"]);
        assert!(secret.starts_with(&shown.text_at("/prefix")) && !shown.text.contains(&secret));
        assert_eq!(shown.text_at("/expires_at"), x.now().plus_days(30).to_string());
        let listed = owner.get(&keys(&owner)).expect(200).json();
        assert_eq!(listed["items"], json!([shown.json()]));
        #[derive(diesel::QueryableByName)]
        struct Row {
            #[diesel(sql_type = diesel::sql_types::Text)]
            kept: String,
        }
        let sql = "SELECT key_hash AS kept FROM api_keys UNION ALL SELECT CAST(changes AS TEXT) FROM audit_log";
        let rows = x.system.app.database.read(move |conn| Ok(diesel::sql_query(sql).load::<Row>(conn)?)).unwrap();
        assert!(!rows.iter().any(|row| row.kept.contains(&secret)));
    }

    fn a_machine_writes_for_its_organisation_only(x) {
        let owner = owner(x);
        let other = x.enterprise();
        let (editor, viewer) = (machine(x, &owner, "editor"), machine(x, &owner, "viewer"));
        let draft = editor.post(&owner.listings(), &listing("Máy viết")).expect(201);
        let path = format!("/v1/listings/{}", draft.id());
        viewer.get(&path).expect(200);
        viewer.get(&owner.listings()).expect(200);
        viewer.post(&owner.listings(), &listing("Máy đọc")).expect(403).problem("role_too_low");
        editor.patch(&path, &draft.etag(), &json!({"title": "Máy sửa"})).expect(200);
        editor.post(&other.listings(), &listing("Của người khác")).expect(404).problem("not_found");
        editor.get(&other.listings()).expect(404);
        let foreign = other.post(&other.listings(), &listing("Bản nháp kín")).expect(201).id();
        editor.get(&format!("/v1/listings/{foreign}")).expect(404);
        x.visitor().get(&path).expect(404);
    }

    fn what_belongs_to_a_person_is_not_for_machines(x) {
        let owner = owner(x);
        let machine = machine(x, &owner, "editor");
        for (method, path) in [
            ("GET", "/v1/me".to_owned()),
            ("GET", "/v1/sessions".to_owned()),
            ("DELETE", "/v1/sessions/current".to_owned()),
            ("GET", "/v1/me/second-factor".to_owned()),
            ("DELETE", "/v1/me/second-factor".to_owned()),
            ("POST", "/v1/me/recovery-codes".to_owned()),
            ("GET", keys(&owner)),
            ("GET", format!("/v1/organizations/{}/members", owner.organization_id)),
        ] {
            machine.send(method, &path, None, b"").expect(403).problem("person_required");
        }
        machine.post(&keys(&owner), &wanted("editor")).expect(403).problem("person_required");
        machine.post("/v1/me/step-up", &json!({"code": "123456"})).expect(403).problem("person_required");
    }

    fn only_an_owner_who_stepped_up_makes_keys(x) {
        let owner = owner(x);
        let (editor, email, _) = member_of(x, &owner.organization_id, "editor");
        editor.post(&keys(&owner), &wanted("viewer")).expect(403).problem("step_up_required");
        App::of(x, &editor, &email);
        editor.post(&keys(&owner), &wanted("viewer")).expect(403).problem("role_too_low");
        editor.get(&keys(&owner)).expect(403).problem("role_too_low");
        let stranger = self::owner(x);
        stranger.post(&keys(&owner), &wanted("viewer")).expect(404).problem("not_found");
        let made = make(&owner, "viewer");
        let path = made.header("location").expect("a place").to_owned();
        stranger.get(&path).expect(404);
        stranger.delete(&path).expect(404);
        editor.delete(&path).expect(403).problem("role_too_low");
        // Somebody else's key is not there under one's own organisation either.
        let moved = path.replace(&owner.organization_id, &stranger.organization_id);
        stranger.get(&moved).expect(404);
        stranger.delete(&moved).expect(404);
        for (field, value, code) in [
            ("role", json!("owner"), "not_a_choice"),
            ("valid_days", json!(0), "out_of_range"),
            ("valid_days", json!(367), "out_of_range"),
            ("name", json!(" "), "required"),
        ] {
            let mut body = wanted("viewer");
            body[field] = value;
            owner.post(&keys(&owner), &body).expect(422).field(&format!("/{field}"), code);
        }
    }

    fn a_revoked_or_expired_key_is_refused_at_once(x) {
        let owner = owner(x);
        let made = make(&owner, "viewer");
        let revoked = x.visitor().with_token(&made.text_at("/secret"));
        let expiring = machine(x, &owner, "viewer");
        revoked.get(&owner.listings()).expect(200);
        let path = made.header("location").expect("a place");
        owner.delete(path).expect(204);
        owner.delete(path).expect(404);
        revoked.get(&owner.listings()).expect(401).problem("invalid_token");
        x.clock.advance(30 * 86_400 - 1);
        expiring.get(&owner.listings()).expect(200);
        x.clock.advance(1);
        expiring.get(&owner.listings()).expect(401).problem("invalid_token");
    }

    fn a_key_falls_with_its_maker(x) {
        let owner = owner(x);
        let machine = machine(x, &owner, "editor");
        let (second, ..) = member_of(x, &owner.organization_id, "owner");
        let members = format!("/v1/organizations/{}/members", owner.organization_id);
        machine.get(&owner.listings()).expect(200);
        let path = format!("{members}/{}", owner.user_id);
        let etag = second.get(&path).expect(200).etag();
        let demoted = second.patch(&path, &etag, &json!({"role": "editor"})).expect(200);
        machine.get(&owner.listings()).expect(401).problem("invalid_token");
        // It does not come back with the role.
        second.patch(&path, &demoted.etag(), &json!({"role": "owner"})).expect(200);
        machine.get(&owner.listings()).expect(401).problem("invalid_token");
        assert_eq!(second.get(&keys(&owner)).expect(200).json()["items"], json!([]));
        let again = self::machine(x, &owner, "viewer");
        again.get(&owner.listings()).expect(200);
        second.delete(&path).expect(204);
        join(x, &owner.organization_id, &owner.user_id, "owner");
        again.get(&owner.listings()).expect(401).problem("invalid_token");
    }

    fn a_key_sleeps_while_its_organisation_or_its_maker_is_shut_out(x) {
        let owner = owner(x);
        let machine = machine(x, &owner, "editor");
        let officer = stepped_up_officer(x);
        let organization = format!("/v1/organizations/{}", owner.organization_id);
        let act = |what: &str, body: &Value| {
            let etag = officer.get(&organization).expect(200).etag();
            officer.post_at(&format!("{organization}/{what}"), &etag, body)
        };
        act("deactivation", &json!({"reason": "Thu thập dữ liệu trái quy định."})).expect(200);
        machine.get(&owner.listings()).expect(401).problem("invalid_token");
        owner.get(&owner.listings()).expect(200);
        let etag = officer.get(&organization).expect(200).etag();
        officer.with("if-match", &etag).send("POST", &format!("{organization}/reactivation"), None, b"").expect(200);
        machine.get(&owner.listings()).expect(200);
        let suspension = format!("/v1/users/{}/suspension", owner.user_id);
        officer.post(&suspension, &json!({"reason": "Mật khẩu bị lộ; chờ xác nhận."})).expect(201);
        machine.get(&owner.listings()).expect(401).problem("invalid_token");
        officer.delete(&suspension).expect(204);
        machine.get(&owner.listings()).expect(200);
    }

    fn a_key_ends_with_its_makers_account(x) {
        let owner = x.enterprise();
        let app = App::of(x, &owner, &owner.email);
        let machine = machine(x, &owner, "viewer");
        let (second, ..) = member_of(x, &owner.organization_id, "owner");
        let closure = json!({"password": PASSWORD, "code": app.next_code(x)});
        owner.post("/v1/me/closure", &closure).expect(204);
        machine.get(&owner.listings()).expect(401).problem("invalid_token");
        assert_eq!(second.get(&keys(&owner)).expect(200).json()["items"], json!([]));
    }

    fn what_a_machine_does_is_noted_as_the_keys_deed(x) {
        let owner = owner(x);
        let made = make(&owner, "editor");
        let machine = x.visitor().with_token(&made.text_at("/secret"));
        let draft = machine.post(&owner.listings(), &listing("Máy viết")).expect(201).id();
        #[derive(diesel::QueryableByName)]
        struct Row {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            n: i64,
        }
        let hex = |id: &str| id.replace('-', "");
        let key = made.text_at("/key/id");
        let [sqlite, postgres] = [
            format!("hex(api_key_id) = upper('{}') AND hex(actor_id) = upper('{}') AND hex(object_id) = upper('{}')", hex(&key), hex(&owner.user_id), hex(&draft)),
            format!("api_key_id = '{key}' AND actor_id = '{}' AND object_id = '{draft}'", owner.user_id),
        ];
        let on_sqlite = x.system.app.database.engine() == techex::db::Engine::Sqlite;
        let sql = format!("SELECT count(*) AS n FROM audit_log WHERE {}", if on_sqlite { sqlite } else { postgres });
        let found = x.system.app.database.read(move |conn| Ok(diesel::sql_query(sql).get_result::<Row>(conn)?)).unwrap();
        assert_eq!(found.n, 1);
    }

    fn the_last_use_is_noted_once_in_a_while(x) {
        let owner = owner(x);
        let made = make(&owner, "viewer");
        let machine = x.visitor().with_token(&made.text_at("/secret"));
        let path = made.header("location").expect("a place").to_owned();
        machine.get(&owner.listings()).expect(200);
        let used = x.now();
        assert!(owner.get(&path).expect(200).json()["last_used_at"].is_null());
        let note = || {
            let credentials = std::sync::Arc::clone(&x.system.credentials);
            let write = move |conn: &mut techex::db::Conn| Ok(credentials.note_key_uses(conn)?);
            x.system.app.database.write(Isolation::Serializable, write).expect("it is noted")
        };
        assert_eq!((note(), note()), (1, 0));
        assert_eq!(owner.get(&path).expect(200).text_at("/last_used_at"), used.to_string());
    }

    fn keys_that_are_made_up_are_refused_and_soon_not_looked_at(x) with(|config| config.limits.failed_logins = 2) {
        let owner = owner(x);
        let good = make(&owner, "viewer").text_at("/secret");
        let made_up = |n: u32| {
            let digits = format!("{n:064x}");
            x.visitor().with_token(&format!("techex_{digits}{:08x}", crc32fast::hash(digits.as_bytes())))
        };
        for n in 0..2 {
            made_up(n).get("/v1/organizations").expect(401).problem("invalid_token");
        }
        made_up(2).get("/v1/organizations").expect(429).problem("rate_limited");
        x.visitor().with_token(&good).get("/v1/organizations").expect(429).problem("rate_limited");
    }

    fn a_key_has_an_allowance_of_its_own(x) with(|config| config.limits.keys = 2) {
        let owner = owner(x);
        let (first, second) = (machine(x, &owner, "viewer"), machine(x, &owner, "viewer"));
        first.get(&owner.listings()).expect(200);
        let last = first.get(&owner.listings()).expect(200);
        assert!(last.header("ratelimit-policy").is_some_and(|policy| policy.starts_with("\"keys\"")));
        first.get(&owner.listings()).expect(429).problem("rate_limited");
        second.get(&owner.listings()).expect(200);
        owner.get(&owner.listings()).expect(200);
    }
}
