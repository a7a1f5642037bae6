//! Offers: terms on the table, answered or not; and that whatever two people do at once ends in one legal state.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use techex::negotiation::{By, Life, OfferStatus, OfferStep};

use crate::approaches::interested;
use crate::catalogue::{colleague, with};
use crate::harness::{Answer, Client, Exchange, Member, file, may_sign, person, signatory, techex};
use crate::negotiations::Talk;
use crate::{on_both, rows};

pub fn terms() -> Value {
    json!({
        "right": "non_exclusive_licence", "territories": ["VN"], "term_months": 60, "improvements": "grant_back",
        "payments": [
            {"kind": "lump_sum", "amount": {"amount": 800_000_000, "currency": "VND"}},
            {"kind": "royalty", "basis": "net_revenue", "rate_bp": 500},
        ],
        "milestones": [
            {"title": "Bàn giao", "due_months": 1, "share_bp": 4_000},
            {"title": "Nghiệm thu", "due_months": 6, "share_bp": 6_000},
        ],
        "governing_law": "Luật Việt Nam", "dispute_body": "VIAC",
    })
}

/// An offer that stands for ten days.
pub fn offer(x: &Exchange) -> Value {
    json!({"terms": terms(), "valid_until": x.now().plus_days(10).to_string()})
}

/// An offer as a test holds it.
struct Table {
    path: String,
    etag: String,
}

impl Table {
    fn of(answer: &Answer) -> Self {
        Self { path: answer.header("location").expect("a location").to_owned(), etag: answer.etag() }
    }

    fn made(x: &Exchange, talk: &Talk, by: &Client) -> Self {
        Self::of(&by.post(&format!("{}/offers", talk.path), &offer(x)).expect(201))
    }

    fn step(&self, x: &Exchange, who: &Client, step: &str) -> Answer {
        let body = match step {
            "rejection" => json!({"reason": "Phí quá cao."}),
            "counter-offer" => offer(x),
            _ => json!({}),
        };
        who.post_at(&format!("{}/{step}", self.path), &self.etag, &body)
    }
}

fn noun(step: OfferStep) -> &'static str {
    match step {
        OfferStep::Counter => "counter-offer",
        OfferStep::Accept => "acceptance",
        OfferStep::Reject => "rejection",
        OfferStep::Withdraw => "withdrawal",
        OfferStep::Lapse => "lapse",
    }
}

/// Two signatories who negotiate.
fn talk(x: &Exchange) -> Talk {
    let talk = Talk::begin(x);
    signatory(x, &talk.owner);
    signatory(x, &talk.buyer);
    talk
}

/// Another negotiation of the same two.
fn another(talk: &Talk) -> Talk {
    let mut held = interested(&talk.buyer, &talk.listing);
    let path =
        format!("/v1/negotiations/{}", held.step(&talk.owner, "acceptance").expect(200).text_at("/negotiation_id"));
    let copy = |member: &Member| Member {
        client: member.client.clone(),
        email: member.email.clone(),
        user_id: member.user_id.clone(),
        organization_id: member.organization_id.clone(),
    };
    Talk { owner: copy(&talk.owner), buyer: copy(&talk.buyer), listing: talk.listing.clone(), path }
}

fn statuses(talk: &Talk) -> (String, Vec<String>) {
    let offers = talk.owner.get(&format!("{}/offers", talk.path)).expect(200).json();
    let mut all: Vec<_> = offers["items"]
        .as_array()
        .expect("offers")
        .iter()
        .map(|offer| offer["status"].as_str().expect("a status").to_owned())
        .collect();
    all.reverse();
    (talk.owner.get(&talk.path).expect(200).text_at("/status"), all)
}

fn verified(x: &Exchange, talk: &Talk) {
    techex(x, &["verify", &file(x, "export.json", talk.export(&talk.owner))]).says("all as written down");
}

on_both! {
    fn an_offer_is_countered_and_agreed(x) {
        let talk = talk(x);
        let first = Table::made(x, &talk, &talk.buyer);
        let shown = talk.owner.get(&first.path).expect(200);
        assert_eq!((shown.text_at("/status"), shown.json()["number"].clone()), ("proposed".into(), json!(1)));
        assert_eq!(shown.json()["changes"], json!([]));
        let mut better = offer(x);
        better["terms"]["payments"][1]["rate_bp"] = json!(300);
        better["terms"]["warranty_months"] = json!(12);
        let path = format!("{}/counter-offer", first.path);
        talk.buyer.post_at(&path, &first.etag, &better).expect(403).problem("other_side_only");
        let countered = talk.owner.post_at(&path, &first.etag, &better).expect(201);
        let second = Table::of(&countered);
        assert_eq!(countered.json()["changes"], json!([
            {"pointer": "/payments/1/rate_bp", "before": 500, "after": 300},
            {"pointer": "/warranty_months", "before": null, "after": 12},
        ]));
        assert_eq!((countered.json()["number"].clone(), countered.json()["previous_id"].clone()), (json!(2), shown.json()["id"].clone()));
        assert_ne!(countered.json()["terms_sha256"], shown.json()["terms_sha256"]);
        first.step(x, &talk.owner, "acceptance").expect(412).problem("stale_version");
        second.step(x, &talk.owner, "acceptance").expect(403).problem("other_side_only");
        second.step(x, &talk.buyer, "acceptance").expect(200);
        assert_eq!(statuses(&talk), ("agreed".into(), ["countered", "accepted"].map(str::to_owned).to_vec()));
        let all = talk.kinds(&talk.buyer);
        assert_eq!(all, ["opened", "offer_proposed", "offer_countered", "offer_proposed", "offer_accepted"]);
        verified(x, &talk);
    }

    fn agreeing_takes_a_signatory_of_the_other_side(x) {
        let talk = talk(x);
        let table = Table::made(x, &talk, &talk.buyer);
        table.step(x, &talk.buyer, "acceptance").expect(403).problem("other_side_only");
        let editor = colleague(x, &talk.owner, "editor");
        table.step(x, &editor, "acceptance").expect(403).problem("step_up_required");
        let second = crate::harness::member_of(x, &talk.owner.organization_id, "owner");
        let second = Member { client: second.0, email: second.1, user_id: second.2, organization_id: talk.owner.organization_id.clone() };
        crate::harness::App::of(x, &second, &second.email);
        table.step(x, &second, "acceptance").expect(403).problem("signatory_required");
        may_sign(&second);
        talk.owner.post(&format!("{}/acceptance", table.path), &json!({})).expect(428);
        let accepted = table.step(x, &second, "acceptance").expect(200);
        assert_eq!((accepted.text_at("/status"), accepted.text_at("/ended_at")), ("accepted".into(), x.now().to_string()));
        assert_eq!(statuses(&talk), ("agreed".into(), vec!["accepted".into()]));
        let last = talk.timeline(&talk.buyer).pop().expect("an event");
        assert_eq!((&last["kind"], &last["data"]["terms_sha256"]), (&json!("offer_accepted"), &accepted.json()["terms_sha256"]));
        for side in [&talk.owner, &talk.buyer] {
            x.eventually("both are told", || x.mails_to(&side.email).iter().any(|mail| mail.contains("đã thống nhất")));
        }
        let offers = format!("{}/offers", talk.path);
        talk.buyer.post(&offers, &offer(x)).expect(409).problem("negotiation_wrong_state");
        let etag = talk.buyer.get(&talk.path).expect(200).etag();
        let ending = json!({"reason": "Đổi ý."});
        talk.buyer.post_at(&format!("{}/ending", talk.path), &etag, &ending).expect(409).problem("negotiation_wrong_state");
        verified(x, &talk);
        let held = second.get("/v1/me/export").expect(200).json()["data"]["offers"].clone();
        assert_eq!(held[0]["role"], "answered");
    }

    fn one_offer_at_a_time(x) {
        let talk = talk(x);
        let table = Table::made(x, &talk, &talk.buyer);
        let offers = format!("{}/offers", talk.path);
        for side in [&talk.owner, &talk.buyer] {
            side.post(&offers, &offer(x)).expect(409).problem("offer_wrong_state");
        }
        table.step(x, &talk.owner, "withdrawal").expect(403).problem("other_side_only");
        table.step(x, &talk.buyer, "rejection").expect(403).problem("other_side_only");
        let refused = table.step(x, &talk.owner, "rejection").expect(200);
        assert_eq!((refused.text_at("/status"), refused.text_at("/reason")), ("rejected".into(), "Phí quá cao.".into()));
        let table = Table::made(x, &talk, &talk.owner);
        table.step(x, &talk.owner, "withdrawal").expect(200);
        Table::made(x, &talk, &talk.owner);
        assert_eq!(statuses(&talk), ("open".into(), ["rejected", "withdrawn", "proposed"].map(str::to_owned).to_vec()));
        let all = talk.kinds(&talk.buyer);
        assert_eq!(all[1..], ["offer_proposed", "offer_rejected", "offer_proposed", "offer_withdrawn", "offer_proposed"]);
        verified(x, &talk);
    }

    fn terms_are_checked_as_a_whole(x) {
        let talk = Talk::begin(x);
        let offers = format!("{}/offers", talk.path);
        let refused = |terms: Value| talk.owner.post(&offers, &with(offer(x), json!({"terms": terms}))).expect(422);
        refused(with(terms(), json!({"right": "assignment"}))).field("/terms/term_months", "not_allowed_here");
        refused(with(terms(), json!({"payments": []}))).field("/terms/payments", "required");
        refused(with(terms(), json!({"payments": [{"kind": "royalty", "rate_bp": 0}]})))
            .field("/terms/payments/0/basis", "required").field("/terms/payments/0/rate_bp", "out_of_range");
        let usd = json!({"kind": "instalment", "due_months": 3, "amount": {"amount": 5, "currency": "USD"}});
        let mixed = json!([terms()["payments"][0], usd]);
        refused(with(terms(), json!({"payments": mixed}))).field("/terms/payments", "currencies_differ");
        let half = json!([{"title": "Bàn giao", "due_months": 1, "share_bp": 5_000}]);
        refused(with(terms(), json!({"milestones": half}))).field("/terms/milestones", "shares_not_whole");
        refused(with(terms(), json!({"payments": [{"kind": "equity", "rate_bp": 1.5}]}))).field("/terms/payments/0/rate_bp", "wrong_type");
        for until in [x.now(), x.now().plus_days(366)] {
            let late = json!({"terms": terms(), "valid_until": until.to_string()});
            talk.owner.post(&offers, &late).expect(422).field("/valid_until", "out_of_range");
        }
        colleague(x, &talk.owner, "viewer").post(&offers, &offer(x)).expect(403).problem("role_too_low");
        assert_eq!(statuses(&talk), ("open".into(), vec![]));
    }

    fn an_offer_lapses(x) {
        let talk = talk(x);
        let short = json!({"terms": terms(), "valid_until": x.now().plus_seconds(60).to_string()});
        let table = Table::of(&talk.buyer.post(&format!("{}/offers", talk.path), &short).expect(201));
        x.clock.advance(60);
        // Before anything has noted it.
        assert_eq!(talk.owner.get(&table.path).expect(200).text_at("/status"), "lapsed");
        for step in ["acceptance", "rejection", "counter-offer"] {
            table.step(x, &talk.owner, step).expect(409).problem("offer_wrong_state");
        }
        table.step(x, &talk.buyer, "withdrawal").expect(409).problem("offer_wrong_state");
        assert_eq!(talk.kinds(&talk.owner), ["opened", "offer_proposed"]);
        x.run_jobs();
        assert_eq!(talk.kinds(&talk.owner), ["opened", "offer_proposed", "offer_lapsed"]);
        // One that has lapsed unnoticed makes way.
        let short = json!({"terms": terms(), "valid_until": x.now().plus_seconds(60).to_string()});
        talk.buyer.post(&format!("{}/offers", talk.path), &short).expect(201);
        x.clock.advance(60);
        Table::made(x, &talk, &talk.owner);
        assert_eq!(statuses(&talk), ("open".into(), ["lapsed", "lapsed", "proposed"].map(str::to_owned).to_vec()));
        verified(x, &talk);
    }

    fn a_deactivated_organisation_only_ends_things(x) {
        let talk = talk(x);
        let table = Table::made(x, &talk, &talk.buyer);
        let organization = format!("/v1/organizations/{}", talk.owner.organization_id);
        let etag = talk.owner.get(&organization).expect(200).etag();
        let reason = json!({"reason": "Tạm nghỉ."});
        talk.owner.post_at(&format!("{organization}/deactivation"), &etag, &reason).expect(200);
        for step in ["acceptance", "counter-offer"] {
            table.step(x, &talk.owner, step).expect(409).problem("organization_deactivated");
        }
        for (noun, body) in [
            ("messages", json!({"text": "Chào."})),
            ("offers", offer(x)),
            ("ndas", json!({"template": "mutual_vi", "valid_days": 1})),
        ] {
            let path = format!("{}/{noun}", talk.path);
            talk.owner.post(&path, &body).expect(409).problem("organization_deactivated");
        }
        let paper = talk.buyer.post(&format!("{}/ndas", talk.path), &json!({"template": "mutual_vi", "valid_days": 1}));
        let (etag, paper) = (paper.etag(), paper.expect(201).id());
        let signature = format!("/v1/ndas/{paper}/signature");
        talk.owner.post_at(&signature, &etag, &json!({})).expect(409).problem("organization_deactivated");
        table.step(x, &talk.owner, "rejection").expect(200);
        let etag = talk.owner.get(&talk.path).expect(200).etag();
        talk.owner.post_at(&format!("{}/ending", talk.path), &etag, &reason).expect(200);
    }

    fn what_was_offered_cannot_be_rewritten(x) {
        let talk = Talk::begin(x);
        Table::made(x, &talk, &talk.owner);
        let url = x.database_url();
        for sql in ["UPDATE offers SET terms = '{}'", "UPDATE offers SET valid_until = created_at", "DELETE FROM offers"] {
            assert!(rows::execute(url, sql).unwrap_err().contains("immutable"), "{sql}");
        }
    }

    fn outsiders_see_nothing(x) {
        let talk = talk(x);
        let table = Table::made(x, &talk, &talk.owner);
        let (third, broker) = (x.enterprise(), Member::of_verified(x, "intermediary"));
        signatory(x, &third);
        let offers = format!("{}/offers", talk.path);
        for who in [&person(x).0, &third.client, &colleague(x, &third, "viewer"), &broker.client, &x.officer()] {
            who.get(&table.path).expect(404).problem("not_found");
            who.get(&offers).expect(404).problem("not_found");
            who.post(&offers, &offer(x)).expect(404).problem("not_found");
            for step in ["rejection", "withdrawal", "counter-offer"] {
                table.step(x, who, step).expect(404).problem("not_found");
            }
        }
        table.step(x, &third, "acceptance").expect(404).problem("not_found");
        x.visitor().get(&table.path).expect(401);
    }

    fn the_store_walks_as_the_table_says(x) with(|config| config.negotiation.approaches_per_day = 10_000) {
        let talk = talk(x);
        let by_hand: Vec<_> = OfferStep::ALL.iter().copied().filter(|step| *step != OfferStep::Lapse).collect();
        let walk = prop::collection::vec((prop::sample::select(by_hand), prop::bool::weighted(0.8)), 1..8);
        let config = Config { cases: 16, failure_persistence: None, ..Config::default() };
        let outcome = TestRunner::new(config).run(&walk, |walk| {
            let talk = another(&talk);
            let (mut author, mut other) = (&talk.buyer, &talk.owner);
            let mut table = Table::made(x, &talk, author);
            let mut status = OfferStatus::Proposed;
            let mut agreed = false;
            for (step, right_side) in walk {
                let of_author = OfferStatus::rule(step).unwrap().by == By::Author;
                let who = if of_author == right_side { author } else { other };
                let answer = table.step(x, who, noun(step));
                match (right_side, agreed, status.lead(step)) {
                    (false, ..) => prop_assert_eq!(answer.text_at("/code"), "other_side_only"),
                    (true, true, _) => prop_assert_eq!(answer.text_at("/code"), "negotiation_wrong_state"),
                    (true, false, Err(_)) => prop_assert_eq!(answer.text_at("/code"), "offer_wrong_state"),
                    (true, false, Ok(OfferStatus::Countered)) => {
                        table = Table::of(&answer.expect(201));
                        (author, other) = (other, author);
                    }
                    (true, false, Ok(next)) => {
                        prop_assert_eq!(answer.text_at("/status"), next.as_str());
                        table.etag = answer.etag();
                        status = next;
                        agreed = next == OfferStatus::Accepted;
                    }
                }
                prop_assert_eq!(author.get(&table.path).expect(200).text_at("/status"), status.as_str());
            }
            verified(x, &talk);
            Ok(())
        });
        outcome.unwrap();
    }

    fn races_end_in_one_legal_state(x) with(|config| config.negotiation.approaches_per_day = 10_000) {
        let talk = talk(x);
        let second = crate::harness::member_of(x, &talk.owner.organization_id, "owner");
        let second = Member { client: second.0, email: second.1, user_id: second.2, organization_id: talk.owner.organization_id.clone() };
        signatory(x, &second);
        let races: [(&Client, &str, &Client, &str); 5] = [
            (&talk.owner, "acceptance", &second, "acceptance"),
            (&talk.owner, "acceptance", &talk.buyer, "withdrawal"),
            (&talk.owner, "counter-offer", &second, "acceptance"),
            (&talk.owner, "rejection", &second, "acceptance"),
            (&talk.owner, "counter-offer", &talk.buyer, "withdrawal"),
        ];
        let mut won = std::collections::BTreeMap::new();
        for round in 0..40 {
            for (one, first, other, then) in races {
                let talk = another(&talk);
                let table = Table::made(x, &talk, &talk.buyer);
                let (a, b) = std::thread::scope(|scope| {
                    let (table, ahead) = (&table, round % 2 == 0);
                    let run = |who: &Client, step: &'static str| who.insist(|who| table.step(x, who, step));
                    let (left, right) = if ahead { ((one, first), (other, then)) } else { ((other, then), (one, first)) };
                    let (left, right) = (scope.spawn(move || run(left.0, left.1)), scope.spawn(move || run(right.0, right.1)));
                    let (left, right) = (left.join().expect("an answer"), right.join().expect("an answer"));
                    if ahead { (left, right) } else { (right, left) }
                });
                let good = |answer: &Answer| answer.status < 300;
                assert!(good(&a) != good(&b), "{first} {} {then} {}", a.text, b.text);
                let (winner, loser) = if good(&a) { (first, &b) } else { (then, &a) };
                assert!([409, 412].contains(&loser.status), "{}", loser.text);
                let expected = match winner {
                    "acceptance" => ("agreed", vec!["accepted"]),
                    "withdrawal" => ("open", vec!["withdrawn"]),
                    "rejection" => ("open", vec!["rejected"]),
                    _ => ("open", vec!["countered", "proposed"]),
                };
                let (status, offers) = statuses(&talk);
                assert_eq!((status.as_str(), offers.iter().map(String::as_str).collect::<Vec<_>>()), expected);
                assert_eq!(talk.kinds(&talk.owner).len(), if winner == "counter-offer" { 4 } else { 3 });
                *won.entry((first, then, winner)).or_insert(0) += 1;
            }
        }
        println!("200 races: {won:?}");
        for _ in 0..20 {
            let talk = another(&talk);
            let make = |who: &Client| who.insist(|who| who.post(&format!("{}/offers", talk.path), &offer(x))).status;
            let mut both = std::thread::scope(|scope| {
                let sides = [&talk.owner.client, &talk.buyer.client].map(|who| scope.spawn(move || make(who)));
                sides.map(|side| side.join().expect("an answer"))
            });
            both.sort_unstable();
            assert_eq!((both, statuses(&talk).1), ([201, 409], vec!["proposed".to_owned()]));
        }
    }
}
