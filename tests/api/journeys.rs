//! The whole way, as people go it: from registering to being found, and to being gone again.

use serde_json::{Value, json};

use crate::catalogue::{Kind, LISTINGS, ORDERS};
use crate::harness::{Client, Exchange, PASSWORD, tax_code};
use crate::on_both;

/// Registers, confirms the address with the token from the mail, and signs in.
fn join(x: &Exchange, email: &str, full_name: &str) -> Client {
    let visitor = x.visitor();
    let body = json!({"email": email, "password": PASSWORD, "full_name": full_name});
    assert_eq!(visitor.post("/v1/registrations", &body).expect(202).json()["status"], "check_your_mail");
    let credentials = json!({"email": email, "password": PASSWORD});
    visitor.post("/v1/sessions", &credentials).expect(403).problem("email_not_verified");
    x.eventually("the mail comes", || !x.mails_to(email).is_empty());
    let token = token(&x.mails_to(email)[0]);
    assert_eq!(visitor.post("/v1/email-verifications", &json!({"token": token})).expect(200).json()["email"], email);
    visitor.post("/v1/email-verifications", &json!({"token": token})).expect(422).problem("invalid_email_token");
    visitor.sign_in(email, PASSWORD)
}

/// The token in a mail: what stands on a line of its own after a blank.
fn token(mail: &str) -> String {
    let line = mail.lines().map(str::trim).find(|line| line.len() >= 32 && line.bytes().all(is_token));
    line.unwrap_or_else(|| panic!("no token: {mail}")).to_owned()
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Takes a step at the version that `who` reads.
fn step(who: &Client, path: &str, step: &str, body: &Value) -> Value {
    let etag = who.get(path).expect(200).etag();
    who.post_at(&format!("{path}/{step}"), &etag, body).expect(200).json()
}

fn found(x: &Exchange, words: &str) -> u64 {
    x.visitor().get(&format!("/v1/search?q={words}")).expect(200).json()["total"].as_u64().expect("a number")
}

fn story(x: &Exchange, kind: &Kind, organization_kind: &str) {
    let person = join(x, "an.nguyen@vien.example.vn", "Nguyễn Văn An");
    let organization =
        json!({"kind": organization_kind, "name": "Viện Sông Hồng", "tax_code": tax_code(), "province": "01"});
    let organization =
        person.post("/v1/organizations", &organization).expect(201).header("location").map(str::to_owned);
    let organization = organization.expect("a location");

    // A draft that nobody else sees.
    let title = "Đèn năng lượng mặt trời cho đường làng";
    let mut content = (kind.content)(title);
    content["summary"] = Value::Null;
    let draft = person.post(&format!("{organization}/{}s", kind.name), &content).expect(201);
    let path = draft.header("location").map(str::to_owned).expect("a location");
    let submit = |etag: &str| person.post_at(&format!("{path}/submission"), etag, &json!({}));
    submit(&draft.etag()).expect(409).problem("organization_not_verified");

    // An officer verifies the organisation.
    let officer = x.officer();
    let etag = officer.get(&organization).expect(200).etag();
    let decision = json!({"decision": "verified", "method": "official_letter", "evidence": "Công văn số 12."});
    officer.post_at(&format!("{organization}/verification"), &etag, &decision).expect(201);

    // Something is missing; then it is complete.
    submit(&draft.etag()).expect(422).problem("incomplete").field("/summary", "required");
    let etag = person.patch(&path, &draft.etag(), &json!({"summary": "Đèn tự sạc."})).expect(200).etag();
    assert_eq!(submit(&etag).expect(200).json()["status"], "submitted");
    let queue = format!("/v1/moderation/{}s", kind.name);
    assert_eq!(officer.get(&queue).expect(200).titles(), [title]);

    // The officer asks for changes; the person reads why, changes it and submits again.
    let reasons = json!({"reasons": [{"field": "/summary", "text": "Hãy nêu công suất."}]});
    assert_eq!(step(&officer, &path, "change-request", &reasons)["status"], "changes_requested");
    assert!(officer.get(&queue).expect(200).titles().is_empty());
    let reviews = person.get(&format!("{path}/reviews")).expect(200);
    assert_eq!(reviews.text_at("/items/0/reasons/0/text"), "Hãy nêu công suất.");
    let etag = person.get(&path).expect(200).etag();
    person.patch(&path, &etag, &json!({"summary": "Đèn tự sạc, 30 W."})).expect(200);
    step(&person, &path, "submission", &json!({}));
    assert_eq!(found(x, "den%20nang%20luong"), 0);

    // It is published, and a visitor finds it without diacritics.
    step(&officer, &path, "publication", &json!({}));
    x.eventually("it is found", || found(x, "den%20nang%20luong%20mat%20troi%20duong%20lang") == 1);
    let hit = x.visitor().get("/v1/search?q=den%20nang%20luong").expect(200).json()["items"][0].clone();
    let shown = x.visitor().get(&path).expect(200).json();
    assert_eq!((&hit["kind"], &hit[kind.name]["id"]), (&json!(kind.name), &shown["id"]));
    assert_eq!((&shown["title"], &shown["summary"]), (&json!(title), &json!("Đèn tự sạc, 30 W.")));
    assert_eq!(shown["organization"]["verification"], "verified");
    assert_eq!(x.visitor().get(kind.list).expect(200).titles(), [title]);

    // It is withdrawn and gone.
    step(&person, &path, "withdrawal", &json!({}));
    x.visitor().get(&path).expect(404).problem("not_found");
    assert!(x.visitor().get(kind.list).expect(200).titles().is_empty());
    x.eventually("it is not found", || found(x, "den%20nang%20luong") == 0);
    assert_eq!(person.get(&path).expect(200).json()["status"], "withdrawn");

    // Signed out, the person is a visitor.
    person.delete("/v1/sessions/current").expect(204);
    person.get(&path).expect(401).problem("invalid_token");
}

on_both! {
    fn a_researcher_lists_a_technology(x) { story(x, &LISTINGS, "institute"); }

    fn an_enterprise_posts_an_order(x) { story(x, &ORDERS, "enterprise"); }
}
