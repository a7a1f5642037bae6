//! The workers: one thread for each consumer takes its deliveries from the outbox and settles them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use super::queue::{self, Delivery, Setback};
use super::retry;
use super::signal::Signal;
use crate::db::{Database, Failure};
use crate::kernel::clock::Clock;
use crate::kernel::id::DeliveryId;

/// Something that wants to know what happened: the search index, the mail, …
pub trait Consumer: Send + Sync {
    /// Its name in the outbox.
    fn name(&self) -> &'static str;

    /// Whether it wants events of this name.
    fn wants(&self, event: &str) -> bool;

    /// How it takes its deliveries.
    fn pace(&self) -> Pace {
        Pace::default()
    }

    /// Makes sure that what it delivers to is there. Called before deliveries are taken and about once a second; while it
    /// fails they wait, which does not count as a failed delivery.
    ///
    /// # Errors
    /// Why they have to wait, for the operator.
    fn prepare(&self) -> Result<(), String> {
        Ok(())
    }

    /// Deals with deliveries and names those that failed. The same event may come more than once, so it has to look at
    /// how things are now, or remember the event's id.
    fn handle(&self, batch: &[Delivery]) -> Vec<Failed>;
}

/// How a consumer takes its deliveries where several servers share the outbox.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pace {
    /// Deliveries taken at once.
    pub batch: i64,
    /// Seconds for which other servers leave them alone: longer than dealing with a whole batch ever takes, because after
    /// them another server takes what this one may be about to finish.
    pub lease_seconds: i64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { batch: 500, lease_seconds: 120 }
    }
}

/// A delivery that failed, and why.
#[derive(Clone, Debug)]
pub struct Failed {
    /// The delivery.
    pub id: DeliveryId,
    /// For the operator; carries no secrets.
    pub error: String,
}

/// How often a worker looks without having been woken: for retries, and for what other servers queued.
const POLL: Duration = Duration::from_secs(1);

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
                    let mut ready = deliver_all(&database, &*clock, &*consumer, true);
                    while watched.wait(POLL) {
                        ready = deliver_all(&database, &*clock, &*consumer, ready);
                    }
                },
            )?);
        }
        Ok(workers)
    }

    /// Tells the workers that something was queued.
    pub fn wake(&self) {
        self.signals.iter().for_each(|signal| signal.wake());
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.signals.iter().for_each(|signal| signal.stop());
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// Delivers until nothing is waiting; answers whether the consumer was ready, which it `was` the last time or not.
fn deliver_all(database: &Database, clock: &dyn Clock, consumer: &dyn Consumer, was: bool) -> bool {
    match consumer.prepare() {
        Ok(()) if !was => tracing::info!(consumer = consumer.name(), "deliveries go on"),
        Ok(()) => {}
        Err(reason) => {
            if was {
                tracing::warn!(consumer = consumer.name(), reason, "deliveries wait");
            }
            return false;
        }
    }
    loop {
        match deliver(database, clock, consumer) {
            Ok(Taken::FullBatch) => {}
            Ok(Taken::Rest) => return true,
            Err(failure) => {
                tracing::warn!(consumer = consumer.name(), ?failure, "the outbox cannot be worked on now");
                return true;
            }
        }
    }
}

/// Whether there may be more to take.
enum Taken {
    FullBatch,
    Rest,
}

/// Delivers one batch.
fn deliver(database: &Database, clock: &dyn Clock, consumer: &dyn Consumer) -> Result<Taken, Failure> {
    let pace = consumer.pace();
    let batch = queue::claim(database, consumer.name(), clock.now(), pace.lease_seconds, pace.batch)?;
    if batch.is_empty() {
        return Ok(Taken::Rest);
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
    let full = i64::try_from(batch.len()).is_ok_and(|taken| taken >= pace.batch);
    Ok(if full { Taken::FullBatch } else { Taken::Rest })
}
