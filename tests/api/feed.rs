//! The feed: somebody who keeps a copy of the public lists and asks what changed ends with what is public.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use techex::catalogue::Follower;
use techex::events::{Consumer, Delivery};
use techex::kernel::clock::{At, Clock, ManualClock};
use techex::kernel::id::{DeliveryId, EventId, ObjectId};

use crate::harness::{Client, Exchange, Member, listing, order};
use crate::on_both;

const BEGINNING: &str = "1970-01-01T00:00:00Z";

/// Another exchange that copies a public list.
struct Mirror {
    client: Client,
    list: &'static str,
    limit: usize,
    since: String,
    copy: BTreeMap<String, Value>,
    /// How many entries it was told of in all.
    told: usize,
}

impl Mirror {
    fn new(x: &Exchange, list: &'static str, limit: usize) -> Self {
        Self { client: x.visitor(), list, limit, since: BEGINNING.into(), copy: BTreeMap::new(), told: 0 }
    }

    /// Asks for one page and remembers how far it is.
    fn poll(&mut self) -> Option<String> {
        let path = format!("{}?updated_since={}&limit={}", self.list, self.since, self.limit);
        self.page(&path)
    }

    /// Asks until there is nothing more.
    fn catch_up(&mut self) {
        let mut next = self.poll();
        let since = self.since.clone();
        while let Some(cursor) = next {
            next = self.page(&format!("{}?updated_since={since}&limit={}&cursor={cursor}", self.list, self.limit));
        }
    }

    fn page(&mut self, path: &str) -> Option<String> {
        let page = self.client.get(path).expect(200);
        assert!(page.header("last-modified").is_some());
        let page = page.json();
        for item in page["items"].as_array().expect("items") {
            self.copy.insert(item["id"].as_str().expect("an id").to_owned(), item.clone());
            self.told += 1;
        }
        for gone in page["gone"].as_array().expect("tombstones") {
            self.copy.remove(gone["id"].as_str().expect("an id"));
            self.told += 1;
        }
        let until = page["synced_until"].as_str().expect("a time").to_owned();
        let time = |text: &str| text.parse::<At>().expect("a time");
        if time(&until) > time(&self.since) {
            self.since = until;
        }
        page["next_cursor"].as_str().map(str::to_owned)
    }
}

/// What everybody sees in a list, page by page.
fn public(x: &Exchange, list: &str) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    let mut path = Some(format!("{list}?limit=100"));
    while let Some(next) = path {
        let page = x.visitor().get(&next).expect(200).json();
        for item in page["items"].as_array().expect("items") {
            all.insert(item["id"].as_str().expect("an id").to_owned(), item.clone());
        }
        path = page["next_cursor"].as_str().map(|cursor| format!("{list}?limit=100&cursor={cursor}"));
    }
    all
}

fn withdraw(owner: &Client, path: &str) {
    let etag = owner.get(path).expect(200).etag();
    owner.post_at(&format!("{path}/withdrawal"), &etag, &json!({})).expect(200);
}

fn suspend(officer: &Client, path: &str) {
    let etag = officer.get(path).expect(200).etag();
    let reason = json!({"code": "rights_dispute", "text": "Một bên khác cho rằng mình là chủ sở hữu."});
    officer.post_at(&format!("{path}/suspension"), &etag, &reason).expect(200);
}

fn republish(owner: &Client, x: &Exchange, path: &str) {
    let etag = owner.get(path).expect(200).etag();
    let etag = owner.patch(path, &etag, &json!({"title": "Tên đã đổi"})).expect(200).etag();
    let etag = owner.post_at(&format!("{path}/submission"), &etag, &json!({})).expect(200).etag();
    x.officer().post_at(&format!("{path}/publication"), &etag, &json!({})).expect(200);
}

fn organization(owner: &Member, x: &Exchange, what: &str) {
    let path = format!("/v1/organizations/{}", owner.organization_id);
    let by = match what {
        "rename" => &owner.client,
        _ => &x.officer(),
    };
    let etag = by.get(&path).expect(200).etag();
    let answer = match what {
        "rename" => by.patch(&path, &etag, &json!({"province": "79"})),
        "deactivation" => by.post_at(&format!("{path}/{what}"), &etag, &json!({"reason": "Vì lý do."})),
        _ => by.with("if-match", &etag).send("POST", &format!("{path}/{what}"), None, b""),
    };
    answer.expect(200);
}

/// The news that something happened to a listing.
fn delivery(listing: &str) -> Delivery {
    Delivery {
        id: DeliveryId(uuid::Uuid::nil()),
        event_id: EventId(uuid::Uuid::nil()),
        event: "listing.published".into(),
        object_id: ObjectId(listing.parse().expect("an id")),
        attempts: 0,
    }
}

fn the_same(x: &Exchange, mirror: &mut Mirror) {
    let list = mirror.list;
    x.eventually("the copy is what is public", || {
        mirror.catch_up();
        mirror.copy == public(x, list)
    });
}

on_both! {
    fn a_mirror_follows_what_happens(x) {
        let owner = x.researcher();
        let mut mirror = Mirror::new(x, "/v1/listings", 2);
        let paths: Vec<_> = (0..5).map(|n| owner.publish_listing(x, &listing(&format!("Công nghệ {n}")))).collect();
        the_same(x, &mut mirror);
        assert_eq!(mirror.copy.len(), 5);
        withdraw(&owner, &paths[1]);
        withdraw(&owner, &paths[3]);
        the_same(x, &mut mirror);
        assert_eq!(mirror.copy.len(), 3);
        republish(&owner, x, &paths[1]);
        the_same(x, &mut mirror);
        assert!(mirror.copy.values().any(|item| item["title"] == "Tên đã đổi"));
        organization(&owner, x, "rename");
        the_same(x, &mut mirror);
        assert!(mirror.copy.values().all(|item| item["organization"]["province"] == "79"));
        organization(&owner, x, "deactivation");
        the_same(x, &mut mirror);
        assert_eq!(mirror.copy.len(), 0);
        organization(&owner, x, "reactivation");
        the_same(x, &mut mirror);
        assert_eq!(mirror.copy.len(), 4);
        let told = mirror.told;
        mirror.catch_up();
        assert_eq!(mirror.told, told, "who is up to date is told nothing");
        let mut late = Mirror::new(x, "/v1/listings", 100);
        late.catch_up();
        assert_eq!(late.copy, mirror.copy);
    }

    fn a_mirror_of_orders_follows_too(x) {
        let owner = x.enterprise();
        let mut mirror = Mirror::new(x, "/v1/orders", 1);
        let paths: Vec<_> = (0..3).map(|n| owner.publish_order(x, &order(&format!("Nhu cầu {n}")))).collect();
        withdraw(&owner, &paths[0]);
        the_same(x, &mut mirror);
        assert_eq!(mirror.copy.len(), 2);
    }

    fn mirrors_that_poll_among_many_writers_end_the_same(x) {
        let owners: Vec<_> = (0..3).map(|_| x.researcher()).collect();
        let done = AtomicUsize::new(0);
        let mut mirrors = [Mirror::new(x, "/v1/listings", 1), Mirror::new(x, "/v1/listings", 3)];
        std::thread::scope(|scope| {
            for owner in &owners {
                let done = &done;
                scope.spawn(move || {
                    for round in 0..4 {
                        let kept = owner.publish_listing(x, &listing(&format!("Giữ {round}")));
                        let dropped = owner.publish_listing(x, &listing(&format!("Bỏ {round}")));
                        withdraw(owner, &dropped);
                        if round % 2 == 0 {
                            withdraw(owner, &kept);
                            republish(owner, x, &kept);
                        }
                    }
                    done.fetch_add(1, Ordering::SeqCst);
                });
            }
            // The followers of two other servers on the same database, which look at everything again and again.
            for _ in 0..2 {
                let (done, writers) = (&done, owners.len());
                scope.spawn(move || {
                    let clock = Arc::clone(&x.clock) as Arc<dyn Clock>;
                    let other = Follower::new(Arc::clone(&x.system.app.database), clock);
                    while done.load(Ordering::SeqCst) < writers {
                        let everything: Vec<_> = public(x, "/v1/listings").keys().map(|id| delivery(id)).collect();
                        assert!(other.handle(&everything).is_empty());
                    }
                });
            }
            while done.load(Ordering::SeqCst) < owners.len() {
                mirrors.iter_mut().for_each(|mirror| { mirror.poll(); });
            }
        });
        for mirror in &mut mirrors {
            the_same(x, mirror);
            assert_eq!(mirror.copy.len(), 12);
        }
    }

    fn tombstones_say_why(x) {
        let owner = x.researcher();
        let [one, other, third] = ["Một", "Hai", "Thứ ba"].map(|title| owner.publish_listing(x, &listing(title)));
        let feed = format!("/v1/listings?updated_since={BEGINNING}");
        let gone = || x.visitor().get(&feed).expect(200).json()["gone"].as_array().cloned().unwrap_or_default();
        x.eventually("all are in the feed", || public(x, "/v1/listings").len() == 3 && x.visitor().get(&feed).titles().len() == 3);
        withdraw(&owner, &one);
        x.eventually("one is gone", || gone().len() == 1);
        suspend(&x.officer(), &third);
        x.eventually("two are gone", || gone().len() == 2);
        organization(&owner, x, "deactivation");
        x.eventually("all are gone", || gone().len() == 3);
        let reasons: BTreeMap<_, _> = gone().iter().map(|t| (format!("/v1/listings/{}", t["id"].as_str().unwrap_or_default()), t["reason"].clone())).collect();
        assert_eq!(reasons, BTreeMap::from([(one, json!("withdrawn")), (third, json!("suspended")), (other, json!("organization_deactivated"))]));
    }

    fn drafts_are_never_in_it(x) {
        let owner = x.researcher();
        let (path, etag) = owner.draft_listing("Bản nháp");
        owner.patch(&path, &etag, &json!({"title": "Bản nháp khác"})).expect(200);
        let etag = owner.get(&path).expect(200).etag();
        owner.post_at(&format!("{path}/submission"), &etag, &json!({})).expect(200);
        withdraw(&owner, &path);
        x.eventually("the outbox is empty", || crate::rows::count(x.database_url(), "outbox") == 0);
        let feed = x.visitor().get(&format!("/v1/listings?updated_since={BEGINNING}")).expect(200).json();
        assert_eq!((&feed["items"], &feed["gone"]), (&json!([]), &json!([])));
        assert_eq!(crate::rows::count(x.database_url(), "public_changes"), 0);
    }

    fn who_was_away_too_long_begins_anew(x) {
        let owner = x.researcher();
        let path = owner.publish_listing(x, &listing("Một"));
        let mut mirror = Mirror::new(x, "/v1/listings", 10);
        the_same(x, &mut mirror);
        withdraw(&owner, &path);
        x.eventually("it is gone", || crate::rows::count(x.database_url(), "public_changes WHERE gone IS NOT NULL") == 1);
        x.clock.advance(401 * 86_400);
        x.run_jobs();
        assert_eq!(crate::rows::count(x.database_url(), "public_changes"), 0);
        let path = format!("/v1/listings?updated_since={}", mirror.since);
        x.visitor().get(&path).expect(410).problem("changes_forgotten");
        assert_eq!(x.visitor().get(&format!("/v1/listings?updated_since={BEGINNING}")).expect(200).json()["gone"], json!([]));
        x.visitor().get(&format!("/v1/listings?updated_since={}", x.now())).expect(200);
    }

    fn it_takes_no_filters(x) {
        for (query, field, code) in [
            (format!("updated_since={BEGINNING}&trl_min=3"), "/trl_min", "not_allowed_here"),
            (format!("updated_since={BEGINNING}&sort=price"), "/sort", "not_allowed_here"),
            ("updated_since=yesterday".to_owned(), "/updated_since", "invalid_format"),
        ] {
            x.visitor().get(&format!("/v1/listings?{query}")).expect(422).field(field, code);
        }
        let foreign = x.visitor().get("/v1/listings").expect(200).json();
        assert!(foreign.get("gone").is_none() && foreign.get("synced_until").is_none());
    }

    fn a_server_whose_clock_is_behind_notes_no_earlier_time(x) {
        let owner = x.researcher();
        let path = owner.publish_listing(x, &listing("Một"));
        let mut mirror = Mirror::new(x, "/v1/listings", 10);
        the_same(x, &mut mirror);
        x.eventually("the outbox is empty", || crate::rows::count(x.database_url(), "outbox") == 0);
        let behind = Arc::new(ManualClock::new("2026-11-01T00:00:00Z".parse().expect("a time")));
        let other = Follower::new(Arc::clone(&x.system.app.database), behind);
        let again = delivery(path.rsplit('/').next().unwrap_or_default());
        for _ in 0..3 {
            let (since, told) = (mirror.since.clone(), mirror.told);
            assert!(other.handle(std::slice::from_ref(&again)).is_empty());
            mirror.catch_up();
            assert_eq!(mirror.told, told + 1);
            assert!(mirror.since > since, "{} is not after {since}", mirror.since);
        }
    }
}
