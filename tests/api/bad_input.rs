//! Addresses, parameters and headers no well-behaved client sends: they are refused, nothing is written, and the server
//! goes on.

use serde_json::json;

use crate::bad_bodies::{assert_unharmed, individual};
use crate::harness::{number, person, tax_code};
use crate::on_both;

const JSON: Option<&str> = Some("application/json");

on_both! {
    fn ids_that_name_nothing_are_not_found(x) {
        let (me, ..) = person(x);
        for id in [
            "x",
            "0",
            "-1",
            "%00",
            "%ff",
            "..%2f..",
            "'%20OR%201=1",
            "0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d4",
            "0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d4e",
            "%F0%9F%98%80",
        ] {
            for path in [
                "/v1/organizations/{}",
                "/v1/organizations/{}/members",
                "/v1/sessions/{}",
                "/v1/listings/{}",
                "/v1/orders/{}",
            ] {
                let answer = me.get(&path.replace("{}", id)).expect(404);
                let code = answer.text_at("/code");
                assert!(code == "not_found" || code == "route_not_found", "{path} {id}: {code}");
            }
        }
    }

    fn unknown_and_repeated_parameters_are_refused(x) {
        let visitor = x.visitor();
        for (query, pointer, code) in [
            ("colour=red", "/colour", "unknown_field"),
            ("limit=1&limit=2", "/limit", "duplicate"),
            ("limit=1&limit=1", "/limit", "duplicate"),
            ("kind=club", "/kind", "not_a_choice"),
            ("kind=", "/kind", "not_a_choice"),
            ("sort=tax_code", "/sort", "not_a_choice"),
            ("sort=", "/sort", "not_a_choice"),
            ("q=%00", "/q", "control_character"),
            ("q=", "/q", "required"),
            ("=x", "/", "unknown_field"),
            ("q", "/q", "required"),
            ("q[]=x", "/q[]", "unknown_field"),
        ] {
            let answer = visitor.get(&format!("/v1/organizations?{query}")).expect(422).problem("validation_failed");
            answer.field(pointer, code);
        }
        let both = visitor.get("/v1/organizations?kind=club&limit=0").expect(422);
        both.field("/kind", "not_a_choice").field("/limit", "out_of_range");
    }

    fn queries_that_are_no_text_do_no_harm(x) {
        for query in ["q=%ff", "q=%", "q=%zz", "&&&", "%00=1", "q=%F0%9F%98%80"] {
            let answer = x.visitor().get(&format!("/v1/organizations?{query}"));
            assert!(answer.status < 500, "{query}: {}", answer.text);
        }
    }

    fn cursors_that_are_not_ours_are_refused(x) {
        let cursor = |sort: &str, id: &str, key: &str| {
            techex::kernel::digest::base64url(format!("{sort}|{id}|{key}").as_bytes())
        };
        let id = "0198c5a1f2b07cc08d3e5f0a1b2c3d4e";
        for garbage in [
            "x",
            "????",
            "YWJj",
            "%00",
            &"A".repeat(1_000),
            &cursor("name", "no-id", "x"),
            &cursor("name", "", ""),
            &cursor("name", id, "a\0b"),
        ] {
            let answer = x.visitor().get(&format!("/v1/organizations?cursor={garbage}"));
            assert!(matches!(answer.status, 400 | 422), "{garbage:.40}: {} {}", answer.status, answer.text);
        }
        for key in ["", "x", "2026-13-01T00:00:00Z", "10000-01-01T00:00:00Z"] {
            let answer =
                x.visitor().get(&format!("/v1/organizations?sort=created_at&cursor={}", cursor("created_at", id, key)));
            answer.expect(400).problem("malformed_cursor");
        }
        for key in ["\u{1}", "'; DROP TABLE users; --", "\u{10ffff}"] {
            let answer = x.visitor().get(&format!("/v1/organizations?cursor={}", cursor("name", id, key)));
            assert!(matches!(answer.status, 200 | 400), "{key:?}: {} {}", answer.status, answer.text);
        }
        for key in ["0000-01-01T00:00:00Z", "9999-12-31T23:59:60Z", "0001-01-01T00:00:00+23:59"] {
            let answer =
                x.visitor().get(&format!("/v1/organizations?sort=created_at&cursor={}", cursor("created_at", id, key)));
            assert!(matches!(answer.status, 200 | 400), "{key:?}: {} {}", answer.status, answer.text);
        }
    }

    fn an_over_long_address_is_refused(x) {
        let long = format!("/v1/organizations?q={}", "a".repeat(8_192));
        x.visitor().get(&long).expect(414).problem("uri_too_long");
        x.visitor().get(&format!("/v1/{}", "a".repeat(9_000))).expect(414).problem("uri_too_long");
        x.visitor().get(&format!("/v1/organizations?q={}", "a".repeat(8_000))).expect(422).field("/q", "too_long");
    }

    fn odd_headers_do_no_harm(x) {
        let (me, ..) = person(x);
        for (name, value) in [
            ("accept", "text/html"),
            ("accept-language", "*;q=x,,;;"),
            ("if-none-match", "\"\",W/,*x"),
            ("traceparent", "00-zz"),
            ("x-forwarded-for", "::ffff:1,'"),
            ("user-agent", "\u{e9}\u{e9}"),
            ("range", "bytes=0-1"),
            ("expect", "nothing"),
            ("x-http-method-override", "DELETE"),
            ("cookie", "a=b"),
        ] {
            let status = me.with(name, value).get("/v1/me").status;
            assert!(matches!(status, 200 | 417), "{name}: {status}");
        }
        for key in ["", "a b", &"k".repeat(256), "\u{e9}"] {
            let client = me.with("idempotency-key", key);
            client.post("/v1/organizations", &individual("Tổ chức")).expect(400).problem("malformed_header");
        }
        for tag in ["", "*", "1", "\"x\"", "\"99999999999999999999-1\"", "W/\"1-0\""] {
            let patch = me.with("if-match", tag).send("PATCH", "/v1/me", JSON, b"{\"full_name\": \"X\"}");
            patch.expect(400).problem("malformed_header");
        }
        assert_unharmed(x, &me);
    }

    fn nothing_is_taken_for_sql(x) {
        let (me, ..) = person(x);
        let name = "Robert'); DROP TABLE organizations; --";
        let body = json!({"kind": "enterprise", "name": name, "tax_code": tax_code(), "about": format!("' OR '1'='1 {}", number())});
        let id = me.post("/v1/organizations", &body).expect(201).id();
        assert_eq!(me.get(&format!("/v1/organizations/{id}")).expect(200).text_at("/name"), name);
        x.visitor()
            .post("/v1/sessions", &json!({"email": "a'or'1@example.com", "password": "' OR '1'='1' --"}))
            .expect(401);
    }
}
