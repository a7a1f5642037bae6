//! Quality of the search on real texts, and speed of the embedded engine.
//!
//! The data is not part of the project: its folder is given as the first argument or in `TECHEX_DATA`
//! (`vi/{docs,queries}.jsonl`, `qrels.tsv`, `matching/{listings,orders}.jsonl`, `pairs.tsv`, `offers/offers.jsonl`).
//! Without it the program says so and ends. The quality of Meilisearch is printed too where `MEILI_URL` (and `MEILI_KEY`) name
//! a server.
//!
//! ```text
//! TECHEX_DATA=… cargo bench --bench search
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a benchmark may end by panicking"
)]

use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use techex::kernel::clock::SystemClock;
use techex::search::{
    Change, Dimension, Document, EmbeddedIndex, Filters, Kind, MeilisearchIndex, MeilisearchOptions, Query,
    SearchError, SearchIndex, Sort,
};
use uuid::Uuid;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let argument = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let Some(data) = argument.or_else(|| std::env::var("TECHEX_DATA").ok()).map(PathBuf::from) else {
        println!("skipped: no data folder given (argument or TECHEX_DATA)");
        return Ok(());
    };
    if !data.is_dir() {
        println!("skipped: {} is not a folder", data.display());
        return Ok(());
    }
    for engine in [Engine::Embedded, Engine::Meilisearch] {
        match engine {
            Engine::Meilisearch if std::env::var("MEILI_URL").is_err() => {
                println!("Meilisearch skipped: MEILI_URL names no server");
            }
            engine => {
                println!("{engine:?}");
                vietnamese(&data, engine)?;
                sentences(&data, engine)?;
            }
        }
    }
    if std::env::var("QUALITY").is_ok() { Ok(()) } else { speed(&data) }
}

/// Which engine is tried.
#[derive(Clone, Copy, Debug)]
enum Engine {
    Embedded,
    Meilisearch,
}

impl Engine {
    /// An index of its own.
    fn open(self, folder: &Path) -> Outcome<Box<dyn SearchIndex>> {
        Ok(match self {
            Engine::Embedded => Box::new(EmbeddedIndex::open(folder)?),
            Engine::Meilisearch => {
                let (url, key) = (std::env::var("MEILI_URL")?, std::env::var("MEILI_KEY").unwrap_or_default());
                let options = MeilisearchOptions { url, key, prefix: "techex-bench".to_owned() };
                Box::new(MeilisearchIndex::new(&options, Arc::new(SystemClock))?)
            }
        })
    }
}

/// How many right answers come first or among ten, and how many questions find nothing: short Vietnamese queries in their variants.
fn vietnamese(data: &Path, engine: Engine) -> Outcome<()> {
    let docs = rows(&data.join("vi/docs.jsonl"))?;
    let queries = rows(&data.join("vi/queries.jsonl"))?;
    let (_folder, index, numbers) = indexed(&docs, engine)?;
    let wanted = pairs(&data.join("vi/qrels.tsv"))?;
    println!("Vietnamese, {} documents, {} queries      hit@1   hit@10  nothing", docs.len(), queries.len());
    for variant in ["text", "nodia", "one_tone", "typo", "nodia_typo", "typing"] {
        let mut score = Score::default();
        for query in &queries {
            let text =
                if variant == "typing" { half_typed(string(query, "text")) } else { string(query, variant).to_owned() };
            let id = string(query, "id");
            let found = search(&*index, &text, 10)?;
            if !score.add(&found, wanted.get(id).and_then(|id| numbers.get(id))) && std::env::var("MISSES").is_ok() {
                println!("  missed {variant}: {text} ({})", string(query, "text"));
            }
        }
        println!("  {variant:<40} {score}");
    }
    Ok(())
}

/// The same of whole texts as queries: an order finds the listing it was split from.
fn sentences(data: &Path, engine: Engine) -> Outcome<()> {
    let docs = rows(&data.join("matching/listings.jsonl"))?;
    let orders = rows(&data.join("matching/orders.jsonl"))?;
    let (_folder, index, numbers) = indexed(&docs, engine)?;
    let wanted = pairs(&data.join("matching/pairs.tsv"))?;
    println!("Whole texts, {} documents, {} queries     hit@1   hit@10  nothing", docs.len(), orders.len());
    for language in ["vi", "en"] {
        let mut score = Score::default();
        for order in orders.iter().filter(|order| string(order, "lang") == language) {
            let text: String = string(order, "text").chars().take(500).collect();
            let Some(id) = wanted.get(string(order, "id")) else {
                continue;
            };
            score.add(&search(&*index, &text, 10)?, numbers.get(id));
        }
        println!("  {language:<40} {score}");
    }
    Ok(())
}

/// Time of indexing and of several kinds of query on 10,000 documents.
fn speed(data: &Path) -> Outcome<()> {
    let offers = rows(&data.join("offers/offers.jsonl"))?;
    let docs: Vec<Document> =
        offers.iter().cycle().take(10_000).enumerate().map(|(number, row)| offer(number as u64, row)).collect();
    let folder = tempfile::tempdir()?;
    memory("before");
    let index = EmbeddedIndex::open(folder.path())?;
    let start = Instant::now();
    index.rebuild(&mut docs.iter().cloned().map(Ok::<_, SearchError>))?;
    println!(
        "Speed, {} documents built in {:.2?}, {} kB on disk",
        docs.len(),
        start.elapsed(),
        size(folder.path())? / 1024
    );
    memory("after building");
    let start = Instant::now();
    for doc in docs.iter().take(20) {
        index.apply(&[Change::Put(Box::new(doc.clone()))])?;
    }
    println!("  one change applied in {:.2?} (mean of 20)", start.elapsed() / 20);

    let titles: Vec<Vec<&str>> =
        offers.iter().step_by(7).map(|row| string(row, "title").split_whitespace().take(40).collect()).collect();
    let short: Vec<String> = titles
        .iter()
        .enumerate()
        .filter(|(_, words)| words.len() > 4)
        .map(|(number, words)| words.iter().skip(1).take(2 + number % 3).copied().collect::<Vec<_>>().join(" "))
        .collect();
    let misspelt: Vec<String> = short.iter().map(|text| misspell(text)).collect();
    let long: Vec<String> = offers
        .iter()
        .map(|row| string(row, "abstract"))
        .filter(|text| text.len() > 500)
        .step_by(5)
        .map(|text| text.chars().take(500).collect())
        .collect();
    let filtered =
        Filters { labels: vec![(Dimension::Language, vec!["en".into()])], trl_min: Some(3), ..Filters::default() };
    let full = Query { facets: true, highlight: true, ..Query::default() };
    println!("  20 hits                                    p50        p99");
    timed("2-4 words", &index, &short, &Query::default())?;
    timed("2-4 words, facets", &index, &short, &Query { highlight: false, ..full.clone() })?;
    timed("2-4 words, facets, highlights", &index, &short, &full)?;
    timed("  and filters", &index, &short, &Query { filters: filtered, ..full.clone() })?;
    timed("  by date", &index, &short, &Query { sort: Sort::PublishedAtDesc, ..full.clone() })?;
    timed("misspelt, facets, highlights", &index, &misspelt, &full)?;
    timed("500 letters, facets, highlights", &index, &long, &full)?;
    timed("no text, facets", &index, &vec![String::new(); 200], &full)?;
    memory("after searching");
    let mut times = Vec::new();
    for text in &short {
        let start = Instant::now();
        index.suggest(&half_typed(text), 8)?;
        times.push(start.elapsed());
    }
    report("suggestions", times);
    Ok(())
}

fn timed(name: &str, index: &EmbeddedIndex, texts: &[String], like: &Query) -> Outcome<()> {
    let mut times = Vec::new();
    for round in 0..3 {
        for text in texts {
            let query = Query { text: text.clone(), ..like.clone() };
            let start = Instant::now();
            std::hint::black_box(index.search(&query)?);
            if round > 0 {
                times.push(start.elapsed());
            }
        }
    }
    report(name, times);
    Ok(())
}

fn report(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    println!("  {name:<36} {:>9.1?} {:>10.1?}", at(50), at(99));
}

/// Memory of the process without mapped files, where the system tells; the difference is the index's.
fn memory(when: &str) {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    for line in status.lines().filter(|line| line.starts_with("RssAnon")) {
        println!("  memory {when:<20} {}", line.trim_start_matches("RssAnon:").trim());
    }
}

#[derive(Default)]
struct Score {
    first: usize,
    ten: usize,
    nothing: usize,
    all: usize,
}

impl Score {
    fn add(&mut self, found: &[Uuid], wanted: Option<&Uuid>) -> bool {
        let place = found.iter().position(|id| Some(id) == wanted);
        self.all += 1;
        self.first += usize::from(place == Some(0));
        self.ten += usize::from(place.is_some());
        self.nothing += usize::from(found.is_empty());
        place.is_some()
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let share = |count: usize| count as f64 / self.all.max(1) as f64;
        write!(to, "{:.3}   {:.3}   {:.3}", share(self.first), share(self.ten), share(self.nothing))
    }
}

fn search(index: &dyn SearchIndex, text: &str, limit: usize) -> Outcome<Vec<Uuid>> {
    let hits = index.search(&Query { text: text.to_owned(), limit, ..Query::default() })?;
    Ok(hits.hits.into_iter().map(|hit| hit.id).collect())
}

/// An index with its folder, and the ids of its documents.
type Indexed = (tempfile::TempDir, Box<dyn SearchIndex>, HashMap<String, Uuid>);

/// An index of `{id, title, text}` rows, and the documents' ids.
fn indexed(rows: &[Value], engine: Engine) -> Outcome<Indexed> {
    let folder = tempfile::tempdir()?;
    let index = engine.open(folder.path())?;
    let numbered = || rows.iter().zip(0u64..);
    let documents = numbered().map(|(row, number)| document(number, string(row, "title"), string(row, "text")));
    index.rebuild(&mut documents.map(Ok))?;
    let numbers = numbered().map(|(row, number)| (string(row, "id").to_owned(), Uuid::from_u64_pair(1, number)));
    let numbers = numbers.collect();
    Ok((folder, index, numbers))
}

fn document(number: u64, title: &str, body: &str) -> Document {
    Document {
        kind: Kind::Listing,
        id: Uuid::from_u64_pair(1, number),
        version: 1,
        title: title.to_owned(),
        summary: String::new(),
        body: body.to_owned(),
        keywords: Vec::new(),
        organization_id: Uuid::from_u64_pair(2, number % 50),
        organization_name: String::new(),
        verified: true,
        ipc: Vec::new(),
        labels: vec![(Dimension::Language, "vi".to_owned())],
        trl: None,
        price_from: None,
        price_to: None,
        published_at: number as i64,
        confirmed_at: None,
    }
}

fn offer(number: u64, row: &Value) -> Document {
    let list = |name: &str| -> Vec<String> {
        let values = row.get(name).and_then(Value::as_array).into_iter().flatten();
        values.filter_map(|value| value.as_str().map(str::to_owned)).collect()
    };
    let place = number as usize % 3;
    let one = [
        (Dimension::Language, string(row, "lang").to_owned()),
        (Dimension::OrganizationKind, ["university", "institute", "enterprise"][place].to_owned()),
        (Dimension::TransferForm, ["licence", "assignment", "know_how"][place].to_owned()),
        (Dimension::Province, format!("{:02}", number % 34)),
        (Dimension::ResearchField, string(row, "category").to_owned()),
    ];
    let symbols = list("ipc");
    let levels =
        symbols.iter().flat_map(|symbol| [1, 3, 4, symbol.len()].map(|end| symbol.get(..end).unwrap_or(symbol)));
    let labels = one.into_iter().chain(levels.map(|level| (Dimension::Ipc, level.to_owned())));
    Document {
        kind: if number.is_multiple_of(4) { Kind::Order } else { Kind::Listing },
        keywords: list("keywords"),
        organization_name: string(row, "org").to_owned(),
        labels: labels.filter(|(_, label)| !label.is_empty()).collect(),
        ipc: symbols.clone(),
        trl: Some(1 + (number % 9) as u8),
        price_from: (!number.is_multiple_of(3)).then_some((number % 100) as i64 * 10_000_000),
        ..document(number, string(row, "title"), string(row, "abstract"))
    }
}

/// The text with the last word half written.
fn half_typed(text: &str) -> String {
    let start = text.trim_end().rfind(' ').map_or(0, |blank| blank + 1);
    let (before, last) = text.trim_end().split_at(start);
    let letters = last.chars().count();
    before.chars().chain(last.chars().take(letters.div_ceil(2).max(2))).collect()
}

/// The text with two letters of its longest word swapped.
fn misspell(text: &str) -> String {
    let longest = text.split(' ').max_by_key(|word| word.len()).unwrap_or_default();
    let mut letters: Vec<char> = longest.chars().collect();
    if letters.len() > 3 {
        let middle = letters.len() / 2;
        letters.swap(middle - 1, middle);
    }
    text.replacen(longest, &letters.into_iter().collect::<String>(), 1)
}

fn rows(path: &Path) -> Outcome<Vec<Value>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

/// First and second column of a table.
fn pairs(path: &Path) -> Outcome<HashMap<String, String>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let cut = |line: &str| {
        let mut columns = line.split('\t').map(str::to_owned);
        Some((columns.next()?, columns.next()?))
    };
    Ok(text.lines().filter_map(cut).collect())
}

fn string<'a>(row: &'a Value, name: &str) -> &'a str {
    row.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn size(folder: &Path) -> Outcome<u64> {
    let mut total = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        total += if entry.file_type()?.is_dir() { size(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(total)
}
