//! Revisions: what an item said, read back and compared.

use serde_json::{Value, json};

use crate::catalogue::{KINDS, Kind, Piece, Shelved, colleague, pages, shelve};
use crate::harness::{Client, Member};
use crate::{on_both, rows};

/// An item that was drafted (1), changed twice (2, 3), and submitted and sent back (4, 5), and changed again (6).
fn with_a_past(kind: &Kind, member: &Member, officer: &Client) -> Piece {
    let mut piece = kind.complete(member, "Tên thứ nhất");
    let patch = |piece: &mut Piece, body: Value| {
        piece.etag = member.patch(&piece.path, &piece.etag, &body).expect(200).etag();
    };
    patch(&mut piece, json!({"title": "Tên thứ hai"}));
    patch(&mut piece, json!({"summary": "Tóm tắt khác.", "keywords": ["khác"]}));
    for (who, step) in [(&member.client, "submission"), (officer, "change-request")] {
        piece.etag = piece.step(who, step).expect(200).etag();
    }
    patch(&mut piece, json!({"title": "Tên thứ ba"}));
    piece
}

fn versions(page: &[Value]) -> Vec<i64> {
    page.iter().filter_map(|item| item["version"].as_i64()).collect()
}

on_both! {
    fn every_change_of_content_is_a_revision(x) {
        let (member, officer) = (x.researcher(), x.officer());
        for kind in KINDS {
            let piece = with_a_past(kind, &member, &officer);
            let all = pages(&member, &format!("{}/revisions?limit=3", piece.path));
            assert_eq!(all.iter().map(|page| versions(page)).collect::<Vec<_>>(), [vec![6, 3, 2], vec![1]]);
            let latest = &all[0];
            assert_eq!(latest[0]["fields"], json!(["title"]));
            assert_eq!(latest[1]["fields"], json!(["keywords", "summary"]));
            assert_eq!(latest[0]["changed_by"], member.user_id);
            let read = |version: i64| member.get(&format!("{}/revisions/{version}", piece.path)).expect(200).json();
            for (version, title) in [(1, "Tên thứ nhất"), (2, "Tên thứ hai"), (3, "Tên thứ hai"), (6, "Tên thứ ba")] {
                assert_eq!(read(version)["content"]["title"], title);
            }
            let now = member.get(&piece.path).expect(200).json();
            for (name, value) in read(6)["content"].as_object().expect("an object") {
                assert_eq!(now.get(name), Some(value), "{name}");
            }
            for version in ["4", "5", "7", "0", "-1", "x"] {
                member.get(&format!("{}/revisions/{version}", piece.path)).expect(404).problem("not_found");
            }
        }
    }

    fn two_revisions_are_compared_field_by_field(x) {
        let (member, officer) = (x.researcher(), x.officer());
        for kind in KINDS {
            let piece = with_a_past(kind, &member, &officer);
            let compare = |version: i64, query: &str| {
                let path = format!("{}/revisions/{version}/comparison{query}", piece.path);
                member.get(&path).expect(200).json()
            };
            let title = json!({"pointer": "/title", "from": "Tên thứ hai", "to": "Tên thứ ba"});
            assert_eq!(compare(6, ""), json!({"from": 3, "to": 6, "changes": [title]}));
            let mut whole = compare(6, "?with=1");
            let changes = whole["changes"].as_array_mut().expect("a list");
            changes.sort_by_key(|change| change["pointer"].to_string());
            let summary = (kind.content)("")["summary"].clone();
            assert_eq!(changes[0], json!({"pointer": "/keywords", "from": ["nước thải"], "to": ["khác"]}));
            assert_eq!(changes[1], json!({"pointer": "/summary", "from": summary, "to": "Tóm tắt khác."}));
            assert_eq!(changes[2], json!({"pointer": "/title", "from": "Tên thứ nhất", "to": "Tên thứ ba"}));
            assert_eq!(changes.len(), 3);
            assert_eq!(compare(3, "?with=3")["changes"], json!([]));
            let first = compare(1, "");
            assert!(first.get("from").is_none());
            assert!(first["changes"].as_array().expect("a list").iter().all(|change| change["from"].is_null()));
            let path = format!("{}/revisions/6/comparison", piece.path);
            member.get(&format!("{path}?with=4")).expect(404).problem("not_found");
            member.get(&format!("{path}?with=x")).expect(422).field("/with", "invalid_format");
        }
    }

    fn revisions_are_for_insiders(x) {
        let (member, officer) = (x.researcher(), x.officer());
        let viewer = colleague(x, &member, "viewer");
        for kind in KINDS {
            let draft = kind.complete(&member, "Bản nháp");
            let public = kind.at(&member, &officer, "published");
            for below in ["revisions", "revisions/1", "revisions/1/comparison"] {
                for piece in [&draft, &public] {
                    let path = format!("{}/{below}", piece.path);
                    viewer.get(&path).expect(200);
                    x.enterprise().get(&path).expect(404).problem("not_found");
                    x.visitor().get(&path).expect(401).problem("authentication_required");
                }
                officer.get(&format!("{}/{below}", draft.path)).expect(404).problem("not_found");
                officer.get(&format!("{}/{below}", public.path)).expect(200);
            }
        }
    }

    fn an_import_is_a_revision_by_nobody(x) {
        let member = x.researcher();
        for kind in KINDS {
            shelve(x, kind, &member.organization_id, vec![Shelved((kind.content)("Từ nơi khác"), 0)]);
            let list = x.visitor().get(kind.list).expect(200).json();
            let path = format!("{}/{}/revisions", kind.list, list["items"][0]["id"].as_str().expect("an id"));
            let revisions = member.get(&path).expect(200).json();
            assert_eq!(versions(revisions["items"].as_array().expect("a list")), [1]);
            assert!(revisions["items"][0].get("changed_by").is_none());
        }
    }

    fn what_was_drafted_before_there_were_revisions_begins_with_its_first_change(x) {
        let member = x.researcher();
        for kind in KINDS {
            let piece = kind.complete(&member, "Từ ngày xưa");
            rows::execute(x.database_url(), "DELETE FROM revisions").expect("a statement");
            x.clock.advance(60);
            let changed = member.patch(&piece.path, &piece.etag, &json!({"title": "Hôm nay"})).expect(200);
            let revisions = member.get(&format!("{}/revisions", piece.path)).expect(200).json();
            assert_eq!(versions(revisions["items"].as_array().expect("a list")), [2, 1]);
            assert_eq!(revisions["items"][1]["created_at"], x.now().plus_seconds(-60).to_string());
            let compared = member.get(&format!("{}/revisions/2/comparison", piece.path)).expect(200).json();
            assert_eq!(compared["changes"], json!([{"pointer": "/title", "from": "Từ ngày xưa", "to": "Hôm nay"}]));
            member.patch(&piece.path, &changed.etag(), &json!({"title": "Ngày mai"})).expect(200);
            let revisions = member.get(&format!("{}/revisions", piece.path)).expect(200).json();
            assert_eq!(versions(revisions["items"].as_array().expect("a list")), [3, 2, 1]);
        }
    }
}
