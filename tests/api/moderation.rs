//! Moderation: every step from every status, what each needs, who may take it, and what it brings about.

use serde_json::json;

use crate::catalogue::{KINDS, Kind, pages, reasons, titles};
use crate::harness::{Client, Exchange, Member};
use crate::on_both;

const STEPS: [&str; 12] = [
    "change",
    "submission",
    "publication",
    "change-request",
    "rejection",
    "withdrawal",
    "suspension",
    "reinstatement",
    "confirmation",
    "opening",
    "closing",
    "restoration",
];

/// Where each step leads from a status, in the order of [`STEPS`]; `-` where it is refused.
const TABLE: [(&str, [&str; 12]); 7] = [
    ("draft", ["draft", "submitted", "404", "404", "404", "-", "404", "404", "-", "-", "-", "-"]),
    ("submitted", ["-", "-", "published", "changes_requested", "rejected", "withdrawn", "-", "-", "-", "-", "-", "-"]),
    ("published", ["-", "-", "-", "-", "-", "withdrawn", "suspended", "-", "published", "published", "published", "-"]),
    ("changes_requested", ["changes_requested", "submitted", "-", "-", "-", "withdrawn", "-", "-", "-", "-", "-", "-"]),
    ("rejected", ["-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-"]),
    ("withdrawn", ["withdrawn", "submitted", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-"]),
    ("suspended", ["-", "-", "-", "-", "-", "-", "-", "published", "-", "-", "-", "-"]),
];
/// Steps that officers take.
const DECISIONS: [&str; 5] = ["publication", "change-request", "rejection", "suspension", "reinstatement"];

/// The statuses a step can be taken from, as a refusal lists them.
fn allowed(step: &str) -> &'static str {
    match step {
        "change" | "submission" => "draft, changes_requested, withdrawn",
        "withdrawal" => "submitted, published, changes_requested",
        "suspension" | "confirmation" | "opening" | "closing" => "published",
        "reinstatement" => "suspended",
        "restoration" => "archived",
        _ => "submitted",
    }
}

fn every_step(x: &Exchange, kind: &Kind) {
    let (member, officer) = (x.researcher(), x.officer());
    for (status, row) in TABLE {
        for (step, outcome) in STEPS.into_iter().zip(row) {
            let who: &Client = if DECISIONS.contains(&step) { &officer } else { &member };
            let piece = kind.at(&member, &officer, status);
            let answer = piece.step(&who.in_english(), step);
            match outcome {
                // An officer does not see what was never submitted.
                "404" => drop(answer.expect(404).problem("not_found")),
                "-" => {
                    let answer = answer.expect(409).problem(kind.wrong_state);
                    let detail = answer.text_at("/detail");
                    let told = format!("The {} is {status}; this needs: {}.", kind.name, allowed(step));
                    assert_eq!(detail, told, "{step}");
                    assert_eq!(member.get(&piece.path).expect(200).etag(), piece.etag, "nothing happened");
                }
                after => {
                    let answer = answer.expect(200);
                    assert_eq!(answer.json()["status"], after, "{step} from {status}");
                    assert_ne!(answer.etag(), piece.etag);
                    assert_eq!(member.get(&piece.path).expect(200).json(), answer.json());
                }
            }
        }
    }
}

on_both! {
    fn every_step_from_every_status_of_a_listing(x) { every_step(x, &crate::catalogue::LISTINGS); }

    fn every_step_from_every_status_of_an_order(x) { every_step(x, &crate::catalogue::ORDERS); }

    fn a_submission_names_each_missing_field(x) {
        let member = x.researcher();
        for kind in KINDS {
            let bare = kind.draft(&member, &json!({"language": "vi", "title": "Máy sấy"}));
            let answer = bare.step(&member, "submission").expect(422).problem("incomplete");
            let answer = kind.needed.iter().fold(answer, |a, name| a.field(&format!("/{name}"), "required"));
            assert_eq!(answer.json()["errors"].as_array().map(Vec::len), Some(kind.needed.len()));
            for name in kind.needed {
                let mut content = (kind.content)("Thiếu một");
                content.as_object_mut().expect("an object").remove(*name);
                let answer = kind.draft(&member, &content).step(&member, "submission").expect(422).problem("incomplete");
                let answer = answer.field(&format!("/{name}"), "required");
                assert_eq!(answer.json()["errors"].as_array().map(Vec::len), Some(1), "{name}");
            }
        }
    }

    fn only_verified_organisations_submit(x) {
        let member = Member::of_unverified(x, "institute");
        for kind in KINDS {
            let piece = kind.complete(&member, "Chưa xác minh");
            piece.step(&member, "submission").expect(409).problem("organization_not_verified");
        }
        let path = format!("/v1/organizations/{}", member.organization_id);
        let refusal = json!({"decision": "refused", "method": "other", "evidence": "Không có trong sổ đăng ký."});
        let etag = member.get(&path).expect(200).etag();
        x.officer().post_at(&format!("{path}/verification"), &etag, &refusal).expect(201);
        KINDS[0].complete(&member, "Bị từ chối").step(&member, "submission").expect(409).problem("organization_not_verified");
    }

    fn a_rename_takes_the_right_to_submit_away(x) {
        let member = x.researcher();
        let path = format!("/v1/organizations/{}", member.organization_id);
        let etag = member.get(&path).expect(200).etag();
        member.patch(&path, &etag, &json!({"name": "Viện đổi tên"})).expect(200);
        KINDS[0].complete(&member, "Máy sấy").step(&member, "submission").expect(409).problem("organization_not_verified");
    }

    fn officers_decide_and_nobody_else(x) {
        let (member, stranger) = (x.researcher(), x.enterprise());
        for kind in KINDS {
            let piece = kind.at(&member, &x.officer(), "submitted");
            for step in ["publication", "change-request", "rejection"] {
                piece.step(&x.visitor(), step).expect(401).problem("authentication_required");
                piece.step(&member, step).expect(403).problem("officer_required");
                piece.step(&stranger, step).expect(403).problem("officer_required");
            }
            for step in ["submission", "withdrawal", "change"] {
                piece.step(&x.officer(), step).expect(403).problem("role_too_low");
                piece.step(&stranger, step).expect(404).problem("not_found");
            }
        }
    }

    fn the_queue_is_for_officers_longest_waiting_first(x) {
        let (member, officer) = (x.researcher(), x.officer());
        for kind in KINDS {
            let queue = format!("/v1/moderation/{}s", kind.name);
            let drafts: Vec<_> = ["thứ ba", "thứ hai", "thứ nhất"].map(|title| kind.complete(&member, title)).into();
            for piece in drafts.iter().rev() {
                x.clock.advance(60);
                piece.step(&member, "submission").expect(200);
            }
            assert_eq!(titles(&pages(&officer, &format!("{queue}?limit=2"))), ["thứ nhất", "thứ hai", "thứ ba"]);
            member.get(&queue).expect(403).problem("officer_required");
            x.visitor().get(&queue).expect(401).problem("authentication_required");
            let etag = officer.get(&drafts[2].path).expect(200).etag();
            officer.post_at(&format!("{}/publication", drafts[2].path), &etag, &json!({})).expect(200);
            assert_eq!(officer.get(&queue).expect(200).titles(), ["thứ hai", "thứ ba"]);
        }
    }

    fn sending_back_and_refusing_need_reasons(x) {
        let (member, officer) = (x.researcher(), x.officer());
        for kind in KINDS {
            let piece = kind.at(&member, &officer, "submitted");
            for step in ["change-request", "rejection"] {
                let path = format!("{}/{step}", piece.path);
                let post = |body| officer.post_at(&path, &piece.etag, &body).expect(422).problem("validation_failed");
                post(json!({})).field("/reasons", "required");
                post(json!({"reasons": []})).field("/reasons", "required");
                post(json!({"reasons": [{"text": "  "}]})).field("/reasons/0/text", "required");
                post(json!({"reasons": [{"field": "/economics"}]})).field("/reasons/0/text", "required");
                post(json!({"reasons": ["Thiếu"]})).field("/reasons/0", "wrong_type");
            }
            assert_eq!(member.get(&format!("{}/reviews", piece.path)).expect(200).json(), json!({"items": []}));
        }
    }

    fn reviews_are_read_by_members_and_officers_only(x) {
        let (member, officer) = (x.researcher(), x.officer());
        let viewer = crate::catalogue::colleague(x, &member, "viewer");
        for kind in KINDS {
            let mut piece = kind.at(&member, &officer, "changes_requested");
            x.clock.advance(60);
            for (who, step) in [(&member.client, "submission"), (&officer, "publication")] {
                piece.etag = piece.step(who, step).expect(200).etag();
            }
            let reviews = format!("{}/reviews", piece.path);
            for who in [&member.client, &viewer, &officer] {
                let items = who.get(&reviews).expect(200).json()["items"].clone();
                assert_eq!(items.as_array().map(Vec::len), Some(2));
                assert_eq!((&items[0]["decision"], &items[0]["reasons"]), (&json!("publish"), &json!([])));
                assert_eq!(items[1]["decision"], "request_changes");
                assert_eq!(items[1]["reasons"], reasons()["reasons"]);
                assert!(items[1].get("officer_id").is_none());
            }
            x.enterprise().get(&reviews).expect(404).problem("not_found");
            x.visitor().get(&reviews).expect(401).problem("authentication_required");
        }
    }

    fn what_is_withdrawn_is_gone_at_once(x) {
        let (member, officer) = (x.researcher(), x.officer());
        for kind in KINDS {
            let piece = kind.at(&member, &officer, "published");
            let search = format!("/v1/search?q=trang%20thai&kind={}", kind.name);
            let found = || x.visitor().get(&search).expect(200).json();
            x.eventually("it is found", || found()["total"] == 1);
            piece.step(&member, "withdrawal").expect(200);
            x.visitor().get(&piece.path).expect(404).problem("not_found");
            x.enterprise().get(&piece.path).expect(404).problem("not_found");
            assert!(x.visitor().get(kind.list).expect(200).titles().is_empty());
            assert_eq!(found()["items"], json!([]), "not even while the index still knows it");
            x.eventually("it is not counted", || found()["total"] == 0);
            member.get(&piece.path).expect(200);
            officer.get(&piece.path).expect(200);
        }
    }

    fn what_was_withdrawn_comes_back_by_submission(x) {
        let (member, officer) = (x.researcher(), x.officer());
        for kind in KINDS {
            let mut piece = kind.at(&member, &officer, "published");
            let first = x.visitor().get(&piece.path).expect(200).json();
            x.clock.advance(60);
            for (who, step) in [
                (&member.client, "withdrawal"), (&member.client, "change"), (&member.client, "submission"),
                (&officer, "publication"),
            ] {
                piece.etag = piece.step(who, step).expect(200).etag();
            }
            let second = x.visitor().get(&piece.path).expect(200).json();
            assert_eq!(second["title"], "Tên đã sửa");
            for time in ["submitted_at", "published_at"] {
                assert!(second[time].as_str() > first[time].as_str(), "{time}");
            }
            assert_eq!(second["created_at"], first["created_at"]);
        }
    }

    fn of_two_officers_who_decide_at_once_one_wins(x) {
        let member = x.researcher();
        let officers = [x.officer(), x.officer()];
        for kind in KINDS {
            for _ in 0..6 {
                let piece = kind.at(&member, &officers[0], "submitted");
                let decide = |officer: &Client, step: &str| piece.step(officer, step).status;
                let statuses = std::thread::scope(|scope| {
                    let publication = scope.spawn(|| decide(&officers[0], "publication"));
                    let rejection = scope.spawn(|| decide(&officers[1], "rejection"));
                    [publication, rejection].map(|thread| thread.join().expect("a thread ends"))
                });
                let mut sorted = statuses;
                sorted.sort_unstable();
                assert_eq!(sorted, [200, 412], "{statuses:?}");
                let winner = if statuses[0] == 200 { ("published", "publish") } else { ("rejected", "reject") };
                assert_eq!(member.get(&piece.path).expect(200).json()["status"], winner.0);
                let reviews = member.get(&format!("{}/reviews", piece.path)).expect(200).json();
                assert_eq!(reviews["items"].as_array().map(Vec::len), Some(1));
                assert_eq!(reviews["items"][0]["decision"], winner.1);
            }
        }
    }
}
