//! The right to sign for an organisation.

use serde_json::{Value, json};
use techex::http::{SessionRef, Token};
use techex::kernel::id::OrganizationId;

use crate::harness::{Answer, App, Client, Exchange, Member, join, member_of, stepped_up_officer};
use crate::on_both;

fn member_path(owner: &Member, user: &str) -> String {
    format!("/v1/organizations/{}/members/{user}", owner.organization_id)
}

fn grant(by: &Client, path: &str, body: &Value) -> Answer {
    let etag = by.get(path).header("etag").unwrap_or("\"1-0\"").to_owned();
    by.post_at(&format!("{path}/signatory"), &etag, body)
}

fn revoke(by: &Client, path: &str) -> Answer {
    let etag = by.get(path).header("etag").unwrap_or("\"1-0\"").to_owned();
    by.with("if-match", &etag).delete(&format!("{path}/signatory"))
}

fn proxy() -> Value {
    json!({"basis": "power_of_attorney", "reference": "Giấy ủy quyền số 12/2026 ngày 2026-10-01", "until_on": "2027-10-01"})
}

/// A member with their session.
struct Signer {
    client: Client,
    path: String,
    session: SessionRef,
    organization: OrganizationId,
}

impl Signer {
    fn new(owner: &Member, (client, _, id): (Client, String, String)) -> Self {
        let session_id = client.get("/v1/sessions").expect(200).text_at("/items/0/id").parse().expect("an identifier");
        let session = SessionRef { session_id, user_id: id.parse().expect("an identifier") };
        let organization = owner.organization_id.parse().expect("an identifier");
        Self { client, path: member_path(owner, &id), session, organization }
    }

    /// Whether the person may sign for the organisation, as the next request would find.
    fn may_sign(&self, x: &Exchange) -> bool {
        let (app, session, now) = (&x.system.app, Token::Session(self.session), x.now());
        let actor = app.database.read(|conn| Ok(app.authenticator.load(conn, &session, now)?)).expect("it is read");
        actor.expect("somebody").signs_for(self.organization)
    }
}

fn viewer(x: &Exchange, owner: &Member) -> Signer {
    Signer::new(owner, member_of(x, &owner.organization_id, "viewer"))
}

/// An owner whose session is stepped up.
fn owner(x: &Exchange) -> Member {
    let owner = x.enterprise();
    App::of(x, &owner, &owner.email);
    owner
}

on_both! {
    fn owners_give_and_take_the_right(x) {
        let owner = owner(x);
        let member = viewer(x, &owner);
        let path = &member.path;
        assert!(!member.may_sign(x));
        assert!(member.client.get(path).expect(200).json().get("signatory").is_none());
        let granted = grant(&owner, path, &proxy()).expect(200);
        assert_eq!(granted.text_at("/signatory/basis"), "power_of_attorney");
        assert_eq!(granted.text_at("/signatory/since"), x.now().to_string());
        assert_eq!(owner.get(path).expect(200).etag(), granted.etag());
        assert!(member.may_sign(x));
        revoke(&owner, path).expect(204);
        assert!(!member.may_sign(x));
        owner.with("if-match", "\"3-0\"").delete(&format!("{path}/signatory")).expect(404).problem("not_found");
    }

    fn the_right_ends_on_its_day(x) {
        let owner = owner(x);
        let member = viewer(x, &owner);
        grant(&owner, &member.path, &json!({"basis": "legal_representative", "until_on": "2026-11-23"})).expect(200);
        assert!(member.may_sign(x));
        // 02:00 in UTC is 09:00 in Vietnam: its day ends after fifteen hours.
        x.clock.advance(15 * 3600 - 1);
        assert!(member.may_sign(x));
        x.clock.advance(1);
        assert!(!member.may_sign(x));
    }

    fn a_power_of_attorney_is_named(x) {
        let owner = owner(x);
        let path = member_path(&owner, &owner.user_id);
        grant(&owner, &path, &json!({"basis": "power_of_attorney"})).expect(422).field("/reference", "required");
        grant(&owner, &path, &json!({"basis": "custom"})).expect(422).field("/basis", "not_a_choice");
        grant(&owner, &path, &json!({"basis": "legal_representative"})).expect(200);
        owner.post_at(&format!("{path}/signatory"), "\"1-0\"", &proxy()).expect(412).problem("stale_version");
    }

    fn others_neither_give_nor_take_it(x) {
        let owner = owner(x);
        let (client, email, id) = member_of(x, &owner.organization_id, "editor");
        let editor = Signer::new(&owner, (client.clone(), email.clone(), id));
        let path = &editor.path;
        grant(&client, path, &proxy()).expect(403).problem("step_up_required");
        App::of(x, &client, &email);
        grant(&client, path, &proxy()).expect(403).problem("role_too_low");
        let officer = stepped_up_officer(x);
        grant(&officer, path, &proxy()).expect(404).problem("not_found");
        grant(&owner, path, &proxy()).expect(200);
        revoke(&officer, path).expect(404).problem("not_found");
        revoke(&editor.client, path).expect(204);
        assert!(!editor.may_sign(x));
    }

    fn it_goes_with_the_membership_and_stays_with_a_new_role(x) {
        let owner = owner(x);
        let member = viewer(x, &owner);
        let etag = grant(&owner, &member.path, &proxy()).expect(200).etag();
        owner.patch(&member.path, &etag, &json!({"role": "editor"})).expect(200);
        assert!(member.may_sign(x));
        owner.delete(&member.path).expect(204);
        join(x, &owner.organization_id, &member.session.user_id.to_string(), "viewer");
        assert!(!member.may_sign(x));
    }

    fn an_owner_proves_a_second_factor_to_give_it(x) {
        let owner = x.enterprise();
        let member = viewer(x, &owner);
        grant(&owner, &member.path, &proxy()).expect(403).problem("step_up_required");
        let app = App::of(x, &owner, &owner.email);
        x.clock.advance(300);
        grant(&owner, &member.path, &proxy()).expect(403).problem("step_up_required");
        owner.post("/v1/me/step-up", &json!({"code": app.next_code(x)})).expect(200);
        grant(&owner, &member.path, &proxy()).expect(200);
        assert!(member.may_sign(x));
        // To take it there is no time to lose.
        x.clock.advance(300);
        revoke(&owner, &member.path).expect(204);
        assert!(!member.may_sign(x));
    }
}
