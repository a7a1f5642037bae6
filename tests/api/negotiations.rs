//! Negotiations: who is in the room, what is written there, and that nobody rewrites it.

use serde_json::{Value, json};

use crate::approaches::{interested, proposed};
use crate::catalogue::{colleague, pages, with};
use crate::harness::{Client, Exchange, Member, file, listing, order, person, stepped_up_officer, techex};
use crate::{on_both, rows};

/// Two organisations that negotiate about a listing: who gives, who takes, and the negotiation's path.
pub struct Talk {
    pub owner: Member,
    pub buyer: Member,
    pub listing: String,
    pub path: String,
}

impl Talk {
    pub fn begin(x: &Exchange) -> Self {
        let (owner, buyer) = (x.researcher(), x.enterprise());
        let listing = owner.publish_listing(x, &listing("Máy sấy thăng hoa"));
        let mut held = interested(&buyer, &listing);
        let accepted = held.step(&owner, "acceptance").expect(200);
        let path = format!("/v1/negotiations/{}", accepted.text_at("/negotiation_id"));
        Self { owner, buyer, listing, path }
    }

    pub fn say(&self, who: &Client, text: &str) -> Value {
        who.insist(|who| who.post(&format!("{}/messages", self.path), &json!({"text": text}))).expect(201).json()
    }

    /// What happened, in its order.
    pub fn timeline(&self, who: &Client) -> Vec<Value> {
        let mut events = pages(who, &format!("{}/events?limit=7", self.path)).concat();
        events.reverse();
        events
    }

    pub fn kinds(&self, who: &Client) -> Vec<String> {
        self.timeline(who).iter().map(|event| event["kind"].as_str().expect("a kind").to_owned()).collect()
    }

    pub fn export(&self, who: &Client) -> String {
        who.get(&format!("{}/export", self.path)).expect(200).text
    }
}

fn unread(who: &Client, path: &str) -> Value {
    who.get(path).expect(200).json()["unread"].clone()
}

on_both! {
    fn an_acceptance_opens_a_room(x) {
        let talk = Talk::begin(x);
        let room = talk.buyer.get(&talk.path).expect(200);
        assert_eq!((room.text_at("/transferor/id"), room.text_at("/transferee/id")),
            (talk.owner.organization_id.clone(), talk.buyer.organization_id.clone()));
        assert_eq!((room.text_at("/title"), room.text_at("/status")), ("Máy sấy thăng hoa".into(), "open".into()));
        assert!(talk.listing.ends_with(&room.text_at("/listing_id")));
        let first = room.json()["events"][0].clone();
        assert_eq!((&first["seq"], &first["kind"]), (&json!(1), &json!("opened")));
        assert_eq!((&first["author"]["id"], &room.json()["last_hash"]), (&json!(talk.owner.user_id), &first["hash"]));
        let said = talk.say(&talk.buyer, "Xin hỏi giá.");
        let posted = talk.say(&colleague(x, &talk.owner, "editor"), "250 triệu đồng.");
        assert_eq!((&posted["previous_hash"], &posted["data"]["text"]), (&said["hash"], &json!("250 triệu đồng.")));
        let shown = talk.owner.get(&format!("{}/events/2", talk.path)).expect(200);
        assert_eq!(shown.json(), said);
        assert_eq!(talk.kinds(&talk.owner), ["opened", "message_posted", "message_posted"]);
        talk.owner.get(&format!("{}/events/4", talk.path)).expect(404).problem("not_found");
        talk.owner.get(&format!("{}/events/0", talk.path)).expect(404).problem("not_found");
        let viewer = colleague(x, &talk.buyer, "viewer");
        viewer.post(&format!("{}/messages", talk.path), &json!({"text": "Chào."})).expect(403).problem("role_too_low");
        viewer.get(&talk.path).expect(200);
        let messages = format!("{}/messages", talk.path);
        talk.buyer.post(&messages, &json!({"text": " "})).expect(422).field("/text", "required");
        // What is said stands in the timeline alone.
        for (table, column) in [("audit_log", "changes"), ("outbox", "event")] {
            let texts = rows::select(x.database_url(), &format!("{{text:{column}}}"), table);
            assert!(texts.iter().all(|text| !text.contains("Xin hỏi giá")), "{table}");
        }
    }

    fn a_proposal_makes_the_sender_the_transferor(x) {
        let (firm, maker) = (x.enterprise(), x.researcher());
        let order = firm.publish_order(x, &with(order("Cần máy sấy"), json!({"anonymous": true})));
        let mut held = proposed(&maker, &order);
        let accepted = held.step(&firm, "acceptance").expect(200);
        let room = maker.get(&format!("/v1/negotiations/{}", accepted.text_at("/negotiation_id"))).expect(200);
        assert_eq!(room.text_at("/transferor/id"), maker.organization_id);
        assert_eq!(room.text_at("/transferee/id"), firm.organization_id);
        assert!(order.ends_with(&room.text_at("/order_id")) && room.json().get("listing_id").is_none());
        assert_eq!(maker.get(&held.path).expect(200).json()["negotiation_id"], room.json()["id"]);
    }

    fn each_person_has_read_so_far(x) {
        let talk = Talk::begin(x);
        assert_eq!((unread(&talk.owner, &talk.path), unread(&talk.buyer, &talk.path)), (json!(0), json!(1)));
        talk.say(&talk.owner, "Chào.");
        talk.say(&talk.owner, "Chúng tôi có ba máy.");
        assert_eq!((unread(&talk.owner, &talk.path), unread(&talk.buyer, &talk.path)), (json!(0), json!(3)));
        let mark = format!("{}/read-mark", talk.path);
        talk.buyer.post(&mark, &json!({"seq": 2})).expect(204);
        let list = format!("/v1/organizations/{}/negotiations", talk.buyer.organization_id);
        assert_eq!(talk.buyer.get(&list).expect(200).json()["items"][0]["unread"], 1);
        talk.buyer.post(&mark, &json!({"seq": 99})).expect(204);
        assert_eq!(unread(&talk.buyer, &talk.path), json!(0));
        talk.say(&talk.buyer, "Cảm ơn.");
        assert_eq!((unread(&talk.owner, &talk.path), unread(&talk.buyer, &talk.path)), (json!(1), json!(0)));
        // What one does oneself is not news, and does not make news of others read.
        talk.say(&talk.owner, "Chúng tôi gửi kèm báo giá.");
        talk.say(&talk.buyer, "Chúng tôi sẽ xem.");
        assert_eq!((unread(&talk.owner, &talk.path), unread(&talk.buyer, &talk.path)), (json!(2), json!(1)));
        talk.buyer.post(&mark, &json!({"seq": 4})).expect(204);
        talk.buyer.post(&mark, &json!({"seq": -1})).expect(422);
        let held = talk.buyer.get("/v1/me/export").expect(200).json()["data"]["negotiations"].clone();
        assert_eq!(held[0]["read_until"], 4);
    }

    fn either_side_ends_it(x) {
        let talk = Talk::begin(x);
        let etag = talk.buyer.get(&talk.path).expect(200).etag();
        let ending = format!("{}/ending", talk.path);
        let reason = json!({"reason": "Không thống nhất được giá."});
        talk.buyer.post_at(&ending, &etag, &json!({"reason": "x"})).expect(422).field("/reason", "too_short");
        let ended = talk.buyer.post_at(&ending, &etag, &reason).expect(200);
        assert_eq!(ended.json()["status"], "ended");
        talk.owner.post_at(&ending, &etag, &reason).expect(412).problem("stale_version");
        let refusal = talk.owner.in_english().post_at(&ending, &ended.etag(), &reason).expect(409);
        assert!(refusal.problem("negotiation_wrong_state").text_at("/detail").contains("open"));
        let message = json!({"text": "Khoan đã."});
        talk.owner.post(&format!("{}/messages", talk.path), &message).expect(409).problem("negotiation_wrong_state");
        let last = talk.timeline(&talk.owner).pop().expect("an event");
        assert_eq!((&last["kind"], &last["data"]["reason"]), (&json!("ended"), &json!("Không thống nhất được giá.")));
        for side in [&talk.owner, &talk.buyer] {
            x.eventually("both are told", || x.mails_to(&side.email).iter().any(|mail| mail.contains("chấm dứt")));
        }
        let list = |status: &str| {
            let path = format!("/v1/organizations/{}/negotiations?status={status}", talk.owner.organization_id);
            talk.owner.get(&path).expect(200).json()["items"].as_array().map(Vec::len)
        };
        assert_eq!((list("ended"), list("open")), (Some(1), Some(0)));
    }

    fn an_officer_reads_for_a_reason_that_both_sides_see(x) {
        let talk = Talk::begin(x);
        let officer = x.officer();
        let before = talk.timeline(&talk.owner).len();
        for path in [talk.path.clone(), format!("{}/events", talk.path), format!("{}/events/1", talk.path), format!("{}/export", talk.path)] {
            officer.get(&path).expect(422).field("/reason", "required");
            officer.get(&format!("{path}?reason=vi")).expect(422).field("/reason", "too_short");
        }
        assert_eq!(talk.timeline(&talk.owner).len(), before);
        let room = officer.get(&format!("{}?reason=Kiem%20tra%20khieu%20nai%2012", talk.path)).expect(200);
        assert_eq!(room.json()["events"][1]["kind"], "read_by_officer", "the reading is part of what is read");
        for side in [&talk.owner, &talk.buyer] {
            let last = talk.timeline(side).pop().expect("an event");
            assert_eq!((&last["kind"], &last["data"]["reason"]), (&json!("read_by_officer"), &json!("Kiem tra khieu nai 12")));
            assert_eq!(last["author"]["full_name"], "Cán bộ");
        }
        let message = json!({"text": "Chào."});
        officer.post(&format!("{}/messages", talk.path), &message).expect(404).problem("not_found");
        officer.post(&format!("{}/read-mark", talk.path), &json!({"seq": 1})).expect(404).problem("not_found");
    }

    fn outsiders_see_nothing(x) {
        let talk = Talk::begin(x);
        let (third, broker) = (x.enterprise(), Member::of_verified(x, "intermediary"));
        let authority = x.officer().get("/v1/me").expect(200).text_at("/organizations/0/id");
        let reader = crate::harness::member_of(x, &authority, "viewer").0;
        let outsiders = [
            person(x).0, third.client.clone(), colleague(x, &third, "editor"), colleague(x, &third, "viewer"),
            broker.client.clone(), reader,
        ];
        let before = talk.timeline(&talk.owner).len();
        let reason = "?reason=Toi%20muon%20xem";
        for who in outsiders.iter().chain([&x.visitor()]) {
            let hidden = if who.token.is_some() { 404 } else { 401 };
            for path in ["", "/events", "/events/1", "/export"] {
                who.get(&format!("{}{path}", talk.path)).expect(hidden);
                who.get(&format!("{}{path}{reason}", talk.path)).expect(hidden);
            }
            who.post(&format!("{}/messages", talk.path), &json!({"text": "Chào."})).expect(hidden);
            who.post(&format!("{}/read-mark", talk.path), &json!({"seq": 1})).expect(hidden);
            who.post_at(&format!("{}/ending", talk.path), "\"1-0\"", &json!({"reason": "Vì lý do."})).expect(hidden);
            for side in [&talk.owner, &talk.buyer] {
                who.get(&format!("/v1/organizations/{}/negotiations", side.organization_id)).expect(hidden);
            }
        }
        let officer = stepped_up_officer(x);
        officer.get(&format!("/v1/organizations/{}/negotiations", talk.owner.organization_id)).expect(404);
        assert_eq!(talk.timeline(&talk.owner).len(), before);
        // Who leaves one of the organisations leaves the room.
        let clerk = colleague(x, &talk.buyer, "editor");
        clerk.get(&talk.path).expect(200);
        let clerk_id = clerk.get("/v1/me").expect(200).id();
        talk.buyer.delete(&format!("/v1/organizations/{}/members/{clerk_id}", talk.buyer.organization_id)).expect(204);
        clerk.get(&talk.path).expect(404).problem("not_found");
    }

    fn what_is_written_cannot_be_rewritten(x) {
        let talk = Talk::begin(x);
        for n in 1..=4 {
            talk.say(&talk.buyer, &format!("Câu hỏi thứ {n}: «giá» €20?"));
        }
        let good = file(x, "good.json", talk.export(&talk.owner));
        techex(x, &["verify", &good]).says("5 events, all as written down");
        let url = x.database_url();
        for sql in ["UPDATE negotiation_events SET data = '{}'", "DELETE FROM negotiation_events"] {
            assert!(rows::execute(url, sql).unwrap_err().contains("append-only"), "{sql}");
        }
        let drop = match url.starts_with("sqlite:") {
            true => "DROP TRIGGER negotiation_events_no_update; DROP TRIGGER negotiation_events_no_delete",
            false => "DROP TRIGGER negotiation_events_no_change ON negotiation_events",
        };
        rows::execute(url, drop).unwrap();
        let table = "negotiation_events";
        let kept = rows::select(url, "{text:data}", &format!("{table} WHERE seq = 3")).remove(0);
        for (change, back) in [
            (format!("data = '{}'", kept.replace("thứ 2", "thứ 9")), format!("data = '{kept}'")),
            (format!("data = '{} '", kept), format!("data = '{kept}'")),
            ("data = 'no JSON'".into(), format!("data = '{kept}'")),
            ("kind = 'ended'".into(), "kind = 'message_posted'".into()),
            ("organization_id = NULL".into(), format!("organization_id = (SELECT organization_id FROM {table} WHERE seq = 2)")),
        ] {
            rows::execute(url, &format!("UPDATE {table} SET {change} WHERE seq = 3")).unwrap();
            let bad = file(x, "bad.json", talk.export(&talk.owner));
            techex(x, &["verify", &bad]).fails_saying("event 3 (");
            rows::execute(url, &format!("UPDATE {table} SET {back} WHERE seq = 3")).unwrap();
        }
        techex(x, &["verify", &file(x, "again.json", talk.export(&talk.owner))]).says("5 events");
        rows::execute(url, &format!("DELETE FROM {table} WHERE seq = 5")).unwrap();
        techex(x, &["verify", &file(x, "cut.json", talk.export(&talk.owner))]).fails_saying("event 5: it is missing");
        rows::execute(url, &format!("DELETE FROM {table} WHERE seq = 2")).unwrap();
        techex(x, &["verify", &file(x, "gap.json", talk.export(&talk.owner))]).fails_saying("event 3 (");
        techex(x, &["verify", &file(x, "none.json", "{}")]).fails_saying("no export");
    }

    fn many_write_at_once_and_the_chain_holds(x) {
        let talk = Talk::begin(x);
        std::thread::scope(|scope| {
            for side in [&talk.owner, &talk.buyer] {
                for _ in 0..2 {
                    scope.spawn(|| (0..10).for_each(|n| drop(talk.say(side, &format!("Câu {n}")))));
                }
            }
        });
        techex(x, &["verify", &file(x, "export.json", talk.export(&talk.buyer))]).says("41 events");
        let seqs: Vec<_> = talk.timeline(&talk.owner).iter().map(|event| event["seq"].clone()).collect();
        assert_eq!(seqs, (1..=41).map(|n| json!(n)).collect::<Vec<_>>());
    }
}
