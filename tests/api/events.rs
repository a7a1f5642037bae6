//! What happened is written down once, stays written, and reaches those who want to know.

use serde_json::json;
use std::sync::{Arc, Mutex};
use techex::catalogue::{Incoming, Listing, Origin as From, Status, import};
use techex::db::{Failure, Isolation};
use techex::events::{Change, Consumer, Delivery, Failed, Origin, Tx, Workers, Writing};
use techex::kernel::clock::Clock;
use techex::kernel::id::RandomIds;
use techex::kernel::validate::FieldErrors;

use crate::catalogue::KINDS;
use crate::harness::{Client, Exchange, listing, tax_code};
use crate::{on_both, rows};

const AUDIT: &str = "{text:event} || '|' || {id:object_id} || '|' || {text:object_version} || '|' || {id:actor_id} || '|' \
                     || {text:request_id} || '|' || {id:organization_id}";

pub fn origin() -> Origin {
    Origin { actor: None, request_id: "test".into(), address: String::new() }
}

/// Rows of everything a write may leave behind.
fn traces(x: &Exchange) -> Vec<usize> {
    [
        "listings",
        "orders",
        "organizations",
        "memberships",
        "labels",
        "reviews",
        "audit_log",
        "outbox",
        "idempotency_keys",
    ]
    .map(|table| rows::count(x.database_url(), table))
    .to_vec()
}

on_both! {
    fn every_write_leaves_one_audit_entry(x) {
        let (member, officer) = (x.researcher(), x.officer());
        let officer_id = rows::select(x.database_url(), "{id:id}", "users WHERE email = 'officer@example.com'").remove(0);
        for kind in KINDS {
            let mut piece = kind.complete(&member, "Máy sấy");
            let seen = rows::count(x.database_url(), "audit_log");
            let steps = [
                ("change", "changed"), ("submission", "submitted"), ("change-request", "changes_requested"),
                ("submission", "submitted"), ("publication", "published"), ("withdrawal", "withdrawn"),
                ("submission", "submitted"), ("rejection", "rejected"),
            ];
            for (n, (step, verb)) in steps.into_iter().enumerate() {
                let by_officer = ["change-request", "publication", "rejection"].contains(&step);
                let (who, actor): (&Client, String) =
                    if by_officer { (&officer, officer_id.clone()) } else { (&member, rows::hex(&member.user_id)) };
                let answer = piece.step(who, step).expect(200);
                piece.etag = answer.etag();
                let entries = rows::select(x.database_url(), AUDIT, "audit_log ORDER BY id");
                assert_eq!(entries.len(), seen + n + 1, "{step}");
                let expected = format!("{}.{verb}|{}|{}|{actor}|{}|{}", kind.name, rows::hex(piece.id()), n + 2,
                    answer.header("x-request-id").unwrap_or_default(), rows::hex(&member.organization_id));
                assert_eq!(entries.last(), Some(&expected), "{step}");
            }
        }
    }

    fn a_draft_is_audited_with_its_actor(x) {
        let member = x.researcher();
        let answer = member.post(&member.listings(), &listing("Máy sấy")).expect(201);
        let expected = format!("listing.created|{}|1|{}|{}|{}", rows::hex(&answer.id()), rows::hex(&member.user_id),
            answer.header("x-request-id").unwrap_or_default(), rows::hex(&member.organization_id));
        assert_eq!(rows::select(x.database_url(), AUDIT, "audit_log WHERE event = 'listing.created'"), [expected]);
        let changes = rows::select(x.database_url(), "{text:changes}", "audit_log WHERE event = 'listing.created'");
        let changes: serde_json::Value = serde_json::from_str(&changes[0]).expect("JSON");
        assert_eq!(changes["title"], json!([null, "Máy sấy"]));
    }

    fn an_audit_entry_names_what_changed(x) {
        let member = x.researcher();
        let (path, etag) = member.draft_listing("Máy sấy");
        member.patch(&path, &etag, &json!({"title": "Máy sấy lạnh", "trl": 8})).expect(200);
        let changes = rows::select(x.database_url(), "{text:changes}", "audit_log WHERE event = 'listing.changed'");
        let changes: serde_json::Value = serde_json::from_str(&changes[0]).expect("JSON");
        assert_eq!(changes, json!({"title": ["Máy sấy", "Máy sấy lạnh"], "trl": [7, 8]}));
    }

    fn reading_and_failing_leave_no_trace(x) {
        let (member, officer) = (x.researcher(), x.officer());
        let (path, etag) = member.draft_listing("Máy sấy");
        let settled = || rows::count(x.database_url(), "outbox") == 0;
        x.eventually("the outbox is empty", settled);
        let before = traces(x);
        let keyed = member.with("idempotency-key", "se-that-bai");
        member.get(&path).expect(200);
        keyed.post(&member.listings(), &json!({"language": "vi"})).expect(422);
        keyed.post(&member.listings(), &json!({"language": "vi", "title": "Máy sấy", "research_field": "x"})).expect(422);
        member.patch(&path, "\"9-00000000\"", &json!({"title": "Khác"})).expect(412);
        officer.post_at(&format!("{path}/publication"), &etag, &json!({})).expect(404);
        // Refused by the database itself, after rows were written: the tax code is another one's.
        let taken = rows::select(x.database_url(), "tax_code", "organizations WHERE tax_code IS NOT NULL").remove(0);
        let body = json!({"kind": "enterprise", "name": "Công ty hai", "tax_code": taken});
        keyed.post("/v1/organizations", &body).expect(422).field("/tax_code", "tax_code_taken");
        assert_eq!(traces(x), before);
        keyed.post("/v1/organizations", &json!({"kind": "enterprise", "name": "Công ty hai", "tax_code": tax_code()})).expect(201);
    }

    fn a_transaction_that_fails_in_the_end_leaves_no_trace(x) {
        let member = x.researcher();
        x.eventually("the outbox is empty", || rows::count(x.database_url(), "outbox") == 0);
        let before = traces(x);
        let (app, now, organization) =
            (Arc::clone(&x.system.app), x.now(), member.organization_id.parse().expect("an id"));
        let outcome: Result<(), Failure> = x.system.app.database.write(Isolation::Serializable, move |conn| {
            let origin = origin();
            let mut tx = Tx::new(conn, now, &app.writing, &origin);
            import::<Listing>(&mut tx, &incoming(organization, now))?;
            assert!(tx.queued(), "it was to be indexed");
            Err(techex::kernel::code::Code::InternalError.into())
        });
        assert!(outcome.is_err());
        assert_eq!(traces(x), before);
    }

    fn the_audit_log_is_append_only(x) {
        let member = x.researcher();
        member.draft_listing("Máy sấy");
        let before = rows::select(x.database_url(), AUDIT, "audit_log ORDER BY id");
        for sql in ["UPDATE audit_log SET event = 'x'", "DELETE FROM audit_log", "DELETE FROM audit_log WHERE event = 'listing.created'"] {
            let refusal = rows::execute(x.database_url(), sql).expect_err(sql);
            assert!(refusal.contains("append-only"), "{sql}: {refusal}");
        }
        if !x.database_url().starts_with("sqlite:") {
            let refusal = rows::execute(x.database_url(), "TRUNCATE audit_log").expect_err("TRUNCATE");
            assert!(refusal.contains("append-only"), "{refusal}");
        }
        assert_eq!(rows::select(x.database_url(), AUDIT, "audit_log ORDER BY id"), before);
    }

    fn what_fails_is_retried_with_growing_waits_and_given_up(x) {
        let consumer = Arc::new(Scripted::default());
        let workers = Listening::start(x, &consumer);
        let hopeless = workers.tell();
        consumer.fail(usize::MAX, "the disk is full");
        for failure in 1..=32 {
            workers.workers.wake();
            x.eventually("the delivery failed once more", || workers.row(&hopeless).starts_with(&format!("{failure}|")));
            let wait = 1_i64.checked_shl(failure).unwrap_or(i64::MAX).min(3600);
            let (due, dead) = workers.due_and_dead(&hopeless);
            if failure == 32 {
                assert!(!dead.is_empty(), "given up and kept for the operator");
                break;
            }
            assert!(dead.is_empty(), "failure {failure}");
            let expected = x.now().plus_seconds(wait).to_string();
            assert_eq!(due, expected, "the wait after failure {failure}");
            // One second too early nothing is due; another event shows that the worker has looked.
            x.clock.advance(wait - 1);
            consumer.expect_only_news();
            let news = workers.tell();
            workers.workers.wake();
            x.eventually("the news arrives", || workers.is_done(&news));
            consumer.fail(usize::MAX, "the disk is full");
            x.clock.advance(1);
        }
        assert!(workers.row(&hopeless).ends_with("|the disk is full"));
        x.clock.advance(7 * 86_400);
        consumer.expect_only_news();
        let news = workers.tell();
        workers.workers.wake();
        x.eventually("the news arrives", || workers.is_done(&news));
        assert_eq!(consumer.deliveries(&hopeless), 32);
    }

    fn a_delivery_that_succeeds_after_failures_is_done(x) {
        let consumer = Arc::new(Scripted::default());
        let workers = Listening::start(x, &consumer);
        consumer.fail(2, "busy");
        let event = workers.tell();
        workers.workers.wake();
        x.eventually("it failed once", || workers.row(&event).starts_with("1|"));
        x.clock.advance(2);
        workers.workers.wake();
        x.eventually("it failed twice", || workers.row(&event).starts_with("2|"));
        x.clock.advance(4);
        workers.workers.wake();
        x.eventually("it is done", || workers.is_done(&event));
        assert_eq!(consumer.deliveries(&event), 3);
    }

    fn a_consumer_that_panics_is_tried_again(x) {
        let consumer = Arc::new(Scripted::default());
        let workers = Listening::start(x, &consumer);
        consumer.fail(1, "panic");
        let event = workers.tell();
        workers.workers.wake();
        x.eventually("it failed", || workers.row(&event) == "1|the consumer panicked");
        x.clock.advance(2);
        workers.workers.wake();
        x.eventually("it is done", || workers.is_done(&event));
    }
}

/// A published listing on its way in.
pub fn incoming(
    organization: techex::kernel::id::OrganizationId,
    now: techex::kernel::clock::At,
) -> Incoming<techex::catalogue::ListingContent> {
    Incoming {
        origin: From { source: "test".into(), external_id: "1".into() },
        organization,
        content: deserr::deserialize::<_, _, FieldErrors>(listing("Pin nhiên liệu rắn")).expect("a content"),
        status: Status::Published,
        since: now,
    }
}

/// A consumer that fails as it is told and remembers what it was given.
#[derive(Default)]
struct Scripted {
    /// How often it will still fail, and with what.
    script: Mutex<(usize, &'static str)>,
    seen: Mutex<Vec<String>>,
}

impl Scripted {
    /// Fails the next so many times.
    fn fail(&self, times: usize, error: &'static str) {
        *self.script.lock().expect("a lock") = (times, error);
    }

    /// Takes everything from now on.
    fn expect_only_news(&self) {
        self.fail(0, "");
    }

    /// How often an object's event was delivered.
    fn deliveries(&self, object: &str) -> usize {
        self.seen.lock().expect("a lock").iter().filter(|seen| *seen == object).count()
    }
}

impl Consumer for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn wants(&self, event: &str) -> bool {
        event == "test.happened"
    }

    fn handle(&self, batch: &[Delivery]) -> Vec<Failed> {
        self.seen
            .lock()
            .expect("a lock")
            .extend(batch.iter().map(|delivery| rows::hex(&delivery.object_id.to_string())));
        let error = {
            let mut script = self.script.lock().expect("a lock");
            let (left, error) = *script;
            if left == 0 {
                return Vec::new();
            }
            *script = (left - 1, error);
            error
        };
        assert!(error != "panic", "as the script says");
        batch.iter().map(|delivery| Failed { id: delivery.id, error: error.into() }).collect()
    }
}

/// A scripted consumer at work on an exchange's database.
struct Listening<'a> {
    x: &'a Exchange,
    workers: Workers,
    writing: Writing,
}

impl<'a> Listening<'a> {
    fn start(x: &'a Exchange, consumer: &Arc<Scripted>) -> Self {
        let consumers: Arc<[Arc<dyn Consumer>]> = Arc::new([Arc::clone(consumer) as Arc<dyn Consumer>]);
        let clock = Arc::clone(&x.clock) as Arc<dyn Clock>;
        let workers = Workers::start(&x.system.app.database, &clock, &consumers).expect("threads");
        Self { x, workers, writing: Writing { ids: Arc::new(RandomIds::default()), consumers } }
    }

    /// Makes an event happen to a new object and names the object.
    fn tell(&self) -> String {
        let (writing, now) = (self.writing.clone(), self.x.now());
        let object: uuid::Uuid = uuid::Uuid::new_v4();
        let written = self.x.system.app.database.write(Isolation::Serializable, move |conn| {
            let origin = origin();
            Ok(Tx::new(conn, now, &writing, &origin).record(&Change::new("test.happened", object, 1))?)
        });
        written.expect("it is recorded");
        object.simple().to_string()
    }

    fn select(&self, expression: &str, object: &str) -> String {
        let rest = "outbox WHERE consumer = 'scripted'";
        let all = rows::select(self.x.database_url(), &format!("{{id:object_id}} || '#' || {expression}"), rest);
        let mine = all.iter().find_map(|row| row.strip_prefix(object)?.strip_prefix('#').map(str::to_owned));
        mine.unwrap_or_default()
    }

    fn row(&self, object: &str) -> String {
        self.select("{text:attempts} || '|' || {text:last_error}", object)
    }

    fn is_done(&self, object: &str) -> bool {
        self.select("'there'", object).is_empty()
    }

    /// When it is due, in the form times have in answers, and when it was given up.
    fn due_and_dead(&self, object: &str) -> (String, String) {
        let due = if self.x.database_url().starts_with("sqlite:") {
            "available_at"
        } else {
            "to_char(available_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
        };
        (self.select(due, object), self.select("{text:dead_at}", object))
    }
}
