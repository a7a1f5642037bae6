//! What becomes of published items: suspension, confirmation, expiry, archive, and whether they take interest.

use serde_json::{Value, json};

use crate::catalogue::{KINDS, Kind, Piece, Shelved, colleague, shelve};
use crate::harness::{Client, Exchange, Member};
use crate::{on_both, rows};

const DAY: i64 = 86_400;

fn suspension() -> Value {
    json!({"code": "rights_dispute", "text": "Một bên khác cho rằng mình là chủ sở hữu."})
}

/// A published item, held at its version.
fn published(x: &Exchange, kind: &Kind, member: &Member) -> Piece {
    kind.at(member, &x.officer(), "published")
}

/// Lets days pass and the periodic work be done.
fn pass(x: &Exchange, days: i64) {
    x.clock.advance(days * DAY);
    x.run_jobs();
}

/// Members signed in again, because sessions do not outlive the months that pass here.
fn again(x: &Exchange, member: &Member) -> Client {
    x.visitor().sign_in(&member.email, crate::harness::PASSWORD)
}

fn status(who: &Client, piece: &Piece) -> Value {
    who.get(&piece.path).expect(200).json()["status"].clone()
}

on_both! {
    fn a_suspended_item_is_gone_until_an_officer_puts_it_back(x) {
        let (member, officer) = (x.researcher(), x.officer());
        for kind in KINDS {
            let mut piece = published(x, kind, &member);
            let search = format!("/v1/search?q=trang%20thai&kind={}", kind.name);
            let found = || x.visitor().get(&search).expect(200).json();
            x.eventually("it is found", || found()["total"] == 1);
            let suspend = |body: &Value| officer.post_at(&format!("{}/suspension", piece.path), &piece.etag, body);
            suspend(&json!({})).expect(422).field("/code", "required").field("/text", "required");
            suspend(&json!({"code": "dislike", "text": "x"})).expect(422).field("/code", "not_a_choice");
            let answer = suspend(&suspension()).expect(200);
            piece.etag = answer.etag();
            assert_eq!(answer.json()["status"], "suspended");
            x.visitor().get(&piece.path).expect(404).problem("not_found");
            x.enterprise().get(&piece.path).expect(404).problem("not_found");
            assert!(x.visitor().get(kind.list).expect(200).titles().is_empty());
            assert_eq!(found()["items"], json!([]), "not even while the index still knows it");
            x.eventually("it is not counted", || found()["total"] == 0);
            let review = member.get(&format!("{}/reviews", piece.path)).expect(200).json()["items"][0].clone();
            assert_eq!((&review["decision"], &review["reasons"]), (&json!("suspend"), &json!([suspension()])));
            for step in ["change", "submission", "withdrawal", "confirmation"] {
                piece.step(&member, step).expect(409).problem(kind.wrong_state);
            }
            piece.step(&member, "reinstatement").expect(403).problem("officer_required");
            assert_eq!(piece.step(&officer, "reinstatement").expect(200).json()["status"], "published");
            x.visitor().get(&piece.path).expect(200);
            x.eventually("it is found again", || found()["total"] == 1);
        }
    }

    fn what_nobody_confirms_is_archived_after_a_warning(x) {
        for kind in KINDS {
            let member = x.researcher();
            let piece = published(x, kind, &member);
            let warned = || x.mails_to(&member.email).iter().filter(|mail| mail.contains(piece.id())).count();
            pass(x, 350);
            assert_eq!(status(&x.visitor(), &piece), "published");
            pass(x, 1);
            x.eventually("the owner is warned", || warned() == 1);
            assert!(x.mails_to(&member.email).iter().any(|mail| mail.contains(&format!("{}/confirmation", piece.path))));
            pass(x, 13);
            assert_eq!(status(&x.visitor(), &piece), "published");
            pass(x, 1);
            x.visitor().get(&piece.path).expect(404).problem("not_found");
            let owner = again(x, &member);
            assert_eq!(status(&owner, &piece), "archived");
            assert_eq!(warned(), 1);
            let search = format!("/v1/search?q=trang%20thai&kind={}", kind.name);
            x.eventually("it is not counted", || x.visitor().get(&search).expect(200).json()["total"] == 0);
            let etag = owner.get(&piece.path).expect(200).etag();
            let draft = owner.post_at(&format!("{}/restoration", piece.path), &etag, &json!({})).expect(200);
            assert_eq!((&draft.json()["status"], draft.json().get("expires_at")), (&json!("draft"), None));
            owner.post_at(&format!("{}/submission", piece.path), &draft.etag(), &json!({})).expect(200);
        }
    }

    fn a_confirmation_begins_a_new_term(x) {
        for kind in KINDS {
            let member = x.researcher();
            let piece = published(x, kind, &member);
            let before = x.visitor().get(&piece.path).expect(200).json();
            pass(x, 351);
            x.eventually("the owner is warned", || x.mails_to(&member.email).iter().any(|mail| mail.contains(piece.id())));
            let owner = again(x, &member);
            let etag = owner.get(&piece.path).expect(200).etag();
            let after = owner.post_at(&format!("{}/confirmation", piece.path), &etag, &json!({})).expect(200).json();
            assert_eq!(after["last_confirmed_at"], x.now().to_string());
            assert_eq!(after["expires_at"], x.now().plus_days(365).to_string());
            assert_eq!(after["published_at"], before["published_at"]);
            pass(x, 350);
            assert_eq!(status(&x.visitor(), &piece), "published");
            let warnings = x.mails_to(&member.email).iter().filter(|mail| mail.contains(piece.id())).count();
            assert_eq!(warnings, 1);
        }
    }

    /// The jobs did not run for half a year.
    fn nothing_expires_without_notice(x) {
        for kind in KINDS {
            let member = x.researcher();
            let piece = published(x, kind, &member);
            pass(x, 500);
            let shown = x.visitor().get(&piece.path).expect(200).json();
            assert_eq!(shown["expires_at"], x.now().plus_days(14).to_string());
            pass(x, 14);
            x.visitor().get(&piece.path).expect(404).problem("not_found");
        }
    }

    fn what_was_imported_begins_its_term_when_it_is_first_seen(x) {
        let member = x.researcher();
        for kind in KINDS {
            shelve(x, kind, &member.organization_id, vec![Shelved((kind.content)("Đã lâu"), -900 * DAY)]);
            x.run_jobs();
            let list = x.visitor().get(kind.list).expect(200).json();
            let path = format!("{}/{}", kind.list, list["items"][0]["id"].as_str().expect("an id"));
            let shown = x.visitor().get(&path).expect(200).json();
            assert_eq!(shown["expires_at"], x.now().plus_days(365).to_string());
            assert!(shown.get("last_confirmed_at").is_none());
            x.clock.advance(3_600);
        }
    }

    fn the_term_is_as_configured(x) with(|config| {
        config.catalogue.valid_days = 30;
        config.catalogue.warning_days = 3;
    }) {
        let member = x.researcher();
        let piece = published(x, KINDS[0], &member);
        assert_eq!(x.visitor().get(&piece.path).expect(200).json()["expires_at"], x.now().plus_days(30).to_string());
        pass(x, 27);
        pass(x, 3);
        x.visitor().get(&piece.path).expect(404).problem("not_found");
    }

    fn interest_is_opened_and_closed_apart_from_the_status(x) {
        let (member, officer) = (x.researcher(), x.officer());
        let viewer = colleague(x, &member, "viewer");
        for kind in KINDS {
            let mut piece = published(x, kind, &member);
            assert_eq!(x.visitor().get(&piece.path).expect(200).json()["open_for_interest"], true);
            for who in [&viewer, &officer, &x.enterprise().client] {
                piece.step(who, "closing").expect(403).problem("role_too_low");
            }
            for (step, open) in [("closing", false), ("closing", false), ("opening", true), ("closing", false)] {
                let answer = piece.step(&member, step).expect(200);
                piece.etag = answer.etag();
                assert_eq!(answer.json()["status"], "published");
                assert_eq!(x.visitor().get(&piece.path).expect(200).json()["open_for_interest"], open);
                assert_eq!(x.visitor().get(kind.list).expect(200).json()["items"][0]["open_for_interest"], open);
            }
            for (who, step) in [(&member.client, "withdrawal"), (&member.client, "submission"), (&officer, "publication")] {
                piece.etag = piece.step(who, step).expect(200).etag();
            }
            assert_eq!(x.visitor().get(&piece.path).expect(200).json()["open_for_interest"], true);
        }
    }

    fn the_audit_log_says_that_time_did_it(x) {
        let member = x.researcher();
        published(x, KINDS[0], &member);
        pass(x, 351);
        pass(x, 14);
        let entries = rows::select(
            x.database_url(),
            "event || '|' || {id:actor_id} || '|' || request_id || '|' || {text:object_version}",
            "audit_log WHERE event IN ('listing.expiring', 'listing.archived') ORDER BY id",
        );
        assert_eq!(entries, ["listing.expiring||job:listings_expiry|4", "listing.archived||job:listings_expiry|5"]);
    }
}
