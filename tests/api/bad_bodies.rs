//! Bodies no well-behaved client sends: they are refused, nothing is written, and the server goes on.

use serde_json::{Value, json};

use crate::harness::{Answer, Client, Exchange, PASSWORD, Then, person};
use crate::on_both;

const JSON: Option<&str> = Some("application/json");

/// Sends a body to the one operation whose effect everybody can see.
fn send(client: &Client, content_type: Option<&str>, body: &[u8]) -> Answer {
    client.send("POST", "/v1/organizations", content_type, body)
}

fn register(x: &Exchange, body: &Value) -> Answer {
    x.visitor().post("/v1/registrations", body)
}

pub fn individual(name: &str) -> Value {
    json!({"kind": "individual", "name": name})
}

/// Checks that the person owns nothing and that the next request is carried out as if nothing had been.
pub fn assert_unharmed(x: &Exchange, client: &Client) {
    x.visitor().get("/livez").expect(200);
    assert_eq!(client.get("/v1/me").expect(200).json()["organizations"], json!([]), "something was written");
    client.post("/v1/organizations", &individual("Trần Thị B")).expect(201);
}

/// A request of a signed-in client as bytes, its end left to the caller.
fn head(client: &Client, more: &str) -> String {
    let token = client.token.clone().unwrap_or_default();
    format!(
        "POST /v1/organizations HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n{more}\r\n"
    )
}

fn raw(x: &Exchange, client: &Client, more: &str, body: &[u8], then: Then) -> Answer {
    x.raw(&[head(client, more).as_bytes(), body].concat(), then).documented()
}

/// Puts a NUL byte into every text.
fn poison(value: &mut Value) {
    match value {
        Value::String(text) => text.push_str("\0b"),
        Value::Array(items) => items.iter_mut().for_each(poison),
        Value::Object(fields) => fields.values_mut().for_each(poison),
        _ => {}
    }
}

on_both! {
    fn what_is_no_json_object_is_malformed(x) {
        let (me, ..) = person(x);
        for body in [
            "",
            " ",
            "{",
            "{\"kind\":",
            "{\"kind\": \"individual\",}",
            "{'kind': 'individual'}",
            "nonsense",
            "{} {}",
            "[]",
            "[{\"kind\": \"individual\", \"name\": \"Tổ chức\"}]",
            "null",
            "true",
            "7",
            "\"text\"",
            "{\"name\": \"\\ud800\"}",
            "{\"name\": \"\\x\"}",
            "{\"name\": \"a\nb\"}",
            "{\"name\": NaN}",
            "{\"name\": 01}",
            "\u{feff}{}",
        ] {
            send(&me, JSON, body.as_bytes()).expect(400).problem("malformed_json");
        }
        assert_unharmed(x, &me);
    }

    fn invalid_utf_8_is_malformed(x) {
        let (me, ..) = person(x);
        for name in [&b"\xff\xfe"[..], b"\xc3", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"] {
            let body = [b"{\"kind\": \"individual\", \"name\": \"To chuc ", name, b"\"}"].concat();
            send(&me, JSON, &body).expect(400).problem("malformed_json");
        }
        assert_unharmed(x, &me);
    }

    fn deep_nesting_is_malformed(x) {
        let (me, ..) = person(x);
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let body = format!("{{\"name\": {}1{}}}", open.repeat(20_000), close.repeat(20_000));
            send(&me, JSON, body.as_bytes()).expect(400).problem("malformed_json");
        }
        let patch = format!("{{\"full_name\": {}1{}}}", "{\"a\":".repeat(100), "}".repeat(100));
        let etag = me.get("/v1/me").expect(200).etag();
        let answer = me.with("if-match", &etag).send("PATCH", "/v1/me", JSON, patch.as_bytes());
        answer.expect(422).field("/full_name", "wrong_type");
        assert_unharmed(x, &me);
    }

    fn wrong_types_are_named(x) {
        let (me, ..) = person(x);
        for (name, actual) in [
            ("null", "null"),
            ("7", "integer"),
            ("-7", "integer"),
            ("1e3", "number"),
            ("true", "boolean"),
            ("[]", "array"),
            ("{}", "object"),
        ] {
            let body = format!("{{\"kind\": \"individual\", \"name\": {name}}}");
            let answer = send(&me.in_english(), JSON, body.as_bytes()).expect(422).field("/name", "wrong_type");
            assert!(answer.text.contains(&format!("{actual} was given")), "{}", answer.text);
        }
        assert_unharmed(x, &me);
    }

    fn huge_numbers_are_no_more_than_wrong(x) {
        let (me, ..) = person(x);
        let digits = "9".repeat(100_000);
        for number in ["1e400", "-1e400", "18446744073709551616", "1e-400", "0.1e308", digits.as_str()] {
            let body = format!("{{\"kind\": \"individual\", \"name\": {number}}}");
            let answer = send(&me, JSON, body.as_bytes());
            assert!(matches!(answer.status, 400 | 422), "{number:.30}: {} {}", answer.status, answer.text);
        }
        for limit in ["0", "-1", "101", "18446744073709551616", "1e1", "x", "", "1.5"] {
            x.visitor().get(&format!("/v1/organizations?limit={limit}")).expect(422).field("/limit", "out_of_range");
        }
        assert_unharmed(x, &me);
    }

    fn everything_wrong_is_told_at_once(x) {
        let body = json!({"email": "x", "full_name": 7, "locale": "de", "admin": true, "a/b~c": 1});
        let answer = register(x, &body).expect(422).problem("validation_failed");
        let answer =
            answer.field("/email", "invalid_email").field("/full_name", "wrong_type").field("/locale", "not_a_choice");
        let answer =
            answer.field("/password", "required").field("/admin", "unknown_field").field("/a~1b~0c", "unknown_field");
        assert_eq!(answer.json()["errors"].as_array().map(Vec::len), Some(6));
    }

    fn a_field_given_twice_counts_once(x) {
        let (me, ..) = person(x);
        let body = r#"{"kind": "individual", "name": "Một", "name": "Hai"}"#;
        let answer = send(&me, JSON, body.as_bytes());
        assert!(answer.status == 201 && answer.text_at("/name") == "Hai" || answer.status == 400, "{}", answer.text);
    }

    fn nul_bytes_and_control_characters_are_refused(x) {
        let (me, ..) = person(x);
        for c in ['\0', '\u{1}', '\u{8}', '\n', '\u{1b}', '\u{7f}', '\u{85}'] {
            let answer = me.post("/v1/organizations", &individual(&format!("Tổ{c}chức")));
            answer.expect(422).field("/name", "control_character");
            let email = format!("a{c}n@example.com");
            register(x, &json!({"email": email, "password": PASSWORD, "full_name": "An"}))
                .expect(422)
                .field("/email", "invalid_email");
            me.post("/v1/sessions", &json!({"email": email, "password": PASSWORD})).expect(422);
        }
        let mut about = individual("Tổ chức");
        about["about"] = json!("a\0b");
        me.post("/v1/organizations", &about).expect(422).field("/about", "control_character");
        assert_unharmed(x, &me);
    }

    fn no_parameter_and_no_field_takes_a_nul_byte_to_the_database(x) {
        let owner = x.researcher();
        let document: Value = serde_json::from_str(&techex::wiring::document()).expect("the document is JSON");
        for (template, item) in document["paths"].as_object().expect("paths") {
            let path = template.replace("{id}", &owner.organization_id).replace("{user_id}", &owner.user_id);
            let names = item["get"]["parameters"].as_array().into_iter().flatten().filter(|p| p["in"] == "query");
            for name in names.filter_map(|parameter| parameter["name"].as_str()) {
                let answer = owner.get(&format!("{path}?{name}=a%00b"));
                assert!(answer.status < 500, "{path} {name}: {}", answer.text);
            }
            let content = item["post"]["requestBody"]["content"]["application/json"]["example"].as_object();
            for name in content.into_iter().flatten().map(|(name, _)| name) {
                let mut body = item["post"]["requestBody"]["content"]["application/json"]["example"].clone();
                poison(&mut body[name]);
                let answer = owner.with("if-match", "\"2-0\"").post(&path, &body);
                assert!(answer.status < 500, "{path} {name}: {}", answer.text);
            }
        }
    }

    fn odd_unicode_is_kept_as_it_is(x) {
        let (me, ..) = person(x);
        for name in [
            "👩\u{200d}🔬 lab",
            "a\u{202e}b",
            "\u{1F1FB}\u{1F1F3}",
            "Z\u{335}\u{336}\u{337}algo",
            "\u{fffe}\u{ffff}",
            "𠀋𠀋",
            "٣٤",
            "%00%s{}<script>",
        ] {
            let answer = me.post("/v1/organizations", &individual(name)).expect(201);
            let id = answer.id();
            assert_eq!(me.get(&format!("/v1/organizations/{id}")).expect(200).text_at("/name"), name);
        }
        let composed = me.post("/v1/organizations", &individual("Ho\u{323}c vie\u{323}\u{302}n")).expect(201);
        assert_eq!(composed.text_at("/name"), "Học viện");
    }

    fn a_large_body_is_refused(x) {
        let (me, ..) = person(x);
        let large = json!({"kind": "individual", "name": "x".repeat(10_000_000)}).to_string();
        let announced = format!("content-length: {}\r\n", large.len());
        raw(x, &me, &announced, large.as_bytes(), Then::Wait).expect(413).problem("body_too_large");
        raw(x, &me, "content-length: 18446744073709551615\r\n", b"{", Then::Wait).expect(413).problem("body_too_large");
        assert_unharmed(x, &me);
    }

    fn a_large_body_in_chunks_is_refused(x) {
        let (me, ..) = person(x);
        let chunk = format!("{:x}\r\n{}\r\n", 100_000, "x".repeat(100_000));
        let body = format!("{}0\r\n\r\n", chunk.repeat(100));
        raw(x, &me, "transfer-encoding: chunked\r\n", body.as_bytes(), Then::Wait)
            .expect(413)
            .problem("body_too_large");
        assert_unharmed(x, &me);
    }

    fn a_body_at_the_limit_is_read_and_one_byte_more_is_not(x) with(|config| config.server.body_limit = 1_000) {
        let (me, ..) = person(x);
        let body = |length: usize| format!("{:<length$}", individual("Tổ chức").to_string(), length = length - 4);
        let (fits, over) = (body(1_000), body(1_001));
        assert_eq!((fits.len(), over.len()), (1_000, 1_001));
        send(&me, JSON, over.as_bytes()).expect(413).problem("body_too_large");
        send(&me, JSON, fits.as_bytes()).expect(201);
    }

    fn bodies_of_other_kinds_are_refused(x) {
        let (me, ..) = person(x);
        let body = individual("Tổ chức").to_string();
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "application/xml",
            "application/merge-patch+json",
            "json",
            "application/json, text/plain",
        ] {
            send(&me, Some(kind), body.as_bytes()).expect(415).problem("unsupported_media_type");
        }
        send(&me, None, b"").expect(415).problem("unsupported_media_type");
        assert_unharmed(x, &me);
        send(&me, Some("Application/JSON; charset=utf-8"), body.as_bytes()).expect(201);
    }

    fn compressed_bodies_are_refused(x) {
        let (me, ..) = person(x);
        for encoding in ["gzip", "br", "deflate", "zstd", "GZIP", "identity, gzip", "x"] {
            let client = me.with("content-encoding", encoding);
            send(&client, JSON, b"\x1f\x8b\x08\x00").expect(415).problem("unsupported_encoding");
            client.get("/v1/me").expect(415).problem("unsupported_encoding");
        }
        assert_unharmed(x, &me);
        send(&me.with("content-encoding", "identity"), JSON, individual("Tổ chức").to_string().as_bytes()).expect(201);
    }

    fn a_slow_body_is_not_waited_for(x) with(|config| config.server.body_seconds = 1) {
        let (me, ..) = person(x);
        raw(x, &me, "content-length: 100\r\n", b"{\"kind\": ", Then::Wait).expect(408).problem("request_timeout");
        raw(x, &me, "transfer-encoding: chunked\r\n", b"5\r\n{\"kin", Then::Wait)
            .expect(408)
            .problem("request_timeout");
        assert_unharmed(x, &me);
    }

    fn a_truncated_body_is_not_taken_for_the_whole(x) {
        let (me, ..) = person(x);
        let body = individual("Tổ chức").to_string();
        let length = format!("content-length: {}\r\n", body.len() + 1);
        raw(x, &me, &length, body.as_bytes(), Then::Close).expect(400).problem("incomplete_body");
        let chunk = format!("{:x}\r\n{body}\r\n", body.len());
        raw(x, &me, "transfer-encoding: chunked\r\n", chunk.as_bytes(), Then::Close)
            .expect(400)
            .problem("incomplete_body");
        raw(x, &me, "transfer-encoding: chunked\r\n", b"zz\r\n", Then::Wait).expect(400).problem("incomplete_body");
        assert_unharmed(x, &me);
    }

    fn what_is_no_http_is_refused(x) {
        let (me, ..) = person(x);
        let token = me.token.clone().unwrap_or_default();
        for request in [
            "NONSENSE\r\n\r\n".to_owned(),
            "GET /v1/me HTTP/9.9\r\nhost: x\r\n\r\n".to_owned(),
            "GET /v1/me HTTP/1.1\r\nhost: x\r\nbad header\r\n\r\n".to_owned(),
            format!(
                "POST /v1/organizations HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{{}}x"
            ),
            format!(
                "POST /v1/organizations HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\ncontent-length: -1\r\n\r\n"
            ),
            format!("GET /v1/me HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "y".repeat(1_000_000)),
        ] {
            let answer = x.raw(request.as_bytes(), Then::Close);
            assert!((400..500).contains(&answer.status), "{request:.60}: {}", answer.status);
        }
        assert_unharmed(x, &me);
    }
}
