//! The workers: one thread for each consumer takes its deliveries from the outbox and settles them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::queue::{self, Delivery, Setback};
use super::retry;
use crate::db::{Database, Failure};
use crate::kernel::clock::Clock;
use crate::kernel::id::DeliveryId;

/// Something that wants to know what happened: the search index, the mail, …
pub trait Consumer: Send + Sync {
    /// Its name in the outbox.
    fn name(&self) -> &'static str;

    /// Whether it wants events of this name.
    fn wants(&self, event: &str) -> bool;

    /// Deals with deliveries and names those that failed. The same event may come more than once, so it has to look at
    /// how things are now, or remember the event's id.
    fn handle(&self, batch: &[Delivery]) -> Vec<Failed>;
}

/// A delivery that failed, and why.
#[derive(Clone, Debug)]
pub struct Failed {
    /// The delivery.
    pub id: DeliveryId,
    /// For the operator; carries no secrets.
    pub error: String,
}

/// Deliveries taken at once.
const BATCH: i64 = 500;
/// How long other servers leave a taken delivery alone.
const LEASE_SECONDS: i64 = 120;
/// How often a worker looks without having been woken: for retries, and for what other servers queued.
const POLL: Duration = Duration::from_secs(1);

#[derive(Default)]
struct State {
    woken: bool,
    stopping: bool,
}

#[derive(Default)]
struct Signal(Mutex<State>, Condvar);

impl Signal {
    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
        self.1.notify_all();
    }

    /// Waits to be woken or for the poll; `false` when it is time to stop.
    fn wait(&self) -> bool {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut state, _) = self
            .1
            .wait_timeout_while(state, POLL, |state| !state.woken && !state.stopping)
            .unwrap_or_else(PoisonError::into_inner);
        state.woken = false;
        !state.stopping
    }
}

/// The running workers. Dropping them lets each finish its batch and stop.
pub struct Workers {
    signals: Vec<Arc<Signal>>,
    threads: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Starts one worker for each consumer.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        database: &Arc<Database>,
        clock: &Arc<dyn Clock>,
        consumers: &[Arc<dyn Consumer>],
    ) -> std::io::Result<Self> {
        let mut workers = Self { signals: Vec::new(), threads: Vec::new() };
        for consumer in consumers {
            let signal = Arc::new(Signal::default());
            let (database, clock, consumer, watched) =
                (Arc::clone(database), Arc::clone(clock), Arc::clone(consumer), Arc::clone(&signal));
            workers.signals.push(signal);
            workers.threads.push(std::thread::Builder::new().name(format!("worker-{}", consumer.name())).spawn(
                move || {
                    deliver_all(&database, &*clock, &*consumer);
                    while watched.wait() {
                        deliver_all(&database, &*clock, &*consumer);
                    }
                },
            )?);
        }
        Ok(workers)
    }

    /// Tells the workers that something was queued.
    pub fn wake(&self) {
        self.signals.iter().for_each(|signal| signal.change(|state| state.woken = true));
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.signals.iter().for_each(|signal| signal.change(|state| state.stopping = true));
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// Delivers until nothing is waiting.
fn deliver_all(database: &Database, clock: &dyn Clock, consumer: &dyn Consumer) {
    loop {
        match deliver(database, clock, consumer) {
            Ok(taken) if taken == usize::try_from(BATCH).unwrap_or(usize::MAX) => {}
            Ok(_) => return,
            Err(failure) => {
                tracing::warn!(consumer = consumer.name(), ?failure, "the outbox cannot be worked on now");
                return;
            }
        }
    }
}

/// Delivers one batch and tells how many deliveries it held.
pub(super) fn deliver(database: &Database, clock: &dyn Clock, consumer: &dyn Consumer) -> Result<usize, Failure> {
    let batch = queue::claim(database, consumer.name(), clock.now(), LEASE_SECONDS, BATCH)?;
    if batch.is_empty() {
        return Ok(0);
    }
    let failed = catch_unwind(AssertUnwindSafe(|| consumer.handle(&batch))).unwrap_or_else(|_| {
        batch.iter().map(|delivery| Failed { id: delivery.id, error: "the consumer panicked".into() }).collect()
    });
    let now = clock.now();
    let (mut delivered, mut setbacks) = (Vec::new(), Vec::new());
    for delivery in &batch {
        let Some(failure) = failed.iter().find(|failed| failed.id == delivery.id) else {
            delivered.push(delivery.id);
            continue;
        };
        let retry_at = retry::wait_seconds(delivery.attempts + 1).map(|seconds| now.plus_seconds(seconds));
        tracing::warn!(
            consumer = consumer.name(),
            event = delivery.event,
            error = failure.error,
            given_up = retry_at.is_none(),
            "delivery failed"
        );
        setbacks.push(Setback { id: delivery.id, error: failure.error.clone(), retry_at });
    }
    queue::settle(database, now, delivered, setbacks)?;
    Ok(batch.len())
}
