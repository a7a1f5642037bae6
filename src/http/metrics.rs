//! Figures for Prometheus.

use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use std::sync::Mutex;
use std::time::Duration;

use crate::events::JobState;
use crate::kernel::clock::At;

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct RequestLabels {
    operation: &'static str,
    status: u16,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct ConsumerLabels {
    consumer: String,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct JobLabels {
    job: String,
}

/// The figures a server keeps.
pub struct Metrics {
    registry: Mutex<Registry>,
    requests: Family<RequestLabels, Counter>,
    seconds: Family<OperationLabels, Histogram>,
    waiting: Family<ConsumerLabels, Gauge>,
    dead: Family<ConsumerLabels, Gauge>,
    job_failures: Family<JobLabels, Gauge>,
    job_finished: Family<JobLabels, Gauge>,
    connections: Gauge,
    connections_idle: Gauge,
    documents: Gauge,
    searchable: Gauge,
    degraded: Counter,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct OperationLabels {
    operation: &'static str,
}

impl Default for Metrics {
    fn default() -> Self {
        let metrics = Self {
            registry: Mutex::new(Registry::with_prefix("techex")),
            requests: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(exponential_buckets(0.000_25, 2.0, 16))),
            waiting: Family::default(),
            dead: Family::default(),
            job_failures: Family::default(),
            job_finished: Family::default(),
            connections: Gauge::default(),
            connections_idle: Gauge::default(),
            documents: Gauge::default(),
            searchable: Gauge::default(),
            degraded: Counter::default(),
        };
        if let Ok(mut registry) = metrics.registry.lock() {
            registry.register("http_requests", "Requests answered", metrics.requests.clone());
            registry.register("http_request_seconds", "Time to answer", metrics.seconds.clone());
            registry.register("outbox_waiting", "Deliveries waiting", metrics.waiting.clone());
            registry.register("outbox_dead", "Deliveries given up", metrics.dead.clone());
            registry.register("job_failures", "Failures in a row of periodic work", metrics.job_failures.clone());
            registry.register(
                "job_finished_seconds",
                "When periodic work last went well, seconds since 1970",
                metrics.job_finished.clone(),
            );
            registry.register("database_connections", "Open connections of the pool", metrics.connections.clone());
            registry.register(
                "database_connections_idle",
                "Idle connections of the pool",
                metrics.connections_idle.clone(),
            );
            registry.register("search_documents", "Documents in the search index", metrics.documents.clone());
            registry.register("search_available", "Whether the search index answers", metrics.searchable.clone());
            registry.register("search_degraded", "Searches answered without the index", metrics.degraded.clone());
        }
        metrics
    }
}

impl Metrics {
    /// Counts an answered request.
    pub(super) fn answered(&self, operation: &'static str, status: u16, took: Duration) {
        self.requests.get_or_create(&RequestLabels { operation, status }).inc();
        self.seconds.get_or_create(&OperationLabels { operation }).observe(took.as_secs_f64());
    }

    /// Counts a search that was answered without the index.
    pub fn searched_without_index(&self) {
        self.degraded.inc();
    }

    /// Sets the figures that are read off rather than counted; `documents` only where the search index answers.
    pub fn observe(&self, backlog: &[(String, i64, i64)], connections: (u32, u32), documents: Option<u64>) {
        // Where nothing waits any more there is no row to say so.
        self.waiting.clear();
        self.dead.clear();
        for (consumer, waiting, dead) in backlog {
            let labels = ConsumerLabels { consumer: consumer.clone() };
            self.waiting.get_or_create(&labels).set(*waiting);
            self.dead.get_or_create(&labels).set(*dead);
        }
        self.connections.set(i64::from(connections.0));
        self.connections_idle.set(i64::from(connections.1));
        self.searchable.set(i64::from(documents.is_some()));
        self.documents.set(documents.map_or(0, |documents| i64::try_from(documents).unwrap_or(i64::MAX)));
    }

    /// Sets the figures of the periodic work.
    pub fn observe_jobs(&self, states: &[JobState]) {
        for state in states {
            let labels = JobLabels { job: state.name.clone() };
            self.job_failures.get_or_create(&labels).set(i64::from(state.failures));
            self.job_finished.get_or_create(&labels).set(state.finished_at.map_or(0, At::seconds));
        }
    }

    /// All figures in the OpenMetrics text format.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        if let Ok(registry) = self.registry.lock()
            && let Err(error) = encode(&mut text, &registry)
        {
            tracing::error!(%error, "figures cannot be written");
        }
        text
    }
}
