//! The way to the server: deadlines, what its failures mean, and leaving it alone for a moment after it has not answered.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use meilisearch_sdk::client::Client;
use meilisearch_sdk::errors::{Error, ErrorCode};
use meilisearch_sdk::task_info::TaskInfo;
use meilisearch_sdk::tasks::Task;
use tokio::runtime::{Builder, Runtime};

use crate::search::index::SearchError;

/// How long a person waits for an answer at the most.
const ANSWER_WITHIN: Duration = Duration::from_millis(1_500);
/// How long a change may take until it is searchable: a busy server works off what came before it first.
pub(super) const CHANGE_WITHIN: Duration = Duration::from_secs(60);
/// How long a server that did not answer is not asked again.
const PAUSE: Duration = Duration::from_secs(2);
/// First and longest wait between two looks at a task.
const LOOKS: (Duration, Duration) = (Duration::from_millis(4), Duration::from_millis(250));

/// The server, asked from blocking threads.
pub(super) struct Link {
    pub client: Client,
    /// Where the HTTP connections live; gone only while the link is being dropped.
    runtime: Option<Runtime>,
    silent_since: Mutex<Option<Instant>>,
}

impl Link {
    /// Makes ready; the server need not be there yet.
    pub(super) fn new(url: &str, key: &str) -> Result<Link, SearchError> {
        let key = (!key.is_empty()).then_some(key);
        let client = Client::new(url.trim_end_matches('/'), key).map_err(explained)?;
        let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("meilisearch").enable_all().build()?;
        Ok(Link { client, runtime: Some(runtime), silent_since: Mutex::new(None) })
    }

    /// Asks something a person waits for. Fails at once while the server is known not to answer.
    pub(super) fn ask<T>(&self, question: impl Future<Output = Result<T, Error>>) -> Result<T, SearchError> {
        if self.silent_since().is_some_and(|since| since.elapsed() < PAUSE) {
            return Err(SearchError::Unavailable("the search server did not answer a moment ago".to_owned()));
        }
        let outcome = self.within(ANSWER_WITHIN, question);
        let silent = matches!(outcome, Err(SearchError::Unavailable(_)));
        *self.silent_since.lock().unwrap_or_else(PoisonError::into_inner) = silent.then(Instant::now);
        outcome
    }

    /// Runs something to its end, or to the deadline.
    pub(super) fn within<T>(
        &self,
        deadline: Duration,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, SearchError> {
        let runtime = self.runtime.as_ref().ok_or_else(|| SearchError::Unavailable("shutting down".to_owned()))?;
        match runtime.block_on(async { tokio::time::timeout(deadline, work).await }) {
            Ok(outcome) => outcome.map_err(explained),
            Err(_) => Err(SearchError::Unavailable(format!("no answer from the search server within {deadline:?}"))),
        }
    }

    fn silent_since(&self) -> Option<Instant> {
        *self.silent_since.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Link {
    /// Without waiting: the last owner may be an asynchronous task, where a runtime must not be waited for.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Follows an accepted task to its end: accepting says nothing about succeeding.
pub(super) async fn finished(client: &Client, accepted: &TaskInfo) -> Result<(), Error> {
    let (mut wait, longest) = LOOKS;
    loop {
        match client.get_task(accepted).await? {
            Task::Succeeded { .. } => return Ok(()),
            Task::Failed { content } => return Err(Error::Meilisearch(content.error)),
            Task::Enqueued { .. } | Task::Processing { .. } => tokio::time::sleep(wait).await,
        }
        wait = (wait * 2).min(longest);
    }
}

/// Whether an index is missing, rather than the server failing.
pub(super) fn is_missing(error: &Error) -> bool {
    matches!(error, Error::Meilisearch(error) if error.error_code == ErrorCode::IndexNotFound)
}

/// What a failure means: a server that cannot be reached or is in trouble, or one that refuses. Texts of the server are
/// kept for the operator; they hold no document.
fn explained(error: Error) -> SearchError {
    match error {
        Error::HttpError(error) => SearchError::Unavailable(chain(&error)),
        Error::MeilisearchCommunication(error) if error.status_code >= 500 => {
            SearchError::Unavailable(format!("the search server answered {}", error.status_code))
        }
        Error::ParseError(error) => {
            SearchError::Unavailable(format!("unreadable answer of the search server: {error}"))
        }
        other => SearchError::Engine(other.to_string()),
    }
}

/// An error with its causes, without the address, which may hold a password.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source()).map(ToString::to_string);
    let text = causes.collect::<Vec<_>>().join(": ");
    if text.is_empty() { "the search server cannot be reached".to_owned() } else { text }
}
