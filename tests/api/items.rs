//! What listings and orders have in common: drafting, reading, changing, and the pages of the lists.

use serde_json::{Value, json};
use std::collections::BTreeSet;

use crate::catalogue::{KINDS, Kind, Shelved, colleague, pages, shelve, titles, with};
use crate::on_both;

/// Changes a title at a version.
const NEW_TITLE: &str = "Tên khác";

on_both! {
    fn a_draft_needs_a_language_and_a_title_only(x) {
        let member = x.researcher();
        for kind in KINDS {
            let answer = member.post(&kind.own(&member), &json!({"language": "vi", "title": "Máy sấy"})).expect(201);
            let location = answer.header("location").map(str::to_owned).expect("a location");
            assert_eq!(location, format!("{}/{}", kind.list, answer.id()));
            let shown = member.get(&location).expect(200);
            let mut drafted = answer.json();
            let similar = drafted.as_object_mut().and_then(|fields| fields.remove("similar_listings"));
            assert_eq!(similar, Some(json!([])), "what looks alike is told here only");
            assert_eq!((shown.json(), shown.etag()), (drafted, answer.etag()));
            assert_eq!(shown.json()["status"], "draft");
            assert_eq!(shown.json()["organization"]["id"], member.organization_id.as_str());
            assert_eq!(shown.header("cache-control"), Some("no-store"));
            member.post(&kind.own(&member), &json!({})).expect(422).problem("validation_failed")
                .field("/language", "required").field("/title", "required");
        }
    }

    fn a_draft_says_what_it_was_given(x) {
        let member = x.researcher();
        for kind in KINDS {
            let content = (kind.content)("Một công nghệ");
            let shown = member.get(&kind.draft(&member, &content).path).expect(200).json();
            for (name, value) in content.as_object().expect("an object") {
                assert_eq!(&shown[name], value, "{name}");
            }
        }
    }

    fn every_wrong_field_is_told_at_once(x) {
        let member = x.researcher();
        for kind in KINDS {
            let body = json!({
                "language": "fr", "title": "x", "summary": "", "keywords": ["a", "a"], "ipc": ["Z99"],
                "research_field": 7, "prise": 1, kind.listed: ["gift"],
            });
            member.post(&kind.own(&member), &body).expect(422).problem("validation_failed")
                .field("/language", "not_a_choice").field("/title", "too_short").field("/summary", "required")
                .field("/keywords/1", "duplicate").field("/ipc/0", "invalid_format")
                .field("/research_field", "wrong_type").field("/prise", "unknown_field")
                .field(&format!("/{}/0", kind.listed), "not_a_choice");
            member.post(&kind.own(&member), &json!([])).expect(400).problem("malformed_json");
        }
    }

    fn the_field_of_research_has_to_be_in_its_list(x) {
        let member = x.researcher();
        for kind in KINDS {
            let wrong = with((kind.content)("Một công nghệ"), json!({"research_field": "alchemy"}));
            member.post(&kind.own(&member), &wrong).expect(422).problem("validation_failed")
                .field("/research_field", "unknown_reference");
            let piece = kind.complete(&member, "Một công nghệ");
            member.patch(&piece.path, &piece.etag, &json!({"research_field": "alchemy"})).expect(422)
                .field("/research_field", "unknown_reference");
            let known = member.get("/v1/reference/research_field").expect(200).json();
            for item in known["items"].as_array().expect("items") {
                let content = with((kind.content)("Một công nghệ"), json!({"research_field": item["code"]}));
                kind.draft(&member, &content);
            }
        }
    }

    fn a_merge_patch_sets_what_it_names_and_null_empties(x) {
        let member = x.researcher();
        for kind in KINDS {
            let piece = kind.complete(&member, "Một công nghệ");
            let before = member.get(&piece.path).expect(200).json();
            x.clock.advance(60);
            let patch = json!({"title": NEW_TITLE, "summary": null, "keywords": null, "ipc": ["H01L", "h01l 21/02"]});
            let answer = member.patch(&piece.path, &piece.etag, &patch).expect(200);
            let after = answer.json();
            assert_eq!(after["title"], NEW_TITLE);
            assert_eq!(after["summary"], Value::Null);
            assert_eq!(after["keywords"], json!([]));
            assert_eq!(after["ipc"], json!(["H01L", "H01L 21/02"]), "a list is replaced whole");
            assert_ne!(after["updated_at"], before["updated_at"]);
            let mut rest = after.clone();
            for name in ["title", "summary", "keywords", "ipc", "updated_at", "completeness", "missing"] {
                rest[name] = before[name].clone();
            }
            assert_eq!(rest, before, "the others stay");
            assert_ne!(answer.etag(), piece.etag);
            assert_eq!(member.get(&piece.path).expect(200).json(), after);
        }
    }

    fn a_merge_patch_reaches_into_objects(x) {
        let member = x.researcher();
        for (kind, price) in KINDS.iter().zip(["price", "budget"]) {
            let piece = kind.complete(&member, "Một công nghệ");
            let patch = json!({price: {"kind": "fixed", "from": {"amount": 7}, "to": null}});
            let answer = member.patch(&piece.path, &piece.etag, &patch).expect(200);
            assert_eq!(answer.json()[price], json!({"kind": "fixed", "from": {"amount": 7, "currency": "VND"}}));
            let answer = member.patch(&piece.path, &answer.etag(), &json!({price: null})).expect(200);
            assert_eq!(answer.json()[price], json!({"kind": "negotiable"}));
        }
    }

    fn a_merge_patch_is_as_strict_as_a_body(x) {
        let member = x.researcher();
        for kind in KINDS {
            let piece = kind.complete(&member, "Một công nghệ");
            let change = |patch: Value| member.patch(&piece.path, &piece.etag, &patch).expect(422).problem("validation_failed");
            change(json!({"title": null})).field("/title", "required");
            change(json!({"language": null})).field("/language", "required");
            change(json!({"status": "published"})).field("/status", "unknown_field");
            change(json!({"published_at": "2026-01-01T00:00:00Z"})).field("/published_at", "unknown_field");
            change(json!({"title": ["a"]})).field("/title", "wrong_type");
            change(json!({"keywords": {"a": 1}})).field("/keywords", "wrong_type");
            assert_eq!(member.get(&piece.path).expect(200).etag(), piece.etag, "nothing was changed");
        }
    }

    fn a_price_has_the_amounts_of_its_kind_in_one_currency(x) {
        let member = x.researcher();
        let (dong, more, dollars) = (
            json!({"amount": 5, "currency": "VND"}), json!({"amount": 6, "currency": "VND"}),
            json!({"amount": 6, "currency": "USD"}),
        );
        for (kind, price) in KINDS.iter().zip(["price", "budget"]) {
            let post = |value: Value| {
                member.post(&kind.own(&member), &json!({"language": "vi", "title": "Máy sấy", price: value}))
            };
            for good in [
                json!({"kind": "fixed", "from": dollars}),
                json!({"kind": "range", "from": dong, "to": more}),
                json!({"kind": "range", "from": dong, "to": dong}),
                json!({"kind": "negotiable"}),
            ] {
                assert_eq!(post(good.clone()).expect(201).json()[price], good);
            }
            for (wrong, place, code) in [
                (json!({"kind": "range", "from": dong, "to": dollars}), "/to", "currencies_differ"),
                (json!({"kind": "range", "from": more, "to": dong}), "/to", "range_reversed"),
                (json!({"kind": "range", "from": dong}), "/to", "required"),
                (json!({"kind": "range", "to": dong}), "/from", "required"),
                (json!({"kind": "fixed"}), "/from", "required"),
                (json!({"kind": "fixed", "from": dong, "to": more}), "/to", "not_allowed_here"),
                (json!({"kind": "negotiable", "from": dong}), "/from", "not_allowed_here"),
                (json!({"kind": "negotiable", "to": dong}), "/to", "not_allowed_here"),
                (json!({"kind": "fixed", "from": {"amount": 1, "currency": "BTC"}}), "/from/currency", "not_a_choice"),
                (json!({"kind": "fixed", "from": {"amount": -1, "currency": "VND"}}), "/from/amount", "out_of_range"),
                (json!({"kind": "fixed", "from": {"amount": 0.5, "currency": "VND"}}), "/from/amount", "wrong_type"),
                (json!({"from": dong}), "/kind", "required"),
            ] {
                post(wrong).expect(422).problem("validation_failed").field(&format!("/{price}{place}"), code);
            }
        }
    }

    fn drafts_are_not_there_for_others(x) {
        let member = x.researcher();
        for kind in KINDS {
            let piece = kind.complete(&member, "Bản nháp kín");
            for (who, signed_in) in
                [(x.visitor(), false), (x.enterprise().client, true), (x.officer(), true)]
            {
                who.get(&piece.path).expect(404).problem("not_found");
                if signed_in {
                    who.get(&format!("{}/reviews", piece.path)).expect(404).problem("not_found");
                    for step in ["change", "submission", "withdrawal"] {
                        piece.step(&who, step).expect(404).problem("not_found");
                    }
                    who.get(&kind.own(&member)).expect(404).problem("not_found");
                    who.post(&kind.own(&member), &(kind.content)("Đặt hộ")).expect(404).problem("not_found");
                }
            }
            piece.step(&x.officer(), "publication").expect(404).problem("not_found");
        }
    }

    fn members_of_any_role_see_drafts_and_viewers_only_look(x) {
        let member = x.researcher();
        for kind in KINDS {
            let piece = kind.complete(&member, "Bản nháp chung");
            let (viewer, editor) = (colleague(x, &member, "viewer"), colleague(x, &member, "editor"));
            for who in [&viewer, &editor] {
                who.get(&piece.path).expect(200);
                assert!(who.get(&kind.own(&member)).expect(200).titles().contains(&"Bản nháp chung".to_owned()));
                assert_eq!(who.get(&format!("{}/reviews", piece.path)).expect(200).json(), json!({"items": []}));
            }
            viewer.post(&kind.own(&member), &(kind.content)("Khác")).expect(403).problem("role_too_low");
            for step in ["change", "submission", "withdrawal"] {
                piece.step(&viewer, step).expect(403).problem("role_too_low");
            }
            editor.post(&kind.own(&member), &(kind.content)("Khác")).expect(201);
            piece.step(&editor, "change").expect(200);
        }
    }

    fn what_is_published_is_seen_by_all_and_changed_by_none_of_them(x) {
        let (member, officer) = (x.researcher(), x.officer());
        for kind in KINDS {
            let piece = kind.at(&member, &officer, "published");
            let shown = x.visitor().get(&piece.path).expect(200);
            assert_eq!(shown.json()["status"], "published");
            assert_eq!(shown.header("cache-control"), Some("public, no-cache"));
            for who in [x.enterprise().client, officer.clone()] {
                assert_eq!(who.get(&piece.path).expect(200).json(), shown.json());
                piece.step(&who, "change").expect(403).problem("role_too_low");
                piece.step(&who, "withdrawal").expect(403).problem("role_too_low");
            }
            x.visitor().patch(&piece.path, &piece.etag, &json!({})).expect(401).problem("authentication_required");
        }
    }

    fn what_names_nothing_is_not_found(x) {
        let member = x.researcher();
        for kind in KINDS {
            for id in ["0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d4e", "1", "%00", "' OR 1=1"] {
                member.get(&format!("{}/{}", kind.list, id.replace(' ', "%20"))).expect(404).problem("not_found");
            }
        }
    }

    fn an_unchanged_item_is_not_sent_again(x) {
        let member = x.researcher();
        for kind in KINDS {
            let piece = kind.complete(&member, "Một công nghệ");
            let again = member.with("if-none-match", &piece.etag);
            let answer = again.get(&piece.path).expect(304);
            assert_eq!((answer.text.as_str(), answer.etag()), ("", piece.etag.clone()));
            piece.step(&member, "change").expect(200);
            again.get(&piece.path).expect(200);
        }
    }

    fn a_change_needs_the_version_it_is_made_to(x) {
        let member = x.researcher();
        for kind in KINDS {
            let piece = kind.complete(&member, "Một công nghệ");
            let body = json!({"title": NEW_TITLE}).to_string();
            let merge = Some("application/merge-patch+json");
            member.send("PATCH", &piece.path, merge, body.as_bytes()).expect(428).problem("if_match_required");
            member.post(&format!("{}/submission", piece.path), &json!({})).expect(428).problem("if_match_required");
            member.patch(&piece.path, "*", &json!({})).expect(400).problem("malformed_header");
            piece.step(&member, "change").expect(200);
            piece.step(&member, "change").expect(412).problem("stale_version");
            piece.step(&member, "submission").expect(412).problem("stale_version");
        }
    }

    fn concurrent_changes_lose_nothing(x) {
        let member = x.researcher();
        for kind in KINDS {
            let piece = kind.complete(&member, "Một công nghệ");
            let version = |etag: &str| -> usize {
                etag.trim_matches('"').split('-').next().and_then(|n| n.parse().ok()).expect("a version")
            };
            let change = |thread: usize| {
                let mut statuses = Vec::new();
                for turn in 0..8 {
                    let etag = member.get(&piece.path).expect(200).etag();
                    let patch = json!({"title": format!("Luồng {thread} lượt {turn}")});
                    statuses.push(member.patch(&piece.path, &etag, &patch).status);
                }
                statuses
            };
            let statuses: Vec<u16> = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..6).map(|thread| scope.spawn(move || change(thread))).collect();
                threads.into_iter().flat_map(|thread| thread.join().expect("a thread ends")).collect()
            });
            let changed = statuses.iter().filter(|status| **status == 200).count();
            assert!(statuses.iter().all(|status| [200, 412].contains(status)), "{statuses:?}");
            assert!(changed >= 8, "somebody gets through: {statuses:?}");
            assert_eq!(version(&member.get(&piece.path).expect(200).etag()), 1 + changed);
        }
    }

    fn the_public_list_holds_what_is_published(x) {
        let (member, officer) = (x.researcher(), x.officer());
        for kind in KINDS {
            for status in ["draft", "submitted", "published", "changes_requested", "rejected", "withdrawn"] {
                kind.at(&member, &officer, status);
            }
            for who in [&x.visitor(), &member.client, &officer] {
                assert_eq!(who.get(kind.list).expect(200).titles(), ["Ở trạng thái published"]);
            }
        }
    }

    fn an_organisations_own_list_has_every_status_last_changed_first(x) {
        let (member, officer) = (x.researcher(), x.officer());
        let statuses = ["draft", "submitted", "published", "changes_requested", "rejected", "withdrawn"];
        for kind in KINDS {
            for status in statuses {
                x.clock.advance(10);
                kind.at(&member, &officer, status);
            }
            let own = kind.own(&member);
            let newest_first: Vec<_> = statuses.iter().rev().map(|status| format!("Ở trạng thái {status}")).collect();
            assert_eq!(titles(&pages(&member, &format!("{own}?limit=4"))), newest_first);
            for status in statuses {
                let found = member.get(&format!("{own}?status={status}")).expect(200).json();
                assert_eq!(found["items"].as_array().map(Vec::len), Some(1), "{status}");
                assert_eq!(found["items"][0]["status"], status);
            }
            member.get(&format!("{own}?status=lost")).expect(422).field("/status", "not_a_choice");
            x.visitor().get(&own).expect(401).problem("authentication_required");
        }
    }

    fn pages_are_complete_and_without_repetition_despite_ties(x) {
        let member = x.researcher();
        for kind in KINDS {
            // All published at one instant; four readiness levels and two prices among 23 items.
            let items = (0..23).map(|n| tied(kind, n));
            shelve(x, kind, &member.organization_id, items.collect());
            for sort in sorts(kind) {
                for limit in [1, 4, 23, 100] {
                    let pages = pages(&x.visitor(), &format!("{}?sort={sort}&limit={limit}", kind.list));
                    let ids: Vec<_> = pages.iter().flatten().map(|item| item["id"].to_string()).collect();
                    let different: BTreeSet<_> = ids.iter().collect();
                    assert_eq!((ids.len(), different.len()), (23, 23), "{sort}, {limit} a page");
                    assert!(pages.iter().all(|page| page.len() <= limit), "{sort}, {limit} a page");
                    assert_eq!(pages.len(), 23_usize.div_ceil(limit), "{sort}, {limit} a page");
                }
            }
        }
    }

    fn pages_stay_put_when_items_are_added_meanwhile(x) {
        let member = x.researcher();
        for kind in KINDS {
            shelve(x, kind, &member.organization_id, (0..9).map(|n| tied(kind, n)).collect());
            let first = format!("{}?limit=4", kind.list);
            let before = titles(&pages(&x.visitor(), &first));
            let page = x.visitor().get(&first).expect(200);
            shelve(x, kind, &member.organization_id, vec![Shelved((kind.content)("Mới đến"), 60)]);
            let rest = format!("{first}&cursor={}", page.text_at("/next_cursor"));
            let seen: Vec<_> = page.titles().into_iter().chain(titles(&pages(&x.visitor(), &rest))).collect();
            assert_eq!(seen, before);
            assert_eq!(x.visitor().get(&first).expect(200).titles().first().map(String::as_str), Some("Mới đến"));
        }
    }

    fn cursors_belong_to_their_list(x) {
        let member = x.researcher();
        for kind in KINDS {
            shelve(x, kind, &member.organization_id, (0..3).map(|n| tied(kind, n)).collect());
            let cursor = x.visitor().get(&format!("{}?limit=1", kind.list)).expect(200).text_at("/next_cursor");
            let get = |query: &str| x.visitor().get(&format!("{}?{query}", kind.list));
            get(&format!("cursor={cursor}")).expect(200);
            get(&format!("cursor={cursor}&sort=-trl")).expect(400).problem("malformed_cursor");
            get("cursor=nonsense").expect(422).field("/cursor", "invalid_format");
            for limit in ["0", "101", "-1", "ten", "99999999999999999999"] {
                get(&format!("limit={limit}")).expect(422).field("/limit", "out_of_range");
            }
            get("sort=title").expect(422).field("/sort", "not_a_choice");
            get("offset=3").expect(422).field("/offset", "unknown_field");
            get("limit=1&limit=2").expect(422).field("/limit", "duplicate");
        }
    }

    fn an_unchanged_public_list_is_not_sent_again(x) {
        let member = x.researcher();
        for kind in KINDS {
            shelve(x, kind, &member.organization_id, vec![tied(kind, 1)]);
            let list = x.visitor().get(kind.list).expect(200);
            assert_eq!(list.header("cache-control"), Some("public, no-cache"));
            let again = x.visitor().with("if-none-match", &list.etag());
            again.get(kind.list).expect(304);
            shelve(x, kind, &member.organization_id, vec![tied(kind, 2)]);
            again.get(kind.list).expect(200);
        }
    }
}

/// One of many items that hardly differ.
fn tied(kind: &Kind, n: i64) -> Shelved {
    let level = [json!(null), json!(3), json!(3), json!(8)][usize::try_from(n % 4).unwrap_or_default()].clone();
    let price = match n % 3 {
        0 => json!({"kind": "negotiable"}),
        1 => json!({"kind": "fixed", "from": {"amount": 5, "currency": "USD"}}),
        _ => json!({"kind": "fixed", "from": {"amount": 1_000_000, "currency": "VND"}}),
    };
    let (trl_name, price_name) = if kind.name == "listing" { ("trl", "price") } else { ("trl_wanted", "budget") };
    Shelved(with((kind.content)(&format!("Thứ {n}")), json!({trl_name: level, price_name: price})), 0)
}

fn sorts(kind: &Kind) -> [&'static str; 4] {
    if kind.name == "listing" {
        ["-published_at", "published_at", "price", "-trl"]
    } else {
        ["-published_at", "published_at", "-budget", "-trl"]
    }
}
