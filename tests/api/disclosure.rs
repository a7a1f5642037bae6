//! What an owner keeps for registered readers reaches no visitor, no list, no search and no audit entry.

use serde_json::{Value, json};

use crate::catalogue::{KINDS, Kind, Shelved, shelve, with};
use crate::harness::{Client, Exchange, Member};
use crate::{on_both, rows};

/// A word that stands nowhere else.
const CANARY: &str = "khoabimat";

/// The blocks of a kind that can be kept: those that are texts, and the one that is an amount.
fn blocks(kind: &Kind) -> (&'static [&'static str], &'static str) {
    match kind.name {
        "listing" => {
            (&["description", "problem_solved", "existing_solution", "measured_advantage", "economics"], "price")
        }
        _ => (&["problem", "context", "success_criteria", "out_of_scope"], "budget"),
    }
}

/// A content that keeps all it can, with the word in each text and an amount that stands nowhere else.
fn kept(kind: &Kind, title: &str) -> Value {
    let (texts, amount) = blocks(kind);
    let mut content = (kind.content)(title);
    for name in texts {
        content[*name] = json!(format!("Lời {CANARY} {name}"));
    }
    content[amount] = json!({"kind": "fixed", "from": {"amount": 777_000_777, "currency": "VND"}});
    content["registered_only"] = texts.iter().chain([&amount]).copied().collect();
    content
}

fn publish(x: &Exchange, kind: &Kind, member: &Member, content: &Value) -> String {
    match kind.name {
        "listing" => member.publish_listing(x, content),
        _ => member.publish_order(x, content),
    }
}

/// Checks that an answer says nothing of what is kept.
#[track_caller]
fn silent(who: &Client, path: &str) -> Value {
    let answer = who.get(path).expect(200);
    assert!(!answer.text.contains(CANARY) && !answer.text.contains("777000777"), "{path}: {}", answer.text);
    answer.json()
}

on_both! {
    fn visitors_get_an_item_without_what_is_kept(x) {
        let (member, officer, stranger) = (x.researcher(), x.officer(), x.enterprise());
        for kind in KINDS {
            let (texts, amount) = blocks(kind);
            let content = kept(kind, "Máy sấy");
            let path = publish(x, kind, &member, &content);
            let shown = silent(&x.visitor(), &path);
            assert_eq!((&shown["withheld"], &shown[amount]), (&content["registered_only"], &json!({"kind": "undisclosed"})));
            assert_eq!((&shown["title"], &shown["summary"]), (&content["title"], &content["summary"]));
            assert!(texts.iter().all(|name| shown[*name].is_null()), "{shown}");
            for who in [&member.client, &stranger.client, &officer] {
                let shown = who.get(&path).expect(200).json();
                for name in texts.iter().chain([&amount]) {
                    assert_eq!(shown[*name], content[*name], "{name}");
                }
                assert!(shown.get("withheld").is_none());
            }
        }
    }

    fn neither_lists_nor_search_know_what_is_kept(x) {
        let member = x.researcher();
        for kind in KINDS {
            let path = publish(x, kind, &member, &kept(kind, "Máy sấy thăng hoa"));
            let open = with((kind.content)("Tủ cấy vi sinh"), json!({blocks(kind).1: {"kind": "negotiable"}}));
            publish(x, kind, &member, &open);
            let search = |query: &str| format!("/v1/search?kind={}&{query}", kind.name);
            let total = |who: &Client, query: &str| silent(who, &search(query))["total"].clone();
            x.eventually("both are found", || total(&x.visitor(), "q=") == 2);
            let amount = blocks(kind).1;
            let sort = if kind.name == "listing" { "price" } else { "-budget" };
            for who in [&x.visitor(), &x.enterprise().client, &member.client] {
                for query in ["", &format!("?sort={sort}"), "?sort=-trl"] {
                    let list = silent(who, &format!("{}{query}", kind.list));
                    assert_eq!(list["items"].as_array().map(Vec::len), Some(2), "{query}");
                    let kinds: Vec<_> = list["items"].as_array().into_iter().flatten().map(|i| &i[amount]["kind"]).collect();
                    assert!(kinds.contains(&&json!("undisclosed")), "{list}");
                }
                for range in ["min=1", "max=999999999999"] {
                    let list = silent(who, &format!("{}?{amount}_{range}", kind.list));
                    assert_eq!(list["items"], json!([]), "{range}");
                    assert_eq!(total(who, &format!("price_{range}")), 0, "{range}");
                }
                assert_eq!(total(who, "q=khoabimat"), 0);
                assert_eq!(total(who, "q=may%20say%20thang%20hoa"), 1);
                silent(who, &search("q=may%20say%20thang%20hoa%20loi"));
                assert_eq!(silent(who, "/v1/search/suggestions?q=khoa")["items"], json!([]));
                silent(who, "/v1/search/suggestions?q=may");
            }
            silent(&x.officer(), &format!("/v1/moderation/{}s", kind.name));
            silent(&member, &kind.own(&member));
            drop(path);
        }
    }

    fn the_audit_log_says_that_it_changed_and_not_what(x) {
        let member = x.researcher();
        for kind in KINDS {
            let draft = kind.draft(&member, &kept(kind, "Máy sấy"));
            let (texts, amount) = blocks(kind);
            let changed = json!({texts[0]: format!("Khác {CANARY}"), amount: {"kind": "negotiable", "from": null}});
            let etag = member.patch(&draft.path, &draft.etag, &changed).expect(200).etag();
            // What becomes public is recorded from then on.
            let etag = member.patch(&draft.path, &etag, &json!({"registered_only": texts})).expect(200).etag();
            member.patch(&draft.path, &etag, &json!({amount: {"kind": "fixed", "from": {"amount": 5, "currency": "VND"}}})).expect(200);
            let rest = format!("audit_log WHERE event IN ('{0}.created', '{0}.changed') ORDER BY id", kind.name);
            let entries = rows::select(x.database_url(), "{text:changes}", &rest);
            assert_eq!(entries.len(), 4);
            assert!(entries.iter().all(|entry| !entry.contains(CANARY) && !entry.contains("777000777")), "{entries:?}");
            let entries: Vec<Value> = entries.iter().map(|entry| serde_json::from_str(entry).expect("JSON")).collect();
            assert_eq!((&entries[1][texts[0]], entries[1].get(amount)), (&Value::Null, Some(&Value::Null)));
            assert_eq!(entries[1].as_object().map(serde_json::Map::len), Some(2));
            assert_eq!(entries[3][amount][1]["kind"], "fixed");
            let revision = member.get(&format!("{}/revisions/2", draft.path)).expect(200);
            assert!(revision.text.contains(CANARY), "members read it back");
        }
    }

    fn what_is_kept_is_complete_and_survives_steps_and_imports(x) {
        let member = x.researcher();
        for kind in KINDS {
            let (texts, amount) = blocks(kind);
            let content = kept(kind, "Máy sấy");
            let path = publish(x, kind, &member, &content);
            for step in ["closing", "confirmation", "withdrawal"] {
                let etag = member.get(&path).expect(200).etag();
                member.post_at(&format!("{path}/{step}"), &etag, &json!({})).expect(200);
            }
            let shown = member.get(&path).expect(200).json();
            assert!(texts.iter().chain([&amount]).all(|name| shown[*name] == content[*name]), "{shown}");
            let etag = member.get(&path).expect(200).etag();
            let open = member.patch(&path, &etag, &json!({"registered_only": []})).expect(200);
            member.post_at(&format!("{path}/submission"), &open.etag(), &json!({})).expect(200);
            let etag = member.get(&path).expect(200).etag();
            x.officer().post_at(&format!("{path}/publication"), &etag, &json!({})).expect(200);
            let shown = x.visitor().get(&path).expect(200).json();
            assert!(texts.iter().chain([&amount]).all(|name| shown[*name] == content[*name]), "{shown}");
            shelve(x, kind, &member.organization_id, vec![Shelved(kept(kind, "Từ nơi khác"), 60)]);
            silent(&x.visitor(), &format!("{}?organization_id={}&limit=1", kind.list, member.organization_id));
        }
    }

    fn only_what_is_a_block_can_be_kept(x) {
        let member = x.researcher();
        for kind in KINDS {
            let content = |names: Value| with((kind.content)("Máy sấy"), json!({"registered_only": names}));
            let refused = |names: Value| member.post(&kind.own(&member), &content(names)).expect(422);
            refused(json!(["title"])).field("/registered_only/0", "not_a_choice");
            refused(json!([blocks(kind).1, blocks(kind).1])).field("/registered_only/1", "duplicate");
            let undisclosed = with((kind.content)("Máy sấy"), json!({blocks(kind).1: {"kind": "undisclosed"}}));
            let answer = member.post(&kind.own(&member), &undisclosed).expect(422);
            answer.field(&format!("/{}/kind", blocks(kind).1), "not_allowed_here");
        }
    }
}
