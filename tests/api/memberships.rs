//! Who belongs to an organisation, and what each role may do.

use serde_json::{Value, json};

use crate::harness::{Answer, Client, Exchange, Member, join, member_of};
use crate::on_both;

/// Somebody who was made a member.
struct Colleague {
    client: Client,
    email: String,
    id: String,
    /// The path of the membership.
    path: String,
}

fn members(organization: &Member) -> String {
    format!("/v1/organizations/{}/members", organization.organization_id)
}

fn own_path(owner: &Member) -> String {
    format!("{}/{}", members(owner), owner.user_id)
}

fn colleague(x: &Exchange, owner: &Member, role: &str) -> Colleague {
    let (client, email, id) = member_of(x, &owner.organization_id, role);
    let path = format!("{}/{id}", members(owner));
    Colleague { client, email, id, path }
}

fn set_role(client: &Client, path: &str, role: &str) -> Answer {
    let etag = client.get(path).header("etag").unwrap_or("\"1-0\"").to_owned();
    client.patch(path, &etag, &json!({"role": role}))
}

fn items(answer: &Answer) -> Vec<Value> {
    answer.json()["items"].as_array().cloned().unwrap_or_default()
}

fn owners(client: &Client, path: &str) -> usize {
    items(&client.get(path).expect(200)).iter().filter(|member| member["role"] == "owner").count()
}

on_both! {
    fn a_viewer_reads_and_writes_nothing(x) {
        let owner = x.enterprise();
        let viewer = colleague(x, &owner, "viewer");
        let organization = format!("/v1/organizations/{}", owner.organization_id);
        let etag = viewer.client.get(&organization).expect(200).etag();
        viewer.client.patch(&organization, &etag, &json!({"about": "x"})).expect(403).problem("role_too_low");
        viewer
            .client
            .post(&owner.orders(), &json!({"language": "vi", "title": "Cần máy lọc nước"}))
            .expect(403)
            .problem("role_too_low");
        viewer.client.get(&owner.orders()).expect(200);
    }

    fn an_editor_writes_but_manages_nobody(x) {
        let owner = x.enterprise();
        let (editor, other) = (colleague(x, &owner, "editor"), colleague(x, &owner, "viewer"));
        editor.client.post(&owner.orders(), &json!({"language": "vi", "title": "Cần máy lọc nước"})).expect(201);
        let invitations = format!("/v1/organizations/{}/invitations", owner.organization_id);
        let body = json!({"email": "nguoi-moi@example.com", "role": "viewer"});
        editor.client.post(&invitations, &body).expect(403).problem("role_too_low");
        set_role(&editor.client, &other.path, "owner").expect(403).problem("role_too_low");
        set_role(&editor.client, &editor.path, "owner").expect(403).problem("role_too_low");
        editor.client.delete(&other.path).expect(403).problem("role_too_low");
        let organization = format!("/v1/organizations/{}", owner.organization_id);
        let etag = editor.client.get(&organization).expect(200).etag();
        editor.client.patch(&organization, &etag, &json!({"about": "x"})).expect(403).problem("role_too_low");
    }

    fn a_new_role_takes_effect_on_the_next_request(x) {
        let owner = x.enterprise();
        let member = colleague(x, &owner, "viewer");
        let order = json!({"language": "vi", "title": "Cần máy lọc nước"});
        member.client.post(&owner.orders(), &order).expect(403);
        set_role(&owner, &member.path, "editor").expect(200);
        member.client.post(&owner.orders(), &order).expect(201);
        set_role(&owner, &member.path, "viewer").expect(200);
        member.client.post(&owner.orders(), &order).expect(403).problem("role_too_low");
    }

    fn a_removed_member_loses_access_on_the_next_request(x) {
        let owner = Member::of_unverified(x, "enterprise");
        let member = colleague(x, &owner, "editor");
        let organization = format!("/v1/organizations/{}", owner.organization_id);
        member.client.get(&organization).expect(200);
        owner.delete(&member.path).expect(204);
        for path in [&organization, &members(&owner), &member.path, &owner.orders()] {
            member.client.get(path).expect(404).problem("not_found");
        }
        member
            .client
            .post(&owner.orders(), &json!({"language": "vi", "title": "Cần"}))
            .expect(404)
            .problem("not_found");
        assert_eq!(member.client.get("/v1/me").expect(200).json()["organizations"], json!([]));
        owner.delete(&member.path).expect(404).problem("not_found");
        join(x, &owner.organization_id, &member.id, "viewer");
        member.client.get(&organization).expect(200);
    }

    fn a_member_may_leave(x) {
        let owner = x.enterprise();
        let member = colleague(x, &owner, "viewer");
        member.client.delete(&member.path).expect(204);
        member.client.delete(&member.path).expect(404);
        assert_eq!(items(&owner.get(&members(&owner)).expect(200)).len(), 1);
    }

    fn the_last_owner_stays(x) {
        let owner = x.enterprise();
        colleague(x, &owner, "editor");
        owner.delete(&own_path(&owner)).expect(409).problem("last_owner");
        set_role(&owner, &own_path(&owner), "editor").expect(409).problem("last_owner");
        set_role(&owner, &own_path(&owner), "owner").expect(200);
        assert_eq!(owners(&owner, &members(&owner)), 1);
    }

    fn an_owner_goes_when_there_is_another(x) {
        let owner = x.enterprise();
        let heir = colleague(x, &owner, "owner");
        owner.delete(&own_path(&owner)).expect(204);
        owner.get(&members(&owner)).expect(404).problem("not_found");
        heir.client.delete(&heir.path).expect(409).problem("last_owner");
        assert_eq!(owners(&heir.client, &members(&owner)), 1);
    }

    fn of_two_owners_who_go_at_once_one_stays(x) {
        for _ in 0..5 {
            let owner = x.enterprise();
            let other = colleague(x, &owner, "owner");
            let watcher = colleague(x, &owner, "viewer");
            let (first, second) = std::thread::scope(|scope| {
                let leaves = scope.spawn(|| other.client.delete(&other.path).status);
                (set_role(&owner, &own_path(&owner), "viewer").status, leaves.join().expect("an answer"))
            });
            assert!(matches!((first, second), (200, 409) | (409, 204)), "{first} {second}");
            assert_eq!(owners(&watcher.client, &members(&owner)), 1);
        }
    }

    fn of_two_owners_who_remove_each_other_one_stays(x) {
        for _ in 0..5 {
            let owner = x.enterprise();
            let other = colleague(x, &owner, "owner");
            let watcher = colleague(x, &owner, "viewer");
            std::thread::scope(|scope| {
                scope.spawn(|| owner.delete(&other.path));
                scope.spawn(|| other.client.delete(&own_path(&owner)));
            });
            assert_eq!(owners(&watcher.client, &members(&owner)), 1);
        }
    }

    fn addresses_are_shown_to_owners_and_officers(x) {
        let owner = x.enterprise();
        let viewer = colleague(x, &owner, "viewer");
        let (list, owner_path) = (members(&owner), own_path(&owner));
        for client in [&owner.client, &x.officer()] {
            assert!(items(&client.get(&list).expect(200)).iter().all(|member| member["email"].is_string()));
            assert_eq!(client.get(&viewer.path).expect(200).text_at("/email"), viewer.email);
        }
        let seen = items(&viewer.client.get(&list).expect(200));
        let with_address: Vec<_> = seen.iter().filter(|member| member.get("email").is_some()).collect();
        assert_eq!(with_address.len(), 1);
        assert_eq!(with_address[0]["user_id"], json!(viewer.id));
        assert!(!viewer.client.get(&owner_path).expect(200).text.contains(&owner.email));
    }

    fn members_are_listed_the_longest_there_first(x) {
        let owner = x.enterprise();
        let mut expected = vec![owner.user_id.clone()];
        for _ in 0..2 {
            x.clock.advance(1);
            expected.push(colleague(x, &owner, "viewer").id);
        }
        let first = owner.get(&format!("{}?limit=2", members(&owner))).expect(200);
        let cursor = first.text_at("/next_cursor");
        let second = owner.get(&format!("{}?limit=2&cursor={cursor}", members(&owner))).expect(200);
        let found: Vec<_> = [items(&first), items(&second)].concat().iter().map(|m| m["user_id"].clone()).collect();
        assert_eq!(found, expected);
    }

    fn members_are_nobody_elses_business(x) {
        let owner = x.enterprise();
        let stranger = x.researcher();
        for path in [&members(&owner), &own_path(&owner)] {
            stranger.get(path).expect(404).problem("not_found");
            x.visitor().get(path).expect(401).problem("authentication_required");
            x.officer().get(path).expect(200);
        }
        set_role(&stranger, &own_path(&owner), "viewer").expect(404).problem("not_found");
        stranger.delete(&own_path(&owner)).expect(404).problem("not_found");
        x.officer().delete(&own_path(&owner)).expect(404).problem("not_found");
    }

    fn a_role_is_changed_at_its_version(x) {
        let owner = x.enterprise();
        let member = colleague(x, &owner, "viewer");
        let etag = owner.get(&member.path).expect(200).etag();
        let body = json!({"role": "editor"}).to_string();
        let merge_patch = Some("application/merge-patch+json");
        owner.send("PATCH", &member.path, merge_patch, body.as_bytes()).expect(428).problem("if_match_required");
        let changed = owner.patch(&member.path, &etag, &json!({"role": "editor"})).expect(200);
        owner.patch(&member.path, &etag, &json!({"role": "owner"})).expect(412).problem("stale_version");
        assert_eq!(owner.get(&member.path).expect(200).etag(), changed.etag());
        owner.patch(&member.path, &changed.etag(), &json!({"role": null})).expect(422).field("/role", "required");
    }

    fn a_viewer_of_the_authority_is_no_officer(x) {
        let authority = x.officer().get("/v1/me").expect(200).text_at("/organizations/0/id");
        let queue = "/v1/organizations?verification=unverified";
        member_of(x, &authority, "viewer").0.get(queue).expect(403).problem("officer_required");
        member_of(x, &authority, "editor").0.get(queue).expect(200);
    }
}
