//! What holds for every address: documentation, headers, languages, methods, limits.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use techex::config::Config;
use techex::kernel::code::Code;

use crate::harness::{Answer, Client, person};
use crate::on_both;

/// An operation of the OpenAPI document.
struct Operation {
    method: String,
    path: String,
    document: Value,
}

fn operations() -> Vec<Operation> {
    let document: Value = serde_json::from_str(&techex::wiring::document()).expect("the document is JSON");
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            all.push(Operation { method: method.to_uppercase(), path: path.clone(), document: operation.clone() });
        }
    }
    assert!(all.len() > 40, "{} operations", all.len());
    all
}

impl Operation {
    /// The path with something in the place of each parameter.
    fn at(&self, parameter: &str) -> String {
        let filled = self.path.split('/').map(|part| if part.starts_with('{') { parameter } else { part });
        filled.collect::<Vec<_>>().join("/")
    }

    fn is_public(&self) -> bool {
        self.document["security"] == serde_json::json!([{}])
    }

    /// Calls it with the example of the document as body.
    fn call(&self, client: &Client, path: &str) -> Answer {
        let content = self.document["requestBody"]["content"].as_object().and_then(|all| all.iter().next());
        match content {
            Some((kind, content)) => {
                client.send(&self.method, path, Some(kind), content["example"].to_string().as_bytes())
            }
            None => client.send(&self.method, path, None, b""),
        }
    }
}

/// A path's methods, as `Allow` tells them.
fn methods() -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in operations() {
        let methods = all.entry(operation.path).or_default();
        if operation.method == "GET" {
            methods.insert("HEAD".into());
        }
        methods.insert(operation.method);
    }
    all
}

const SOME_ID: &str = "0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d4e";

fn parse(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn allow_shop(config: &mut Config) {
    config.server.cors_origins = vec!["https://shop.example".into()];
}

on_both! {
    fn every_operation_answers_as_documented_whoever_asks(x) {
        let stranger = person(x).0.with("if-match", "\"1-00000000\"");
        let garbled = x.visitor().with_token("garbage");
        for operation in operations() {
            for parameter in [SOME_ID, "garbage", "%00", "a%2Fb"] {
                let path = operation.at(parameter);
                let anonymous = operation.call(&x.visitor(), &path);
                assert!(
                    operation.is_public() || anonymous.status == 401,
                    "{} {path}: {}",
                    operation.method,
                    anonymous.status
                );
                operation.call(&garbled, &path).expect(401).problem("invalid_token");
                if operation.path == "/v1/sessions/current" {
                    continue;
                }
                let known = operation.call(&stranger, &path);
                assert!(known.status < 500, "{} {path}: {}", operation.method, known.text);
                assert!(operation.is_public() || known.status != 401, "{} {path}: {}", operation.method, known.text);
                if known.status >= 400 {
                    let code = known.text_at("/code");
                    known.problem(&code);
                }
            }
        }
    }

    fn what_is_read_has_a_head_and_a_tag(x) {
        let (me, ..) = person(x);
        for operation in operations().iter().filter(|operation| operation.method == "GET") {
            let path = operation.at(SOME_ID);
            let (full, head) = (me.get(&path), me.send("HEAD", &path, None, b""));
            assert_eq!((head.status, head.text.as_str()), (full.status, ""), "{path}");
            for name in ["content-type", "content-length", "etag", "cache-control"] {
                assert_eq!(head.header(name).is_some(), full.header(name).is_some(), "{path} {name}");
            }
            if full.status == 200 {
                me.with("if-none-match", &full.etag()).get(&path).expect(304);
            }
        }
        for path in ["/livez", "/readyz", "/openapi.json", "/docs/"] {
            x.visitor().send("HEAD", path, None, b"").expect(200);
        }
    }

    fn methods_that_do_not_exist_are_told_from_addresses_that_do_not(x) {
        for (path, methods) in methods() {
            let filled = path.split('/').map(|part| if part.starts_with('{') { SOME_ID } else { part });
            let path = filled.collect::<Vec<_>>().join("/");
            for method in ["PUT", "OPTIONS", "PROPFIND"] {
                let answer = x.visitor().send(method, &path, None, b"").expect(405).problem("method_not_allowed");
                let allowed = answer.header("allow").unwrap_or_default().split(", ").map(str::to_owned).collect();
                assert_eq!(methods, allowed, "{path}");
            }
        }
        for path in ["/livez", "/readyz", "/openapi.json", "/docs/"] {
            let answer = x.visitor().send("POST", path, None, b"").expect(405).problem("method_not_allowed");
            assert_eq!(answer.header("allow"), Some("GET, HEAD"), "{path}");
        }
        for path in [
            "/",
            "/v1",
            "/v1/",
            "/v1/nothing",
            "/v1/me/",
            "/v2/me",
            "//v1/me",
            "/v1/../livez",
            "/docs/nothing.js",
            "/metrics",
            "/.env",
        ] {
            for method in ["GET", "POST"] {
                let answer = x.visitor().send(method, path, None, b"");
                assert!(
                    answer.status == 404 || (method, path, answer.status) == ("POST", "/docs/nothing.js", 405),
                    "{method} {path}"
                );
                assert_eq!(answer.header("content-type"), Some("application/problem+json"));
            }
        }
    }

    fn every_answer_carries_the_security_headers(x) {
        let (me, ..) = person(x);
        for answer in [
            me.get("/v1/me").expect(200),
            me.with("if-none-match", "*").get("/v1/me").expect(304),
            me.delete("/v1/sessions/current").expect(204),
            me.get("/v1/me").expect(401),
            x.visitor().get("/v1/organizations").expect(200),
            x.visitor().get("/v1/nothing").expect(404),
            x.visitor().send("PUT", "/v1/me", None, b"").expect(405),
            x.visitor().send("POST", "/v1/sessions", Some("text/plain"), b"x").expect(415),
            x.visitor().send("POST", "/v1/sessions", Some("application/json"), b"x").expect(400),
            x.visitor().get(&format!("/{}", "x".repeat(9_000))).expect(414),
            x.visitor().get("/livez").expect(200),
            x.visitor().get("/readyz").expect(200),
            x.visitor().get("/openapi.json").expect(200),
            x.visitor().get("/docs").expect(308),
            x.visitor().get("/docs/").expect(200),
            x.visitor().get("/docs/swagger-ui.css").expect(200),
        ] {
            let told = format!("{} {:.40} {}", answer.method, answer.path, answer.status);
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "no-referrer"),
                ("x-frame-options", "DENY"),
                ("strict-transport-security", "max-age=31536000; includeSubDomains"),
                ("cross-origin-resource-policy", "same-origin"),
            ] {
                assert_eq!(answer.header(name), Some(value), "{told}");
            }
            let policy = answer.header("content-security-policy").unwrap_or_default();
            assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("script-src"), "{told}: {policy}");
            let page = answer.path.starts_with("/docs/");
            assert_eq!(policy.starts_with("default-src 'none'"), !page, "{told}: {policy}");
            assert!(answer.header("cache-control").is_some() && answer.header("x-request-id").is_some(), "{told}");
            assert!(
                answer.header("server").is_none() && answer.header("access-control-allow-origin").is_none(),
                "{told}"
            );
        }
    }

    fn answers_are_kept_by_nobody_unless_they_are_public(x) {
        let (me, ..) = person(x);
        assert_eq!(me.get("/v1/organizations").expect(200).header("cache-control"), Some("no-store"));
        assert_eq!(me.get("/v1/me").expect(200).header("cache-control"), Some("no-store"));
        let public = x.visitor().get("/v1/organizations").expect(200);
        assert_eq!(public.header("cache-control"), Some("public, no-cache"));
        assert_eq!(public.header("vary"), Some("Authorization"));
        let missing = x.visitor().get(&format!("/v1/organizations/{SOME_ID}")).expect(404);
        assert_eq!(missing.header("cache-control"), Some("no-store"));
    }

    fn a_request_is_named_by_the_callers_trace_or_by_us(x) {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        let traced = |header: &str| x.visitor().with("traceparent", header).get("/v1/me").expect(401);
        let known = traced(&format!("00-{trace}-00f067aa0ba902b7-01"));
        assert_eq!((known.header("x-request-id"), known.text_at("/trace_id")), (Some(trace), trace.to_owned()));
        let mut seen = BTreeSet::new();
        for header in [
            "",
            "00-0-0-0",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-XYZ92f3577b34da6a3ce929d0e0e4736-0-0",
        ] {
            let id = traced(header).header("x-request-id").unwrap_or_default().to_owned();
            assert!(id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()) && seen.insert(id.clone()), "{id}");
        }
    }

    fn the_language_changes_the_texts_and_never_the_code(x) {
        let ask = |language: &str| {
            x.visitor().with("accept-language", language).get("/v1/me").expect(401).problem("authentication_required")
        };
        let (vietnamese, english) = (ask("vi"), ask("en-GB,en;q=0.9"));
        for name in ["title", "detail"] {
            assert_ne!(vietnamese.json()[name], english.json()[name]);
        }
        for name in ["type", "status", "code", "instance"] {
            assert_eq!(vietnamese.json()[name], english.json()[name]);
        }
        assert_eq!(english.text_at("/title"), "Authentication required");
        assert_eq!(
            (vietnamese.header("content-language"), english.header("content-language")),
            (Some("vi"), Some("en"))
        );
        assert_eq!(x.visitor().get("/v1/me").expect(401).json()["title"], vietnamese.json()["title"]);
        assert_eq!(ask("fr").json()["title"], vietnamese.json()["title"]);
        let invalid = |language: &str| {
            let client = x.visitor().with("accept-language", language);
            client
                .post("/v1/sessions", &serde_json::json!({}))
                .expect(422)
                .field("/email", "required")
                .text_at("/errors/0/detail")
        };
        assert_ne!(invalid("vi"), invalid("en"));
    }

    fn the_documentation_page_needs_nothing_from_elsewhere(x) {
        let visitor = x.visitor();
        assert_eq!(visitor.get("/docs").expect(308).header("location"), Some("/docs/"));
        let page = visitor.get("/docs/").expect(200);
        assert!(page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")));
        let after = |mark: &str| page.text.split(mark).skip(1).map(str::to_owned).collect::<Vec<_>>();
        let addresses: Vec<String> = [after("src=\""), after("href=\"")].concat();
        assert!(addresses.len() >= 5, "{addresses:?}");
        for address in addresses {
            let address = address.split('"').next().unwrap_or_default();
            assert!(!address.contains("//"), "{address}");
            let path = format!("/docs/{}", address.trim_start_matches("./"));
            let asset = visitor.send("HEAD", &path, None, b"").expect(200);
            assert!(asset.header("content-length").is_some_and(|length| length != "0"), "{address}");
        }
        assert!(visitor.get("/docs/swagger-initializer.js").expect(200).text.contains("/openapi.json"));
    }

    fn the_document_is_served_as_it_is_generated(x) {
        let answer = x.visitor().get("/openapi.json").expect(200);
        assert_eq!(answer.header("content-type"), Some("application/json"));
        let (mut served, mut generated) = (answer.json(), parse(&techex::wiring::document()));
        assert!(served["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
        assert_eq!(served["servers"][0]["url"], x.system.app.config.server.public_url);
        (served["servers"], generated["servers"]) = (Value::Null, Value::Null);
        assert_eq!(served, generated);
        x.visitor().with("if-none-match", &answer.etag()).get("/openapi.json").expect(304);
    }

    fn the_server_says_that_it_lives_and_is_ready(x) {
        assert_eq!(x.visitor().get("/livez").expect(200).text_at("/status"), "ok");
        let ready = x.visitor().get("/readyz").expect(200);
        assert_eq!((ready.text_at("/database"), ready.text_at("/search")), ("ok".into(), "ok".into()));
    }

    fn who_asks_too_often_has_to_wait(x) with(|config| config.limits.reads = 3) {
        let ask = || x.visitor().get("/v1/organizations");
        let first = ask().expect(200);
        assert_eq!(first.header("ratelimit-policy"), Some("\"reads\";q=3;w=60"));
        assert!(first.header("ratelimit").is_some_and(|left| left.starts_with("\"reads\";r=2;t=")));
        ask().expect(200);
        ask().expect(200);
        let refused = ask().expect(429).problem("rate_limited");
        let seconds = refused.header("retry-after").and_then(|seconds| seconds.parse::<u64>().ok());
        assert!(seconds.is_some_and(|seconds| (1..=60).contains(&seconds)), "{seconds:?}");
        // Other kinds of requests and other people have allowances of their own, and health checks none at all.
        x.visitor().get("/v1/search?q=x").expect(200);
        let (me, ..) = person(x);
        assert!(me.get("/v1/me").expect(200).header("ratelimit").is_some_and(|left| left.starts_with("\"reads\";r=2")));
        for _ in 0..5 {
            x.visitor().get("/livez").expect(200);
        }
    }

    fn pages_of_other_origins_call_only_where_that_is_configured(x) with(allow_shop) {
        let ask = |origin: &str| {
            let client = x.visitor().with("origin", origin).with("access-control-request-method", "POST");
            client.send("OPTIONS", "/v1/sessions", None, b"")
        };
        let origin = "access-control-allow-origin";
        assert_eq!(ask("https://shop.example").expect(200).header(origin), Some("https://shop.example"));
        assert_eq!(ask("https://evil.example").header(origin), None);
        let answer = x
            .visitor()
            .with("origin", "https://shop.example")
            .get("/v1/me")
            .expect(401)
            .problem("authentication_required");
        assert_eq!(answer.header(origin), Some("https://shop.example"));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        let refused = x.visitor().with("origin", "https://evil.example").get("/v1/organizations");
        assert_eq!(refused.header(origin), None);
        assert!(refused.header("x-content-type-options").is_some());
    }

    fn refused_requests_count_and_other_addresses_cannot_be_claimed(x) with(|config| config.limits.credentials = 2) {
        let guess = |client: &Client| client.post("/v1/sessions/renewal", &serde_json::json!({"refresh_token": "x"}));
        guess(&x.visitor()).expect(401);
        guess(&x.visitor().with("x-forwarded-for", "198.51.100.1")).expect(401);
        guess(&x.visitor().with("x-forwarded-for", "198.51.100.2")).expect(429).problem("rate_limited");
        guess(&x.visitor().with_token("garbage")).expect(429).problem("rate_limited");
    }
}

/// Codes of answers that no operation gives, because there is none at such an address.
const OF_NO_OPERATION: &[Code] = &[Code::RouteNotFound, Code::MethodNotAllowed];

#[test]
fn every_problem_is_documented_where_it_can_occur() {
    let document = techex::wiring::document();
    for code in Code::ALL {
        let told = document.contains(&format!("`{}`", code.as_str()));
        assert!(told, "{} is in the catalogue and nowhere in the document", code.as_str());
        let listed = document.contains(&format!("- `{}`: ", code.as_str()));
        assert_eq!(listed, !OF_NO_OPERATION.contains(code), "{}", code.as_str());
    }
}

#[test]
fn every_operation_is_described_in_full() {
    let mut ids = BTreeSet::new();
    for operation in operations() {
        let (method, path, it) = (operation.method.as_str(), operation.path.as_str(), &operation.document);
        for name in ["operationId", "summary", "description"] {
            assert!(it[name].as_str().is_some_and(|text| !text.is_empty()), "{method} {path}: {name}");
        }
        assert!(ids.insert(it["operationId"].to_string()), "{method} {path}: operationId is not unique");
        assert_eq!(it["tags"].as_array().map(Vec::len), Some(1), "{method} {path}");
        let content = it["requestBody"]["content"].as_object().into_iter().flatten();
        let exemplified = |(kind, content): (&String, &Value)| match kind.as_str() {
            "*/*" => content["example"].is_string(),
            _ => content["example"].is_object(),
        };
        assert!(content.into_iter().all(exemplified), "{method} {path}: example");
        let documented: BTreeSet<&str> =
            it["responses"].as_object().expect("responses").keys().map(String::as_str).collect();
        let mut demanded = vec!["429", "500", "503"];
        demanded.extend((!operation.is_public()).then_some("401"));
        demanded.extend(path.contains('{').then_some("404"));
        demanded.extend(it["requestBody"].is_object().then_some(["400", "413", "415", "422"]).into_iter().flatten());
        assert!(demanded.iter().all(|status| documented.contains(status)), "{method} {path}: {documented:?}");
    }
}
