//! Several servers on one PostgreSQL: what one did the others know, and what all are asked to do happens once.

use serde_json::json;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use techex::config::Config;
use techex::db::Isolation;
use techex::events::{Change, Consumer, Delivery, Failed, Pace, Tx, Workers, Writing};
use techex::kernel::clock::Clock;
use techex::kernel::id::{DeliveryId, RandomIds};

use crate::events::origin;
use crate::harness::{Engine, Exchange, PASSWORD, person};
use crate::rows;

/// Two servers on one database, unless there is no PostgreSQL.
fn two() -> Option<(Exchange, Exchange)> {
    let first = Exchange::start_with(Engine::postgres()?, |_| {});
    let second = first.beside();
    Some((first, second))
}

#[test]
fn a_session_is_good_at_every_server_until_it_ends_at_one() {
    let Some((a, b)) = two() else { return };
    let (at_a, ..) = person(&a);
    let at_b = b.visitor().with_token(at_a.token.as_deref().expect("a token"));
    at_b.get("/v1/me").expect(200);
    at_a.delete("/v1/sessions/current").expect(204);
    at_b.get("/v1/me").expect(401);
}

#[test]
fn a_key_sent_to_two_servers_at_once_has_one_effect() {
    let Some((a, b)) = two() else { return };
    let (at_a, ..) = person(&a);
    let at_b = b.visitor().with_token(at_a.token.as_deref().expect("a token"));
    for round in 0..20 {
        let key = format!("round-{round}");
        let body = json!({"kind": "individual", "name": format!("Vòng {round}")});
        let answers: Vec<_> = std::thread::scope(|scope| {
            let threads = [&at_a, &at_b, &at_a, &at_b].map(|client| {
                let (key, body) = (&key, &body);
                scope.spawn(move || client.with("idempotency-key", key).post("/v1/organizations", body))
            });
            threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
        });
        let made: Vec<_> = answers.iter().filter(|answer| answer.status == 201).map(|answer| answer.id()).collect();
        assert!(answers.iter().all(|answer| [201, 409].contains(&answer.status)));
        let again = at_b.with("idempotency-key", &key).post("/v1/organizations", &body).expect(201);
        assert!(made.iter().all(|id| *id == again.id()), "{made:?}");
    }
    assert_eq!(rows::count(a.database_url(), "organizations"), 20);
}

#[test]
fn failed_logins_are_counted_by_all_servers_together() {
    let Some(engine) = Engine::postgres() else { return };
    let limited = |config: &mut Config| config.limits.failed_logins = 2;
    let a = Exchange::start_with(engine, limited);
    let b = a.beside_with(limited);
    let (_, email, _) = person(&a);
    let login =
        |x: &Exchange, password: &str| x.visitor().post("/v1/sessions", &json!({"email": email, "password": password}));
    login(&a, "sai-mat-khau-lan-mot").expect(401);
    login(&b, "sai-mat-khau-lan-hai").expect(401);
    login(&a, PASSWORD).expect(429).problem("rate_limited");
    login(&b, PASSWORD).expect(429).problem("rate_limited");
    a.clock.advance(30);
    login(&b, PASSWORD).expect(201);
}

#[test]
fn every_mail_is_sent_once() {
    let Some((a, b)) = two() else { return };
    let address = |number: usize| format!("newcomer{number}@example.com");
    for number in 0..30 {
        let x = if number % 2 == 0 { &a } else { &b };
        let body = json!({"email": address(number), "password": "một cụm từ đủ dài", "full_name": "Người mới"});
        x.visitor().post("/v1/registrations", &body).expect(202);
    }
    a.eventually("all mails are sent", || rows::count(a.database_url(), "outbox WHERE consumer = 'mail'") == 0);
    for number in 0..30 {
        assert_eq!(a.mails_to(&address(number)).len() + b.mails_to(&address(number)).len(), 1, "{number}");
    }
}

/// How long the slow consumer may take, in seconds.
const LEASE: i64 = 300;

/// A consumer that keeps the first delivery it gets until it is let go.
#[derive(Default)]
struct Slow {
    handled: Mutex<Vec<DeliveryId>>,
    busy: AtomicBool,
    let_go: (Mutex<bool>, Condvar),
}

impl Slow {
    fn handled(&self) -> usize {
        self.handled.lock().expect("a lock").len()
    }
}

impl Consumer for Slow {
    fn name(&self) -> &'static str {
        "slow"
    }

    fn wants(&self, event: &str) -> bool {
        event == "test.happened"
    }

    fn pace(&self) -> Pace {
        Pace { batch: 1, lease_seconds: LEASE }
    }

    fn handle(&self, batch: &[Delivery]) -> Vec<Failed> {
        assert_eq!(batch.len(), 1);
        if !self.busy.swap(true, Ordering::SeqCst) {
            let waiting = self.let_go.0.lock().expect("a lock");
            drop(self.let_go.1.wait_while(waiting, |let_go| !*let_go).expect("a lock"));
        }
        self.handled.lock().expect("a lock").extend(batch.iter().map(|delivery| delivery.id));
        Vec::new()
    }
}

#[test]
fn a_delivery_stays_with_one_server_for_as_long_as_it_may_take() {
    let Some((a, b)) = two() else { return };
    let slow = Arc::new(Slow::default());
    let consumers: Arc<[Arc<dyn Consumer>]> = Arc::new([Arc::clone(&slow) as Arc<dyn Consumer>]);
    let writing = Writing { ids: Arc::new(RandomIds::default()), consumers: Arc::clone(&consumers) };
    let now = a.now();
    let written = a.system.app.database.write(Isolation::Serializable, move |conn| {
        let origin = origin();
        let mut tx = Tx::new(conn, now, &writing, &origin);
        (0..5).try_for_each(|_| tx.record(&Change::new("test.happened", uuid::Uuid::new_v4(), 1)))?;
        Ok(())
    });
    written.expect("they are recorded");
    let clock = Arc::clone(&a.clock) as Arc<dyn Clock>;
    let start = |x: &Exchange| Workers::start(&x.system.app.database, &clock, &consumers).expect("threads");
    let workers = [start(&a), start(&b)];
    a.eventually("the others are delivered", || slow.handled() == 4);
    a.clock.advance(LEASE - 1);
    workers.iter().for_each(Workers::wake);
    *slow.let_go.0.lock().expect("a lock") = true;
    slow.let_go.1.notify_all();
    a.eventually("nothing waits", || rows::count(a.database_url(), "outbox WHERE consumer = 'slow'") == 0);
    let mut handled = slow.handled.lock().expect("a lock").clone();
    handled.sort();
    handled.dedup();
    assert_eq!((handled.len(), slow.handled()), (5, 5));
}
