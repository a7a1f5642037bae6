//! Figures for Prometheus.

use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use std::sync::Mutex;
use std::time::Duration;

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct RequestLabels {
    operation: &'static str,
    status: u16,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct ConsumerLabels {
    consumer: String,
}

/// The figures a server keeps.
pub struct Metrics {
    registry: Mutex<Registry>,
    requests: Family<RequestLabels, Counter>,
    seconds: Family<OperationLabels, Histogram>,
    waiting: Family<ConsumerLabels, Gauge>,
    dead: Family<ConsumerLabels, Gauge>,
    connections: Gauge,
    connections_idle: Gauge,
    documents: Gauge,
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
            connections: Gauge::default(),
            connections_idle: Gauge::default(),
            documents: Gauge::default(),
        };
        if let Ok(mut registry) = metrics.registry.lock() {
            registry.register("http_requests", "Requests answered", metrics.requests.clone());
            registry.register("http_request_seconds", "Time to answer", metrics.seconds.clone());
            registry.register("outbox_waiting", "Deliveries waiting", metrics.waiting.clone());
            registry.register("outbox_dead", "Deliveries given up", metrics.dead.clone());
            registry.register("database_connections", "Open connections of the pool", metrics.connections.clone());
            registry.register(
                "database_connections_idle",
                "Idle connections of the pool",
                metrics.connections_idle.clone(),
            );
            registry.register("search_documents", "Documents in the search index", metrics.documents.clone());
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

    /// Sets the figures that are read off rather than counted.
    pub fn observe(&self, backlog: &[(String, i64, i64)], connections: (u32, u32), documents: u64) {
        for (consumer, waiting, dead) in backlog {
            let labels = ConsumerLabels { consumer: consumer.clone() };
            self.waiting.get_or_create(&labels).set(*waiting);
            self.dead.get_or_create(&labels).set(*dead);
        }
        self.connections.set(i64::from(connections.0));
        self.connections_idle.set(i64::from(connections.1));
        self.documents.set(i64::try_from(documents).unwrap_or(i64::MAX));
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
