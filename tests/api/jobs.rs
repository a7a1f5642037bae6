//! Periodic work: done when it is due, by one process at a time, again after a failure.

use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use techex::db::{DbError, Failure};
use techex::events::{Job, JobState, Schedule, states};
use techex::kernel::clock::Clock;

use crate::harness::{Exchange, person};
use crate::{on_both, rows};

/// A process that knows the job `test`, which is done every minute.
fn process(x: &Exchange, work: impl Fn() -> Result<usize, Failure> + Send + Sync + 'static) -> Schedule {
    let app = &x.system.app;
    let clock = Arc::clone(&x.clock) as Arc<dyn Clock>;
    let job = Job::new("test", 60, move |_| work());
    Schedule::new(Arc::clone(&app.database), clock, app.writing.clone(), vec![job])
}

/// Counts the runs of a job.
#[derive(Clone, Default)]
struct Counter(Arc<AtomicUsize>);

impl Counter {
    fn work(&self) -> impl Fn() -> Result<usize, Failure> + Send + Sync + 'static {
        let Self(count) = self.clone();
        move || Ok(count.fetch_add(1, Ordering::SeqCst))
    }

    fn runs(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

fn state(x: &Exchange) -> JobState {
    let all = x.system.app.database.read(|conn| Ok(states(conn)?)).expect("the states");
    all.into_iter().find(|state| state.name == "test").expect("the job has run")
}

on_both! {
    fn a_job_runs_when_it_is_due(x) {
        let counter = Counter::default();
        let process = process(x, counter.work());
        assert_eq!(process.run_due(), ["test"], "at once for the first time");
        assert!(process.run_due().is_empty());
        x.clock.advance(59);
        assert!(process.run_due().is_empty());
        x.clock.advance(1);
        assert_eq!(process.run_due(), ["test"]);
        assert_eq!(counter.runs(), 2);
        assert_eq!(state(x), JobState { name: "test".into(), failures: 0, last_error: None, finished_at: Some(x.now()) });
    }

    fn of_several_processes_one_runs_it(x) {
        let counter = Counter::default();
        let processes: Vec<_> = (0..4).map(|_| process(x, counter.work())).collect();
        for round in 1..=5 {
            std::thread::scope(|scope| {
                for process in &processes {
                    scope.spawn(|| process.run_due());
                }
            });
            assert_eq!(counter.runs(), round);
            x.clock.advance(60);
        }
    }

    fn a_job_that_fails_is_tried_again_soon(x) {
        let script = Arc::new(Mutex::new(vec!["panic", "broken"]));
        let told = Arc::clone(&script);
        let process = process(x, move || {
            let line = told.lock().expect("a lock").pop();
            match line {
                Some("broken") => Err(DbError::Broken("as the script says".into()).into()),
                Some(_) => std::panic::resume_unwind(Box::new("as the script says")),
                None => Ok(1),
            }
        });
        for (failures, wait) in [(1, 2), (2, 4)] {
            assert_eq!(process.run_due(), ["test"]);
            let state = state(x);
            assert_eq!((state.failures, state.finished_at, state.last_error.is_some()), (failures, None, true));
            x.clock.advance(wait - 1);
            assert!(process.run_due().is_empty());
            x.clock.advance(1);
        }
        assert_eq!(process.run_due(), ["test"]);
        assert_eq!(state(x), JobState { name: "test".into(), failures: 0, last_error: None, finished_at: Some(x.now()) });
        assert_eq!(rows::count(x.database_url(), "jobs WHERE name = 'test' AND last_error IS NULL"), 1);
    }

    fn a_run_that_outlives_its_lease_is_begun_by_another_process(x) {
        let counter = Counter::default();
        let other = process(x, counter.work());
        let clock = Arc::clone(&x.clock);
        let slow = process(x, move || {
            clock.advance(899);
            assert!(other.run_due().is_empty(), "the lease holds");
            clock.advance(1);
            assert_eq!(other.run_due(), ["test"]);
            clock.advance(30);
            Ok(1)
        });
        assert_eq!(slow.run_due(), ["test"]);
        assert_eq!(counter.runs(), 1);
        x.clock.advance(29);
        assert!(slow.run_due().is_empty());
        x.clock.advance(1);
        assert_eq!(slow.run_due(), ["test"], "a minute after the run that counts");
    }

    fn what_has_expired_is_cleared(x) {
        let (client, ..) = person(x);
        let body = json!({"kind": "individual", "name": "Nhà sáng chế"});
        client.with("idempotency-key", "k1").post("/v1/organizations", &body).expect(201);
        let body = json!({"email": "moi@example.com", "password": "mot-cum-tu-that-dai", "full_name": "Người mới"});
        x.visitor().post("/v1/registrations", &body).expect(202);
        x.eventually("the mail comes", || !x.mails_to("moi@example.com").is_empty());
        let left = || ["idempotency_keys", "email_tokens", "sessions"].map(|table| rows::count(x.database_url(), table));
        x.run_jobs();
        assert_eq!(left(), [1, 1, 1]);
        x.clock.advance(86_400);
        x.run_jobs();
        assert_eq!(left(), [0, 0, 1]);
        x.clock.advance(60 * 86_400);
        x.run_jobs();
        assert_eq!(left(), [0, 0, 0]);
    }

    fn the_figures_tell_how_jobs_are_doing(x) {
        process(x, || Err(DbError::Broken("as the test says".into()).into())).run_due();
        x.run_jobs();
        let app = &x.system.app;
        app.metrics.observe_jobs(&app.database.read(|conn| Ok(states(conn)?)).expect("the states"));
        let text = app.metrics.text();
        for line in ["techex_job_failures{job=\"test\"} 1", "techex_job_failures{job=\"clear_accounts\"} 0"] {
            assert!(text.lines().any(|told| told == line), "{line}: {text}");
        }
        let finished = format!("techex_job_finished_seconds{{job=\"clear_accounts\"}} {}", x.now().seconds());
        assert!(text.lines().any(|told| told == finished), "{text}");
    }
}
