//! Who may do what with an organisation: every role against every operation on it. Each request is made so that it
//! comes to nothing for those who may (an old version, an unknown person): the cells can stand beside each other.

use serde_json::{Value, json};

use crate::harness::{Client, Exchange, Member, member_of};
use crate::on_both;

/// Who asks, in the order of the columns.
const WHO: [&str; 6] = ["visitor", "stranger", "viewer", "editor", "owner", "officer"];

fn askers(x: &Exchange, owner: &Member) -> [Client; 6] {
    let member = |role: &str| member_of(x, &owner.organization_id, role).0;
    [x.visitor(), x.researcher().client, member("viewer"), member("editor"), owner.client.clone(), x.officer()]
}

/// One row: method, path below the organisation, body, and the status for each of [`WHO`].
type Row = (&'static str, &'static str, Option<Value>, [u16; 6]);

fn check(x: &Exchange, owner: &Member, rows: &[Row]) {
    let askers = askers(x, owner);
    let organization = format!("/v1/organizations/{}", owner.organization_id);
    let before = x.officer().get(&organization).expect(200).text;
    let mut wrong = Vec::new();
    for (method, below, body, expected) in rows {
        let path = format!("{organization}{below}").replace("{owner}", &owner.user_id);
        for ((who, client), expected) in WHO.iter().zip(&askers).zip(expected) {
            let client = client.with("if-match", "\"999-0\"");
            let (kind, body) = match body {
                Some(body) => (Some("application/json"), body.to_string()),
                None => (None, String::new()),
            };
            let answer = client.send(method, &path, kind, body.as_bytes());
            if answer.status != *expected {
                wrong.push(format!("{method} {below} as {who}: {} instead of {expected}", answer.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(x.officer().get(&organization).expect(200).text, before);
}

/// What is the same for an organisation whether or not it is verified, because only insiders come near it.
fn inside() -> Vec<Row> {
    let decision = json!({"decision": "refused", "method": "other", "evidence": "Không rõ."});
    let nobody = "/members/0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d4e";
    let unasked = "/invitations/0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d4e";
    let mail = "/invitations/0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d4e/mail";
    let withdrawal = "/invitations/0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d4e/withdrawal";
    vec![
        ("POST", "/verification", Some(decision), [401, 403, 403, 403, 403, 412]),
        ("GET", "/verifications", None, [401, 404, 200, 200, 200, 200]),
        ("GET", "/members", None, [401, 404, 200, 200, 200, 200]),
        ("GET", "/members/{owner}", None, [401, 404, 200, 200, 200, 200]),
        ("GET", nobody, None, [401, 404, 404, 404, 404, 404]),
        ("GET", "/invitations", None, [401, 404, 403, 403, 200, 404]),
        ("GET", unasked, None, [401, 404, 403, 403, 404, 404]),
        ("POST", mail, None, [401, 404, 403, 403, 404, 404]),
        ("POST", withdrawal, None, [401, 404, 403, 403, 404, 404]),
        ("DELETE", "/members/{owner}/signatory", None, [401, 404, 403, 403, 412, 404]),
        ("PATCH", "/members/{owner}", Some(json!({"role": "viewer"})), [401, 404, 403, 403, 412, 404]),
        ("PATCH", nobody, Some(json!({"role": "viewer"})), [401, 404, 403, 403, 404, 404]),
        ("DELETE", nobody, None, [401, 404, 403, 403, 404, 404]),
        ("DELETE", "/members/{owner}", None, [401, 404, 403, 403, 409, 404]),
    ]
}

/// Nobody here has proved a second factor; for those who have, see `signatories`.
fn signatory() -> Row {
    let right = json!({"basis": "legal_representative"});
    ("POST", "/members/{owner}/signatory", Some(right), [401, 403, 403, 403, 403, 403])
}

on_both! {
    fn a_verified_organisation(x) {
        let mut rows = inside();
        rows.push(signatory());
        rows.push(("GET", "", None, [200; 6]));
        rows.push(("PATCH", "", Some(json!({"about": "x"})), [401, 403, 403, 403, 412, 403]));
        check(x, &x.enterprise(), &rows);
    }

    fn an_unverified_organisation(x) {
        let mut rows = inside();
        rows.push(("GET", "", None, [404, 404, 200, 200, 200, 200]));
        rows.push(("PATCH", "", Some(json!({"about": "x"})), [401, 404, 403, 403, 412, 403]));
        check(x, &Member::of_unverified(x, "enterprise"), &rows);
    }

    fn an_organisation_that_is_not_there(x) {
        let owner = x.enterprise();
        let nowhere = "/v1/organizations/0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d4f";
        let officer = x.officer();
        for (method, below, body, _) in inside().iter().filter(|(_, below, ..)| *below != "/verification") {
            let path = format!("{nowhere}{below}").replace("{owner}", &owner.user_id);
            for client in [&owner.client, &officer] {
                let client = client.with("if-match", "\"999-0\"");
                let text = body.as_ref().map(Value::to_string).unwrap_or_default();
                client
                    .send(method, &path, body.as_ref().map(|_| "application/json"), text.as_bytes())
                    .expect(404)
                    .problem("not_found");
            }
        }
    }
}
