//! Idempotency keys: a repeated POST has one effect and the answer of the first.

use serde_json::json;

use crate::catalogue::{KINDS, LISTINGS};
use crate::harness::{Answer, listing};
use crate::{on_both, rows};

const KEY: &str = "idempotency-key";

fn essence(answer: &Answer) -> (u16, String, Option<String>, Option<String>) {
    let header = |name: &str| answer.header(name).map(str::to_owned);
    (answer.status, answer.text.clone(), header("etag"), header("location"))
}

on_both! {
    fn the_same_request_gets_the_same_answer_and_has_one_effect(x) {
        let member = x.researcher();
        for kind in KINDS {
            let client = member.with(KEY, &format!("tao-{}", kind.name));
            let body = (kind.content)("Máy sấy");
            let first = client.post(&kind.own(&member), &body).expect(201);
            x.clock.advance(300);
            let again = client.post(&kind.own(&member), &body).expect(201);
            assert_eq!(essence(&again), essence(&first));
            assert_ne!(again.header("x-request-id"), first.header("x-request-id"));
            assert_eq!(member.get(&kind.own(&member)).expect(200).titles(), ["Máy sấy"]);
        }
        assert_eq!(rows::count(x.database_url(), "audit_log WHERE event IN ('listing.created', 'order.created')"), 2);
    }

    fn a_step_is_repeated_without_harm(x) {
        let (member, officer) = (x.researcher(), x.officer());
        for kind in KINDS {
            let piece = kind.at(&member, &officer, "submitted");
            let keyed = officer.with(KEY, &format!("duyet-{}", kind.name));
            let first = piece.step(&keyed, "publication").expect(200);
            let again = piece.step(&keyed, "publication").expect(200);
            assert_eq!(essence(&again), essence(&first));
            piece.step(&officer, "publication").expect(412).problem("stale_version");
            let reviews = officer.get(&format!("{}/reviews", piece.path)).expect(200).json();
            assert_eq!(reviews["items"].as_array().map(Vec::len), Some(1));
        }
    }

    fn a_key_stands_for_one_request(x) {
        let member = x.researcher();
        let keyed = member.with(KEY, "mot-khoa");
        let body = json!({"language": "vi", "title": "Máy sấy"});
        let first = keyed.post(&member.listings(), &body).expect(201);
        let reused = |answer: Answer| drop(answer.expect(422).problem("idempotency_key_reused"));
        reused(keyed.post(&member.listings(), &listing("Máy khác")));
        reused(keyed.post(&member.orders(), &body));
        let path = format!("/v1/listings/{}/submission", first.id());
        reused(keyed.post_at(&path, &first.etag(), &json!({})));
        assert_eq!(member.get(&member.listings()).expect(200).titles(), ["Máy sấy"]);
    }

    fn another_version_is_another_request(x) {
        let member = x.researcher();
        let piece = LISTINGS.complete(&member, "Máy sấy");
        let keyed = member.with(KEY, "gui-duyet");
        let etag = piece.step(&keyed, "submission").expect(200).etag();
        let etag = member.post_at(&format!("{}/withdrawal", piece.path), &etag, &json!({})).expect(200).etag();
        keyed.post_at(&format!("{}/submission", piece.path), &etag, &json!({})).expect(422).problem("idempotency_key_reused");
    }

    fn keys_belong_to_their_account(x) {
        for member in [x.researcher(), x.enterprise()] {
            member.with(KEY, "khoa-chung").post(&member.listings(), &listing("Máy sấy")).expect(201);
            assert_eq!(member.get(&member.listings()).expect(200).titles().len(), 1);
        }
    }

    fn what_failed_is_not_stored(x) {
        let member = x.researcher();
        let keyed = member.with(KEY, "thu-lai");
        let wrong = json!({"language": "vi", "title": "Máy sấy", "research_field": "alchemy"});
        keyed.post(&member.listings(), &wrong).expect(422).problem("validation_failed");
        keyed.post(&member.listings(), &listing("Máy sấy")).expect(201);
        let piece = LISTINGS.draft(&member, &json!({"language": "vi", "title": "Máy sấy"}));
        let keyed = member.with(KEY, "gui-duyet");
        piece.step(&keyed, "submission").expect(422).problem("incomplete");
        let etag = member.patch(&piece.path, &piece.etag, &listing("Đủ rồi")).expect(200).etag();
        keyed.post_at(&format!("{}/submission", piece.path), &etag, &json!({})).expect(200);
        assert_eq!(rows::count(x.database_url(), "idempotency_keys"), 2);
    }

    fn of_twenty_identical_requests_at_once_one_has_an_effect(x) {
        let member = x.researcher();
        for kind in KINDS {
            let keyed = member.with(KEY, &format!("cung-luc-{}", kind.name));
            let (own, body) = (kind.own(&member), (kind.content)("Máy sấy"));
            let answers: Vec<Answer> = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..20).map(|_| scope.spawn(|| keyed.post(&own, &body))).collect();
                threads.into_iter().map(|thread| thread.join().expect("a thread ends")).collect()
            });
            // "Still running" is a fair answer; whoever asks again gets what was stored.
            let good: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
            assert!(answers.iter().all(|answer| [201, 409].contains(&answer.status)), "{:?}",
                answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
            let stored = keyed.post(&own, &body).expect(201);
            assert!(!good.is_empty() && good.iter().all(|answer| essence(answer) == essence(&stored)));
            assert_eq!(member.get(&own).expect(200).titles().len(), 1);
        }
    }

    fn an_answer_is_kept_for_a_day(x) {
        let member = x.researcher();
        let post = || {
            let client = x.visitor().sign_in(&member.email, crate::harness::PASSWORD);
            client.with(KEY, "hom-qua").post(&member.listings(), &listing("Máy sấy")).expect(201).id()
        };
        let first = post();
        x.clock.advance(86_399);
        assert_eq!(post(), first);
        x.clock.advance(1);
        let second = post();
        assert_ne!(second, first);
        assert_eq!(post(), second);
    }

    fn a_malformed_key_is_refused(x) {
        let member = x.researcher();
        for key in ["", "\"\"", "has blank", &"x".repeat(256)] {
            member.with(KEY, key).post(&member.listings(), &listing("Máy sấy")).expect(400).problem("malformed_header");
        }
        assert!(member.get(&member.listings()).expect(200).titles().is_empty());
        for key in ["x", "\"quoted-as-the-draft-says\"", &"x".repeat(255)] {
            member.with(KEY, key).post(&member.listings(), &listing("Máy sấy")).expect(201);
        }
    }

    fn a_stored_answer_is_only_for_who_may_still_ask(x) {
        let owner = x.researcher();
        let editor = crate::catalogue::colleague(x, &owner, "editor");
        let keyed = editor.with(KEY, "truoc-khi-roi");
        keyed.post(&owner.listings(), &listing("Máy sấy")).expect(201);
        keyed.with_token("not-a-token").post(&owner.listings(), &listing("Máy sấy")).expect(401);
        x.visitor().with(KEY, "truoc-khi-roi").post(&owner.listings(), &listing("Máy sấy")).expect(401);
    }
}
