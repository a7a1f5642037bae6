//! Badges for evidence: who gives them, what they say, and when they are gone.

use serde_json::{Value, json};

use crate::catalogue::{LISTINGS, Piece, colleague, with};
use crate::harness::{Client, Exchange, Member, listing};
use crate::{on_both, rows};

fn evidence(description: &str) -> Value {
    json!({"claim": "trl", "kind": "test_report", "description": description})
}

/// A submitted listing with two pieces of evidence.
fn submitted(member: &Member) -> Piece {
    let content = with(listing("Máy sấy"), json!({"evidence": [evidence("Đo ở hộ A."), evidence("Đo ở hộ B.")]}));
    let mut piece = LISTINGS.draft(member, &content);
    piece.etag = piece.step(member, "submission").expect(200).etag();
    piece
}

fn fingerprint(who: &Client, piece: &Piece, at: usize) -> String {
    who.get(&piece.path).expect(200).text_at(&format!("/evidence_status/{at}/fingerprint"))
}

fn verify(who: &Client, piece: &Piece, fingerprint: &str) -> crate::harness::Answer {
    let body = json!({"fingerprint": fingerprint, "check": "issuer", "finding": "Nơi cấp xác nhận."});
    who.post_at(&format!("{}/evidence-verifications", piece.path), &piece.etag, &body)
}

fn badge(x: &Exchange, piece: &Piece, at: usize) -> Option<Value> {
    let read = x.visitor().get(&piece.path).expect(200).json();
    read["evidence_status"][at].get("badge").cloned()
}

on_both! {
    fn a_badge_says_who_found_what_and_when(x) {
        let (member, officer) = (x.researcher(), x.officer());
        let mut piece = submitted(&member);
        let print = fingerprint(&officer, &piece, 1);
        let answer = verify(&officer, &piece, &print).expect(200);
        assert_eq!(answer.json()["evidence_status"][1]["fingerprint"], print.as_str());
        piece.etag = piece_published(&officer, &piece, &answer.etag());
        assert_eq!(badge(x, &piece, 0), None);
        let expected = json!({"authority": "Cơ quan quản lý", "check": "issuer", "finding": "Nơi cấp xác nhận.",
            "verified_at": x.now().to_string()});
        assert_eq!(badge(x, &piece, 1), Some(expected));
        assert!(!x.visitor().get(&piece.path).expect(200).text.contains("officer_id"));
        assert_eq!(rows::count(x.database_url(), "audit_log WHERE event = 'listing.evidence_verified'"), 1);

        x.clock.advance(60);
        piece.etag = verify(&officer, &piece, &print).expect(200).etag();
        let later = badge(x, &piece, 1).expect("a badge");
        assert_eq!(later["verified_at"], x.now().to_string(), "a new finding takes the place of the old one");

        let revocation = format!("{}/evidence-verifications/{print}/revocation", piece.path);
        piece.etag = officer.post_at(&revocation, &piece.etag, &json!({})).expect(200).etag();
        assert_eq!(badge(x, &piece, 1), None);
        officer.post_at(&revocation, &piece.etag, &json!({})).expect(404).problem("not_found");
    }

    fn evidence_that_changes_loses_its_badge_for_good(x) {
        let (member, officer) = (x.researcher(), x.officer());
        let mut piece = submitted(&member);
        for at in [0, 1] {
            let print = fingerprint(&officer, &piece, at);
            piece.etag = verify(&officer, &piece, &print).expect(200).etag();
        }
        piece.etag = piece.step(&member, "withdrawal").expect(200).etag();
        let badges = |who: &Client| {
            let read = who.get(&piece.path).expect(200).json();
            let status = read["evidence_status"].as_array().expect("a list").clone();
            status.iter().map(|one| one.get("badge").is_some()).collect::<Vec<_>>()
        };
        let change = |etag: &str, list: Value| member.patch(&piece.path, etag, &json!({"evidence": list})).expect(200).etag();
        let etag = change(&piece.etag, json!([evidence("Đo ở hộ B."), evidence("Đo ở hộ A."), evidence("Đo ở hộ C.")]));
        assert_eq!(badges(&member), [true, true, false], "the order does not matter");
        let etag = change(&etag, json!([evidence("Đo ở hộ B, sửa."), evidence("Đo ở hộ A.")]));
        assert_eq!(badges(&member), [false, true]);
        change(&etag, json!([evidence("Đo ở hộ B."), evidence("Đo ở hộ A.")]));
        assert_eq!(badges(&member), [false, true], "what was taken away does not come back by itself");
    }

    fn only_officers_judge_and_only_what_they_have_read(x) {
        let (member, officer) = (x.researcher(), x.officer());
        let piece = submitted(&member);
        let print = fingerprint(&officer, &piece, 0);
        verify(&x.visitor(), &piece, &print).expect(401).problem("authentication_required");
        for who in [&member.client, &x.enterprise().client, &colleague(x, &member, "editor")] {
            verify(who, &piece, &print).expect(403).problem("officer_required");
        }
        verify(&officer, &piece, &"0".repeat(64)).expect(422).field("/fingerprint", "no_such_evidence");
        verify(&officer, &piece, "x").expect(422).field("/fingerprint", "invalid_format");
        let stale = Piece { path: piece.path.clone(), etag: "\"1-0\"".into() };
        verify(&officer, &stale, &print).expect(412).problem("stale_version");
        let path = format!("{}/evidence-verifications", piece.path);
        officer.post(&path, &json!({"fingerprint": print, "check": "document"})).expect(428).problem("if_match_required");
        let gone = Piece { path: piece.path.clone(), etag: piece.step(&member, "withdrawal").expect(200).etag() };
        verify(&officer, &gone, &print).expect(409).problem("listing_wrong_state");
        let draft = LISTINGS.complete(&member, "Bản nháp");
        verify(&officer, &draft, &print).expect(404).problem("not_found");
    }
}

fn piece_published(officer: &Client, piece: &Piece, etag: &str) -> String {
    officer.post_at(&format!("{}/publication", piece.path), etag, &json!({})).expect(200).etag()
}
