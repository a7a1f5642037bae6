//! Expressions of interest and proposals: from sending to an answer, between two organisations and nobody else.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use techex::negotiation::{ApproachStatus, ApproachStep, By, Life};

use crate::catalogue::{LISTINGS, ORDERS, Piece, colleague, pages, with};
use crate::harness::{Answer, App, Client, Exchange, Member, PASSWORD, listing, order, person, stepped_up_officer};
use crate::{on_both, rows};

const DAY: i64 = 86_400;

pub fn interest(sender: &Member) -> Value {
    json!({
        "organization_id": sender.organization_id, "message": "Chúng tôi muốn dùng cho cụm dệt nhuộm.",
        "transfer_forms": ["non_exclusive_licence"],
    })
}

pub fn proposal(sender: &Member) -> Value {
    json!({
        "organization_id": sender.organization_id, "solution": "Buồng sấy chân không.", "duration_months": 8,
        "cost": {"kind": "fixed", "from": {"amount": 250_000_000, "currency": "VND"}},
    })
}

/// An approach as a test holds it.
pub struct Held {
    pub path: String,
    pub etag: String,
}

impl Held {
    fn of(answer: &Answer) -> Self {
        let path = answer.header("location").expect("a location").to_owned();
        Self { path, etag: answer.etag() }
    }

    /// Takes a step at the version it is held at, and holds the next one.
    pub fn step(&mut self, who: &Client, step: &str) -> Answer {
        let body = if step == "refusal" { json!({"reason": "timing", "note": "Năm sau."}) } else { json!({}) };
        let answer = who.post_at(&format!("{}/{step}", self.path), &self.etag, &body);
        if answer.status == 200 {
            self.etag = answer.etag();
        }
        answer
    }
}

/// Interest that was sent.
pub fn interested(sender: &Member, listing: &str) -> Held {
    Held::of(&sender.post(&format!("{listing}/interests"), &interest(sender)).expect(201))
}

/// A proposal that was sent.
pub fn proposed(sender: &Member, order: &str) -> Held {
    Held::of(&sender.post(&format!("{order}/proposals"), &proposal(sender)).expect(201))
}

/// The noun a step is posted to.
fn noun(step: ApproachStep) -> Option<&'static str> {
    Some(match step {
        ApproachStep::Acknowledge => "acknowledgement",
        ApproachStep::Accept => "acceptance",
        ApproachStep::Decline => "refusal",
        ApproachStep::Withdraw => "withdrawal",
        ApproachStep::Remind | ApproachStep::Expire => return None,
    })
}

fn told(x: &Exchange, member: &Member, held: &Held, word: &str) -> bool {
    x.mails_to(&member.email).iter().any(|mail| mail.contains(&held.path) && mail.contains(word))
}

on_both! {
    fn an_interest_is_answered(x) {
        let (owner, buyer) = (x.researcher(), x.enterprise());
        let path = owner.publish_listing(x, &listing("Máy sấy thăng hoa"));
        let mut held = interested(&buyer, &path);
        let sent = buyer.get(&held.path).expect(200);
        assert_eq!((&sent.json()["kind"], &sent.json()["status"]), (&json!("interest"), &json!("sent")));
        assert_eq!(sent.json()["title"], "Máy sấy thăng hoa");
        assert!(path.ends_with(&sent.text_at("/listing_id")) && sent.json().get("order_id").is_none());
        assert_eq!(sent.text_at("/receiver/id"), owner.organization_id);
        assert_eq!(sent.text_at("/sender/id"), buyer.organization_id);
        assert_eq!(sent.json()["interest"]["transfer_forms"], json!(["non_exclusive_licence"]));
        assert_eq!(sent.text_at("/answer_by"), x.now().plus_days(30).to_string());
        assert_eq!(owner.get(&held.path).expect(200).text, sent.text);
        x.eventually("the owner is told", || told(x, &owner, &held, "Máy sấy thăng hoa"));
        let stale = held.etag.clone();
        assert_eq!(held.step(&owner, "acknowledgement").expect(200).json()["status"], "acknowledged");
        x.eventually("the buyer is told", || told(x, &buyer, &held, "sẽ trả lời"));
        owner.post_at(&format!("{}/acceptance", held.path), &stale, &json!({})).expect(412).problem("stale_version");
        let answer = held.step(&owner, "refusal").expect(200);
        assert_eq!((answer.text_at("/reason"), answer.text_at("/note")), ("timing".into(), "Năm sau.".into()));
        assert_eq!(answer.text_at("/ended_at"), x.now().to_string());
        x.eventually("the buyer is told", || told(x, &buyer, &held, "từ chối"));
        let refusal = held.step(&owner.in_english(), "acceptance").expect(409).problem("approach_wrong_state");
        assert!(refusal.text_at("/detail").contains("declined") && refusal.text_at("/detail").contains("sent, acknowledged"));
        let recorded = rows::select(x.database_url(), "event", "audit_log WHERE event LIKE 'approach.%' ORDER BY id");
        assert_eq!(recorded, ["approach.sent", "approach.acknowledged", "approach.declined"]);
    }

    fn each_side_does_its_own(x) {
        let (owner, buyer) = (x.researcher(), x.enterprise());
        let path = owner.publish_listing(x, &listing("Máy sấy"));
        let mut held = interested(&buyer, &path);
        for step in ["acknowledgement", "acceptance", "refusal"] {
            held.step(&buyer, step).expect(403).problem("other_side_only");
            held.step(&colleague(x, &owner, "viewer"), step).expect(403).problem("role_too_low");
        }
        held.step(&owner, "withdrawal").expect(403).problem("other_side_only");
        let bad = |body: &Value| owner.post_at(&format!("{}/refusal", held.path), &held.etag, body).expect(422);
        bad(&json!({})).field("/reason", "required");
        bad(&json!({"reason": "other"})).field("/note", "required");
        bad(&json!({"reason": "whim"})).field("/reason", "not_a_choice");
        let clerk = colleague(x, &buyer, "editor");
        assert_eq!(held.step(&clerk, "withdrawal").expect(200).json()["status"], "withdrawn");
        x.eventually("the owner is told", || told(x, &owner, &held, "đã rút"));
    }

    fn whose_an_anonymous_order_is_is_told_by_its_acceptance(x) {
        let (firm, maker) = (x.enterprise(), x.researcher());
        let path = firm.publish_order(x, &with(order("Cần máy sấy"), json!({"anonymous": true})));
        let name = firm.get(&format!("/v1/organizations/{}", firm.organization_id)).expect(200).text_at("/name");
        let secret = |text: &str| !text.contains(&name) && !text.contains(&firm.organization_id);
        let sent = maker.post(&format!("{path}/proposals"), &proposal(&maker)).expect(201);
        let mut held = Held::of(&sent);
        let sent_by = format!("/v1/organizations/{}/approaches?direction=sent", maker.organization_id);
        let shown = held.path.clone();
        let silent = |when: &str| {
            for text in [maker.get(&shown).expect(200).text, maker.get(&sent_by).expect(200).text,
                maker.get("/v1/me/export").expect(200).text] {
                assert!(secret(&text), "{when}: {text}");
            }
        };
        assert!(secret(&sent.text), "{}", sent.text);
        silent("sent");
        assert_eq!(firm.get(&held.path).expect(200).text_at("/receiver/name"), name);
        held.step(&firm, "acknowledgement").expect(200);
        silent("acknowledged");
        let refusal = held.step(&maker, "acceptance").expect(403);
        assert!(secret(&refusal.text));
        x.eventually("the maker is told", || told(x, &maker, &held, "sẽ trả lời"));
        assert!(x.mails_to(&maker.email).iter().all(|mail| secret(mail)));
        let accepted = held.step(&firm, "acceptance").expect(200);
        assert_eq!(accepted.text_at("/receiver/name"), name);
        assert_eq!(maker.get(&held.path).expect(200).text_at("/receiver/name"), name);
        // Another one, which is declined, goes on hiding it.
        let other = x.researcher();
        let mut declined = proposed(&other, &path);
        declined.step(&firm, "refusal").expect(200);
        assert!(secret(&other.get(&declined.path).expect(200).text));
    }

    fn what_is_closed_takes_none(x) {
        let (owner, buyer) = (x.researcher(), x.enterprise());
        for (kind, noun, body) in [(&LISTINGS, "interests", interest(&buyer)), (&ORDERS, "proposals", proposal(&buyer))] {
            let mut piece: Piece = kind.at(&owner, &x.officer(), "published");
            let path = format!("{}/{noun}", piece.path);
            piece.etag = piece.step(&owner, "closing").expect(200).etag();
            buyer.post(&path, &body).expect(409).problem("not_open_for_interest");
            piece.etag = piece.step(&owner, "opening").expect(200).etag();
            buyer.post(&path, &body).expect(201);
            buyer.post(&path, &body).expect(422).field("/organization_id", "already_sent");
            piece.step(&owner, "withdrawal").expect(200);
            buyer.post(&path, &body).expect(404).problem("not_found");
            let draft = kind.complete(&buyer, "Bản nháp");
            buyer.post(&format!("{}/{noun}", draft.path), &body).expect(422).field("/organization_id", "not_allowed_here");
        }
    }

    fn verified_organisations_send(x) {
        let (owner, buyer) = (x.researcher(), x.enterprise());
        let path = format!("{}/interests", owner.publish_listing(x, &listing("Máy sấy")));
        let unverified = Member::of_unverified(x, "enterprise");
        unverified.post(&path, &interest(&unverified)).expect(409).problem("organization_not_verified");
        buyer.post(&path, &interest(&unverified)).expect(422).field("/organization_id", "no_such_organization");
        colleague(x, &buyer, "viewer").post(&path, &interest(&buyer)).expect(403).problem("role_too_low");
        owner.post(&path, &interest(&owner)).expect(422).field("/organization_id", "not_allowed_here");
        x.visitor().post(&path, &interest(&buyer)).expect(401);
        let wrong = json!({"organization_id": buyer.organization_id, "message": "", "transfer_forms": ["gift"]});
        buyer.post(&path, &wrong).expect(422).field("/message", "required").field("/transfer_forms/0", "not_a_choice");
        let etag = buyer.get(&format!("/v1/organizations/{}", buyer.organization_id)).expect(200).etag();
        let deactivation = format!("/v1/organizations/{}/deactivation", buyer.organization_id);
        buyer.post_at(&deactivation, &etag, &json!({"reason": "Tạm nghỉ."})).expect(200);
        buyer.post(&path, &interest(&buyer)).expect(409).problem("organization_deactivated");
        let authority = x.officer().get("/v1/me").expect(200).text_at("/organizations/0/id");
        let body = json!({"organization_id": authority, "message": "Xin hỏi."});
        x.officer().post(&path, &body).expect(422).field("/organization_id", "not_allowed_here");
    }

    fn a_proposal_offers_a_listing_of_its_own(x) {
        let (firm, maker) = (x.enterprise(), x.researcher());
        let path = format!("{}/proposals", firm.publish_order(x, &order("Cần máy sấy")));
        let offer = |listing: &str| with(proposal(&maker), json!({"listing_id": listing.rsplit('/').next()}));
        let others = firm.publish_listing(x, &listing("Máy của người khác"));
        maker.post(&path, &offer(&others)).expect(422).field("/listing_id", "no_such_listing");
        let draft = maker.draft_listing("Bản nháp").0;
        maker.post(&path, &offer(&draft)).expect(422).field("/listing_id", "no_such_listing");
        let long = with(proposal(&maker), json!({"duration_months": 241}));
        maker.post(&path, &long).expect(422).field("/duration_months", "out_of_range");
        let own = maker.publish_listing(x, &listing("Máy sấy"));
        let sent = maker.post(&path, &offer(&own)).expect(201);
        assert!(own.ends_with(&sent.text_at("/proposal/listing_id")));
        assert_eq!(sent.json()["proposal"]["cost"]["from"]["amount"], 250_000_000);
    }

    fn silence_is_an_outcome(x) {
        let (owner, buyer) = (x.researcher(), x.enterprise());
        let path = owner.publish_listing(x, &listing("Máy sấy"));
        let held = interested(&buyer, &path);
        let pass = |days: i64| {
            x.clock.advance(days * DAY);
            x.run_jobs();
        };
        let status = || x.visitor().sign_in(&buyer.email, PASSWORD).get(&held.path).expect(200).json()["status"].clone();
        let reminders = || x.mails_to(&owner.email).iter().filter(|mail| mail.contains("sắp hết")).count();
        pass(22);
        assert_eq!((status(), reminders()), (json!("sent"), 0));
        pass(1);
        x.eventually("the owner is reminded", || reminders() == 1);
        pass(6);
        assert_eq!(status(), "sent");
        pass(1);
        assert_eq!(status(), "expired");
        x.eventually("the buyer is told", || told(x, &buyer, &held, "không trả lời"));
        pass(30);
        assert_eq!((status(), reminders()), (json!("expired"), 1));
        // A job that comes late still gives the whole notice.
        let buyer = Member { client: x.visitor().sign_in(&buyer.email, PASSWORD), ..buyer };
        let late = interested(&buyer, &path);
        let status = || x.visitor().sign_in(&buyer.email, PASSWORD).get(&late.path).expect(200).json()["status"].clone();
        pass(60);
        assert_eq!(status(), "sent");
        pass(6);
        assert_eq!(status(), "sent");
        pass(1);
        assert_eq!(status(), "expired");
    }

    fn an_organisation_sends_so_many_a_day(x) with(|config| config.negotiation.approaches_per_day = 2) {
        let (owner, buyer) = (x.researcher(), x.enterprise());
        let paths: Vec<_> = (0..3).map(|n| owner.publish_listing(x, &listing(&format!("Máy sấy số {n}")))).collect();
        interested(&buyer, &paths[0]);
        x.clock.advance(60);
        interested(&buyer, &paths[1]);
        let third = |x: &Exchange| {
            let client = x.visitor().sign_in(&buyer.email, PASSWORD);
            client.post(&format!("{}/interests", paths[2]), &interest(&buyer))
        };
        let refusal = third(x).expect(429).problem("too_many_approaches");
        assert_eq!(refusal.header("retry-after"), Some((DAY - 60).to_string().as_str()));
        x.enterprise().get(&paths[2]).expect(200);
        x.clock.advance(DAY - 60);
        third(x).expect(201);
    }

    fn the_lists_are_paged_and_filtered(x) {
        let (owner, buyer) = (x.researcher(), x.enterprise());
        let held: Vec<_> = (0..3)
            .map(|n| {
                x.clock.advance(1);
                interested(&buyer, &owner.publish_listing(x, &listing(&format!("Máy sấy số {n}"))))
            })
            .collect();
        let order = buyer.publish_order(x, &order("Cần máy sấy"));
        let mut answered = proposed(&owner, &order);
        answered.step(&buyer, "acceptance").expect(200);
        let list = |member: &Member, query: &str| {
            pages(member, &format!("/v1/organizations/{}/approaches?limit=2{query}", member.organization_id)).concat()
        };
        let ids = |items: Vec<Value>| items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        let id = |held: &Held| held.path.rsplit('/').next().unwrap_or_default().to_owned();
        assert_eq!(ids(list(&owner, "")), held.iter().rev().map(id).collect::<Vec<_>>());
        assert_eq!(ids(list(&buyer, "&direction=sent")), held.iter().rev().map(id).collect::<Vec<_>>());
        assert_eq!(ids(list(&buyer, "")), [id(&answered)]);
        assert_eq!(ids(list(&owner, "&direction=sent&kind=proposal&status=accepted")), [id(&answered)]);
        assert!(list(&owner, "&kind=proposal").is_empty() && list(&owner, "&status=expired").is_empty());
    }

    fn outsiders_see_nothing(x) {
        let (owner, buyer) = (x.researcher(), x.enterprise());
        let path = owner.publish_listing(x, &listing("Máy sấy"));
        let held = interested(&buyer, &path);
        let (third, broker) = (x.enterprise(), Member::of_verified(x, "intermediary"));
        App::of(x, &buyer, &buyer.email);
        let key = json!({"name": "Máy", "role": "editor", "valid_days": 1});
        let key = buyer.post(&format!("/v1/organizations/{}/api-keys", buyer.organization_id), &key).expect(201);
        let machine = x.visitor().with_token(&key.text_at("/secret"));
        let outsiders = [
            person(x).0, third.client.clone(), colleague(x, &third, "editor"), colleague(x, &third, "viewer"),
            broker.client.clone(), x.officer(), stepped_up_officer(x),
        ];
        let lists = [&owner, &buyer].map(|side| format!("/v1/organizations/{}/approaches", side.organization_id));
        for who in &outsiders {
            who.get(&held.path).expect(404).problem("not_found");
            for step in ["acknowledgement", "acceptance", "withdrawal"] {
                who.post_at(&format!("{}/{step}", held.path), &held.etag, &json!({})).expect(404).problem("not_found");
            }
            let refusal = json!({"reason": "price"});
            who.post_at(&format!("{}/refusal", held.path), &held.etag, &refusal).expect(404).problem("not_found");
            lists.iter().for_each(|list| drop(who.get(list).expect(404).problem("not_found")));
        }
        machine.get(&held.path).expect(403).problem("person_required");
        x.visitor().get(&held.path).expect(401);
        lists.iter().for_each(|list| drop(x.visitor().get(list).expect(401)));
        buyer.get(&held.path).expect(200);
    }

    fn the_store_walks_as_the_table_says(x) with(|config| config.negotiation.approaches_per_day = 10_000) {
        let (owner, buyer) = (x.researcher(), x.enterprise());
        let path = owner.publish_listing(x, &listing("Máy sấy"));
        let by_hand: Vec<_> = ApproachStep::ALL.iter().copied().filter(|step| noun(*step).is_some()).collect();
        let walk = prop::collection::vec((prop::sample::select(by_hand), prop::bool::weighted(0.8)), 1..7);
        let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
        let outcome = TestRunner::new(config).run(&walk, |walk| {
            let mut held = interested(&buyer, &path);
            let mut status = ApproachStatus::Sent;
            for (step, right_side) in walk {
                let of_author = ApproachStatus::rule(step).unwrap().by == By::Author;
                let who = if of_author == right_side { &buyer } else { &owner };
                let answer = held.step(who, noun(step).unwrap_or_default());
                match (right_side, status.lead(step)) {
                    (false, _) => prop_assert_eq!(answer.text_at("/code"), "other_side_only"),
                    (true, Ok(next)) => {
                        prop_assert_eq!(answer.text_at("/status"), next.as_str());
                        status = next;
                    }
                    (true, Err(_)) => prop_assert_eq!(answer.text_at("/code"), "approach_wrong_state"),
                }
                prop_assert_eq!(owner.get(&held.path).expect(200).text_at("/status"), status.as_str());
            }
            // Only one may be open at a time.
            if [ApproachStatus::Sent, ApproachStatus::Acknowledged].contains(&status) {
                held.step(&buyer, "withdrawal").expect(200);
            }
            Ok(())
        });
        outcome.unwrap();
    }

    fn a_person_is_told_what_is_held(x) {
        let (owner, buyer) = (x.researcher(), x.enterprise());
        let mut held = interested(&buyer, &owner.publish_listing(x, &listing("Máy sấy")));
        held.step(&owner, "acceptance").expect(200);
        let part = |member: &Member| member.get("/v1/me/export").expect(200).json()["data"]["approaches"].clone();
        let id = held.path.rsplit('/').next().unwrap_or_default();
        assert_eq!((&part(&buyer)[0]["id"], &part(&buyer)[0]["role"]), (&json!(id), &json!("sent")));
        assert_eq!((&part(&owner)[0]["id"], &part(&owner)[0]["role"]), (&json!(id), &json!("answered")));
    }
}
