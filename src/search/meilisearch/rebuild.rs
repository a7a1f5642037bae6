//! Building an index anew beside the live one.

use std::sync::PoisonError;
use std::time::Duration;

use meilisearch_sdk::client::SwapIndexes;
use meilisearch_sdk::errors::Error;
use meilisearch_sdk::task_info::TaskInfo;

use super::MeilisearchIndex;
use super::link::{CHANGE_WITHIN, finished, is_missing};
use super::row::{KEY, Row};
use super::settings::settings;
use crate::kernel::digest::random_token;
use crate::search::document::Document;
use crate::search::index::SearchError;

/// Documents sent at once.
const CHUNK: usize = 1_000;
/// How long the server may take to work off everything that was sent.
const BUILD_WITHIN: Duration = Duration::from_secs(3_600);
/// After how many seconds an index that is not live is one a crash has left behind.
const ABANDONED_AFTER: i64 = 6 * 3_600;

impl MeilisearchIndex {
    /// A name no other rebuild has, of this process or another; it tells when the rebuild began.
    pub(super) fn next_name(&self) -> Result<String, SearchError> {
        let token = random_token().map_err(|error| SearchError::Engine(error.to_string()))?;
        Ok(format!("{}{}_{token}", self.beside(), self.clock.now().seconds()))
    }

    fn beside(&self) -> String {
        format!("{}_next_", self.live)
    }

    /// Fills the index `next` and gives it the live name.
    pub(super) fn replace(
        &self,
        next: &str,
        documents: &mut dyn Iterator<Item = Result<Document, SearchError>>,
    ) -> Result<u64, SearchError> {
        self.make(next)?;
        let (count, accepted) = self.fill(next, documents)?;
        let client = &self.link.client;
        self.link.within(BUILD_WITHIN, async {
            for task in &accepted {
                finished(client, task).await?;
            }
            Ok(())
        })?;
        let mut changes = self.changes();
        if let Some(meanwhile) = changes.take().filter(|meanwhile| !meanwhile.is_empty()) {
            self.send(next, &meanwhile)?;
        }
        self.publish(next)?;
        Ok(count)
    }

    fn make(&self, next: &str) -> Result<(), SearchError> {
        let client = &self.link.client;
        let settings = settings(&self.synonyms.read().unwrap_or_else(PoisonError::into_inner).0);
        self.link.within(CHANGE_WITHIN, async {
            finished(client, &client.create_index(next, Some(KEY)).await?).await?;
            finished(client, &client.index(next).set_settings(&settings).await?).await
        })
    }

    /// Sends the documents; answers how many, and the tasks that are to be followed.
    fn fill(
        &self,
        next: &str,
        documents: &mut dyn Iterator<Item = Result<Document, SearchError>>,
    ) -> Result<(u64, Vec<TaskInfo>), SearchError> {
        let index = self.link.client.index(next);
        let (mut count, mut accepted) = (0, Vec::new());
        loop {
            let chunk = (&mut *documents).take(CHUNK).collect::<Result<Vec<Document>, _>>()?;
            if chunk.is_empty() {
                return Ok((count, accepted));
            }
            count += chunk.len() as u64;
            let rows: Vec<Row<'_>> = chunk.iter().map(Row::new).collect();
            accepted.push(self.link.within(CHANGE_WITHIN, index.add_or_replace(&rows, Some(KEY)))?);
        }
    }

    /// Makes `next` the live index at once; where there was one, `next` is the old one afterwards.
    fn publish(&self, next: &str) -> Result<(), SearchError> {
        let client = &self.link.client;
        self.link.within(CHANGE_WITHIN, async {
            let first = match client.get_raw_index(&self.live).await {
                Ok(_) => false,
                Err(error) if is_missing(&error) => true,
                Err(error) => return Err(error),
            };
            let exchange = SwapIndexes { indexes: (next.to_owned(), self.live.clone()), rename: first.then_some(true) };
            finished(client, &client.swap_indexes([&exchange]).await?).await
        })
    }

    /// Removes the index `next`, which is not live or not there any more, and what crashes have left.
    pub(super) fn clean(&self, next: &str) {
        let client = &self.link.client;
        let outcome = self.link.within(CHANGE_WITHIN, async {
            for uid in names(&client.list_all_indexes_raw_with(&everything(client)).await?) {
                if uid == next || self.is_abandoned(&uid) {
                    finished(client, &client.delete_index(&uid).await?).await?;
                }
            }
            Ok::<(), Error>(())
        });
        if let Err(error) = outcome {
            tracing::warn!(%error, "an old search index stays on the server until the next rebuild");
        }
    }

    fn is_abandoned(&self, uid: &str) -> bool {
        let began = uid.strip_prefix(&self.beside()).and_then(|rest| rest.split_once('_')).map(|(began, _)| began);
        let began: Option<i64> = began.and_then(|began| began.parse().ok());
        began.is_some_and(|began| self.clock.now().seconds() - began > ABANDONED_AFTER)
    }
}

fn everything(
    client: &meilisearch_sdk::client::Client,
) -> meilisearch_sdk::indexes::IndexesQuery<'_, meilisearch_sdk::reqwest::ReqwestClient> {
    let mut query = meilisearch_sdk::indexes::IndexesQuery::new(client);
    query.with_limit(10_000);
    query
}

/// The names in the server's list of indexes.
fn names(listed: &serde_json::Value) -> Vec<String> {
    let listed = listed.get("results").and_then(serde_json::Value::as_array).into_iter().flatten();
    listed.filter_map(|index| index.get("uid")?.as_str().map(str::to_owned)).collect()
}
