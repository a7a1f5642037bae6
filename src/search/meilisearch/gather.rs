//! Long questions. The server looks at ten words of a query and lets only some of them be missing, so a whole sentence
//! would find what holds its rarest word by chance, or nothing. So its words are asked for one by one, and the documents
//! gathered are weighed here by how rare the words they hold are.

use std::collections::HashMap;

use meilisearch_sdk::client::Client;
use meilisearch_sdk::errors::Error;
use meilisearch_sdk::search::{MatchingStrategies, MultiSearchQuery, SearchQuery, Selectors};
use serde::Deserialize;

use super::link::Link;
use super::row::KEY;
use crate::search::index::SearchError;

/// Different words whose frequency is asked for.
const MOST_PROBED: usize = 64;
/// The rarest ones of them, whose documents are gathered.
const MOST_USED: usize = 16;
/// Documents gathered for one word.
const MOST_DOCUMENTS: usize = 500;
/// Documents that are weighed further.
const MOST_KEPT: usize = 1_000;
/// Share of the best coverage below which a document is left out of a short query's answer.
const ENOUGH: f32 = 0.5;
/// In a long query, about as many words must be met as this.
const ENOUGH_WORDS: f32 = 2.0;
/// What a word counts that is only similar or elsewhere, against one that is met at its best.
const LEAST: f32 = 0.5;

/// A document that was gathered.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gathered {
    /// Its key.
    pub key: String,
    /// Its relevance.
    pub score: f32,
    coverage: f32,
}

#[derive(Deserialize)]
struct Keyed {
    key: String,
}

/// The documents that hold enough of these words, best first. The last word may be unfinished if `typing`.
pub(super) fn gather(words: &[&str], typing: bool, link: &Link, live: &str) -> Result<Vec<Gathered>, SearchError> {
    let mut different: Vec<&str> = Vec::new();
    for word in words {
        if different.len() < MOST_PROBED && !different.contains(word) {
            different.push(word);
        }
    }
    let index = link.client.index(live);
    let probes = different.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>();
    let (all, counts) = link.ask(async {
        let documents = index.get_stats().await?.number_of_documents;
        Ok((documents, frequencies(&probes, &link.client, live).await?))
    })?;
    let last = words.last().filter(|_| typing);
    let mut known: Vec<(usize, &str)> = counts
        .into_iter()
        .zip(different)
        .filter(|(count, word)| *count > 0 || Some(word) == last || words.len() <= MOST_USED)
        .collect();
    known.sort_by_key(|(count, _)| if *count == 0 { usize::MAX } else { *count });
    known.truncate(MOST_USED);
    // A word that exists as it stands is taken for complete.
    let unfinished = |count: usize, word: &str| count == 0 && last.is_some_and(|last| *last == word);
    let ask =
        |(count, word): &(usize, &str)| if unfinished(*count, word) { (*word).to_owned() } else { format!("{word} ") };
    let asked: Vec<String> = known.iter().map(ask).collect();
    let found = link.ask(holders(&asked, &link.client, live))?;
    Ok(weigh(&found, all))
}

/// In how many documents each of these phrases stands.
async fn frequencies(phrases: &[String], client: &Client, live: &str) -> Result<Vec<usize>, Error> {
    let index = client.index(live);
    let mut requests = MultiSearchQuery::new(client);
    for phrase in phrases {
        let mut probe = SearchQuery::new(&index);
        probe.with_query(phrase).with_limit(0);
        requests.with_search_query(probe);
    }
    let results = requests.execute::<Keyed>().await?.results;
    Ok(results.into_iter().map(|result| result.estimated_total_hits.unwrap_or_default()).collect())
}

/// For each word, how many documents hold it or something similar, and the best of them with how well they do.
async fn holders(words: &[String], client: &Client, live: &str) -> Result<Vec<(usize, Vec<(String, f32)>)>, Error> {
    let index = client.index(live);
    let mut requests = MultiSearchQuery::new(client);
    for word in words {
        let mut question = SearchQuery::new(&index);
        question.with_query(word).with_limit(MOST_DOCUMENTS).with_matching_strategy(MatchingStrategies::ALL);
        question.with_attributes_to_retrieve(Selectors::Some(&[KEY])).with_show_ranking_score(true);
        requests.with_search_query(question);
    }
    let results = requests.execute::<Keyed>().await?.results;
    let one = |result: meilisearch_sdk::search::SearchResults<Keyed>| {
        let hits = result.hits.into_iter().map(|hit| (hit.result.key, hit.ranking_score.unwrap_or_default() as f32));
        (result.estimated_total_hits.unwrap_or_default(), hits.collect())
    };
    Ok(results.into_iter().map(one).collect())
}

/// Adds up, for each document, the rarity of the words it holds.
fn weigh(found: &[(usize, Vec<(String, f32)>)], documents: usize) -> Vec<Gathered> {
    let mut gathered: HashMap<&str, (f32, f32)> = HashMap::new();
    for (count, holders) in found {
        let count = (*count).min(documents) as f32;
        let rarity = (1.0 + (documents as f32 - count + 0.5) / (count + 0.5)).ln();
        for (key, fit) in holders {
            let (score, coverage) = gathered.entry(key).or_default();
            *score += rarity * (LEAST + (1.0 - LEAST) * fit);
            *coverage += rarity;
        }
    }
    let best = gathered.values().fold(0.0_f32, |best, (_, coverage)| best.max(*coverage));
    let enough = best * ENOUGH.min(ENOUGH_WORDS / found.len().max(1) as f32);
    let mut kept: Vec<Gathered> = gathered
        .into_iter()
        .map(|(key, (score, coverage))| Gathered { key: key.to_owned(), score, coverage })
        .filter(|it| it.coverage >= enough)
        .collect();
    kept.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.key.cmp(&b.key)));
    kept.truncate(MOST_KEPT);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_words_decide() {
        let holders = |keys: &[&str]| keys.iter().map(|key| ((*key).to_owned(), 1.0)).collect::<Vec<_>>();
        let found = [(90, holders(&["a", "b", "c"])), (2, holders(&["b", "d"])), (3, holders(&["b", "c"]))];
        let keys: Vec<String> = weigh(&found, 100).into_iter().map(|it| it.key).collect();
        assert_eq!(keys, ["b", "d"]);
        assert!(weigh(&[], 0).is_empty());
    }
}
