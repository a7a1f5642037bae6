//! Invitations: from the owner's request over the mail to the membership.

use serde_json::json;
use techex::config::Config;

use crate::harness::{Answer, Client, Exchange, Member, PASSWORD, join, member_of, person};
use crate::on_both;

const EMAIL: &str = "nguoi-duoc-moi@example.com";

fn invitations(owner: &Member) -> String {
    format!("/v1/organizations/{}/invitations", owner.organization_id)
}

fn invite(owner: &Member, email: &str, role: &str) -> Answer {
    owner.post(&invitations(owner), &json!({"email": email, "role": role}))
}

/// The tokens in the invitations mailed to an address, oldest first.
fn tokens(x: &Exchange, email: &str) -> Vec<String> {
    let invitations = x.mails_to(email).into_iter().filter(|mail| mail.contains("invitation-acceptances"));
    invitations.filter_map(|mail| token_of(&mail)).collect()
}

/// The token in a mail.
fn token_of(mail: &str) -> Option<String> {
    let is_token =
        |line: &&str| line.len() == 43 && line.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    mail.lines().map(str::trim).find(is_token).map(str::to_owned)
}

/// The token of the newest mail, once there are `count` of them.
fn token(x: &Exchange, email: &str, count: usize) -> String {
    x.eventually("the invitation arrives", || tokens(x, email).len() >= count);
    let tokens = tokens(x, email);
    assert_eq!(tokens.len(), count, "mails to {email}");
    tokens[count - 1].clone()
}

fn accept(client: &Client, token: &str) -> Answer {
    client.post("/v1/invitation-acceptances", &json!({"token": token}))
}

fn decline(client: &Client, token: &str) -> Answer {
    client.post("/v1/invitation-refusals", &json!({"token": token}))
}

/// Sends an invitation again at the version it is at.
fn resend(owner: &Member, path: &str) -> Answer {
    let etag = owner.get(path).expect(200).etag();
    owner.with("if-match", &etag).send("POST", &format!("{path}/mail"), None, b"")
}

fn withdraw(owner: &Member, path: &str) -> Answer {
    let etag = owner.get(path).expect(200).etag();
    owner.with("if-match", &etag).send("POST", &format!("{path}/withdrawal"), None, b"")
}

fn statuses(owner: &Member, filter: &str) -> Vec<String> {
    let list = owner.get(&format!("{}{filter}", invitations(owner))).expect(200).json();
    let items = list["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(|item| item["status"].as_str().unwrap_or_default().to_owned()).collect()
}

fn few_mails(config: &mut Config) {
    config.invitations.mails_per_day = 3;
}

on_both! {
    fn who_reads_the_mail_becomes_a_member(x) {
        let owner = x.enterprise();
        let (guest, email, id) = person(x);
        let made = invite(&owner, &email.to_uppercase(), "editor").expect(201);
        let path = format!("{}/{}", invitations(&owner), made.id());
        assert_eq!(made.header("location"), Some(path.as_str()));
        assert_eq!((made.text_at("/email"), made.text_at("/status")), (email.clone(), "pending".into()));
        let token = token(x, &email, 1);
        let membership = format!("/v1/organizations/{}/members/{id}", owner.organization_id);
        let joined = accept(&guest, &token).expect(201);
        assert_eq!(joined.header("location"), Some(membership.as_str()));
        assert_eq!((joined.text_at("/role"), joined.text_at("/email")), ("editor".into(), email.clone()));
        assert_eq!(guest.get(&membership).expect(200).etag(), joined.etag());
        assert_eq!(guest.get("/v1/me").expect(200).text_at("/organizations/0/role"), "editor");
        assert_eq!(statuses(&owner, ""), ["accepted"]);
        accept(&guest, &token).expect(422).problem("invalid_invitation");
        decline(&guest, &token).expect(422).problem("invalid_invitation");
        invite(&owner, &email, "viewer").expect(422).field("/email", "already_member");
    }

    fn one_may_register_after_being_invited(x) {
        let owner = x.enterprise();
        invite(&owner, EMAIL, "owner").expect(201);
        let invitation = token(x, EMAIL, 1);
        accept(&x.visitor(), &invitation).expect(401).problem("authentication_required");
        let registration = json!({"email": EMAIL, "password": PASSWORD, "full_name": "Người mới"});
        x.visitor().post("/v1/registrations", &registration).expect(202);
        let confirmation = |mail: &String| mail.contains("email-verifications");
        x.eventually("the confirmation arrives", || x.mails_to(EMAIL).iter().any(confirmation));
        let mail = x.mails_to(EMAIL).into_iter().find(confirmation).expect("a mail");
        let code = &token_of(&mail).expect("a token");
        accept(&x.visitor(), code).expect(401);
        x.visitor().post("/v1/email-verifications", &json!({"token": code})).expect(200);
        let guest = x.visitor().sign_in(EMAIL, PASSWORD);
        accept(&guest, code).expect(422).problem("invalid_invitation");
        assert_eq!(accept(&guest, &invitation).expect(201).text_at("/role"), "owner");
    }

    fn nobody_learns_whether_an_address_has_an_account(x) {
        let owner = x.enterprise();
        let (_, known, _) = person(x);
        let shape = |answer: Answer| {
            let mut body = answer.expect(201).json();
            for varies in ["id", "email"] {
                body[varies] = json!(null);
            }
            body
        };
        assert_eq!(shape(invite(&owner, &known, "viewer")), shape(invite(&owner, "khong-co@example.com", "viewer")));
    }

    fn the_token_serves_nobody_but_the_address_it_was_sent_to(x) {
        let owner = x.enterprise();
        invite(&owner, EMAIL, "owner").expect(201);
        let token = token(x, EMAIL, 1);
        let (other, ..) = person(x);
        accept(&other, &token).expect(403).problem("invitation_for_other_address");
        accept(&other, "no-such-token").expect(422).problem("invalid_invitation");
        assert_eq!(statuses(&owner, "?status=pending"), ["pending"]);
    }

    fn declining_needs_no_account(x) {
        let owner = x.enterprise();
        invite(&owner, EMAIL, "viewer").expect(201);
        let token = token(x, EMAIL, 1);
        decline(&x.visitor(), &token).expect(204);
        decline(&x.visitor(), &token).expect(422).problem("invalid_invitation");
        assert_eq!(statuses(&owner, "?status=declined"), ["declined"]);
        assert_eq!(statuses(&owner, "?status=pending"), [""; 0]);
        invite(&owner, EMAIL, "viewer").expect(201);
    }

    fn an_invitation_expires_and_can_be_sent_again(x) {
        let owner = x.enterprise();
        let (_, email, _) = person(x);
        let made = invite(&owner, &email, "viewer").expect(201);
        let path = format!("{}/{}", invitations(&owner), made.id());
        let first = token(x, &email, 1);
        x.clock.advance(14 * 86_400);
        let (owner_again, guest) = (Member { client: x.visitor().sign_in(&owner.email, PASSWORD), ..owner }, x.visitor().sign_in(&email, PASSWORD).clone());
        accept(&guest, &first).expect(422).problem("invalid_invitation");
        invite(&owner_again, &email, "viewer").expect(422).field("/email", "already_invited");
        resend(&owner_again, &path).expect(202);
        let second = token(x, &email, 2);
        assert_ne!(first, second);
        accept(&guest, &first).expect(422).problem("invalid_invitation");
        accept(&guest, &second).expect(201);
        resend(&owner_again, &path).expect(409).problem("invitation_wrong_state");
        withdraw(&owner_again, &path).expect(409).problem("invitation_wrong_state");
    }

    fn a_withdrawn_invitation_is_void(x) {
        let owner = x.enterprise();
        let (guest, email, _) = person(x);
        let made = invite(&owner, &email, "viewer").expect(201);
        let path = format!("{}/{}", invitations(&owner), made.id());
        let token = token(x, &email, 1);
        owner.with("if-match", "\"7-0\"").send("POST", &format!("{path}/withdrawal"), None, b"").expect(412);
        assert_eq!(withdraw(&owner, &path).expect(200).text_at("/status"), "withdrawn");
        accept(&guest, &token).expect(422).problem("invalid_invitation");
        invite(&owner, &email, "viewer").expect(201);
    }

    fn mails_are_limited_for_each_organisation_and_day(x) with(few_mails) {
        let owner = x.enterprise();
        let made = invite(&owner, "a1@example.com", "viewer").expect(201);
        let path = format!("{}/{}", invitations(&owner), made.id());
        let refused = resend(&owner, &path).expect(429).problem("too_many_invitations");
        assert_eq!(refused.header("retry-after"), Some("60"));
        x.clock.advance(60);
        resend(&owner, &path).expect(202);
        invite(&owner, "a2@example.com", "viewer").expect(201);
        invite(&owner, "a3@example.com", "viewer").expect(429).problem("too_many_invitations");
        invite(&x.enterprise(), "a3@example.com", "viewer").expect(201);
        x.clock.advance(86_400);
        let owner = Member { client: x.visitor().sign_in(&owner.email, PASSWORD), ..owner };
        invite(&owner, "a3@example.com", "viewer").expect(201);
    }

    fn simultaneous_invitations_of_one_address_are_one(x) {
        let owner = x.enterprise();
        let mut statuses: Vec<u16> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| invite(&owner, EMAIL, "viewer").status)).collect();
            threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 422, 422, 422]);
        token(x, EMAIL, 1);
    }

    fn simultaneous_acceptances_make_one_member(x) {
        let owner = x.enterprise();
        let (guest, email, _) = person(x);
        invite(&owner, &email, "viewer").expect(201);
        let token = token(x, &email, 1);
        let mut statuses: Vec<u16> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| accept(&guest, &token).status)).collect();
            threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 422, 422, 422]);
    }

    fn a_member_by_another_way_does_not_join_twice(x) {
        let owner = x.enterprise();
        let (guest, email, id) = person(x);
        invite(&owner, &email, "viewer").expect(201);
        let token = token(x, &email, 1);
        join(x, &owner.organization_id, &id, "editor");
        accept(&guest, &token).expect(422).field("/token", "already_member");
    }

    fn invitations_are_the_owners_business(x) {
        let owner = x.enterprise();
        let made = invite(&owner, EMAIL, "viewer").expect(201);
        let path = format!("{}/{}", invitations(&owner), made.id());
        let (editor, ..) = member_of(x, &owner.organization_id, "editor");
        editor.get(&path).expect(403).problem("role_too_low");
        let stranger = x.researcher();
        stranger.get(&path).expect(404);
        let elsewhere = path.replace(&owner.organization_id, &stranger.organization_id);
        stranger.get(&elsewhere).expect(404).problem("not_found");
        for body in [json!({"email": "x", "role": "viewer"}), json!({"email": EMAIL, "role": "king"}), json!({})] {
            owner.post(&invitations(&owner), &body).expect(422).problem("validation_failed");
        }
    }

    fn an_invitation_falls_with_the_inviter(x) {
        let owner = x.enterprise();
        let members = format!("/v1/organizations/{}/members", owner.organization_id);
        let inviter = |number: u32| {
            let (client, email, user_id) = member_of(x, &owner.organization_id, "owner");
            let inviter = Member { client, email, user_id, organization_id: owner.organization_id.clone() };
            let (guest, email, _) = person(x);
            invite(&inviter, &email, "owner").expect(201);
            (inviter, guest, token(x, &email, 1), number)
        };
        for (inviter, guest, token, how) in (0..4).map(inviter) {
            let path = format!("{members}/{}", inviter.user_id);
            match how {
                0 => owner.delete(&path).expect(204),
                1 => inviter.delete(&path).expect(204),
                2 => owner.patch(&path, &owner.get(&path).expect(200).etag(), &json!({"role": "viewer"})).expect(200),
                _ => inviter.post("/v1/me/closure", &json!({"password": PASSWORD})).expect(204),
            };
            accept(&guest, &token).expect(422).problem("invalid_invitation");
        }
        assert_eq!(statuses(&owner, ""), ["withdrawn"; 4]);
        // Another owner's stand.
        let (guest, email, _) = person(x);
        invite(&owner, &email, "viewer").expect(201);
        let (second, ..) = member_of(x, &owner.organization_id, "owner");
        let id = second.get("/v1/me").expect(200).id();
        owner.delete(&format!("{members}/{id}")).expect(204);
        accept(&guest, &token(x, &email, 1)).expect(201);
    }

    fn a_deactivated_organisation_takes_nobody_in(x) {
        let owner = x.enterprise();
        let (guest, email, _) = person(x);
        let path = format!("{}/{}", invitations(&owner), invite(&owner, &email, "editor").expect(201).id());
        let token = token(x, &email, 1);
        let organization = format!("/v1/organizations/{}", owner.organization_id);
        let etag = owner.get(&organization).expect(200).etag();
        let gone = owner.post_at(&format!("{organization}/deactivation"), &etag, &json!({"reason": "Viện sáp nhập."})).expect(200);
        accept(&guest, &token).expect(422).problem("invalid_invitation");
        x.clock.advance(60);
        resend(&owner, &path).expect(409).problem("invitation_wrong_state");
        let back = format!("{organization}/reactivation");
        owner.with("if-match", &gone.etag()).send("POST", &back, None, b"").expect(200);
        accept(&guest, &token).expect(422).problem("invalid_invitation");
        assert_eq!(statuses(&owner, ""), ["withdrawn"]);
    }
}
