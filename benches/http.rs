//! How fast the API answers, measured as a client sees it: the real binary, `wrk` with 32 connections on the same machine,
//! beside a bare route of the same framework that answers the same bytes.
//!
//! ```text
//! cargo bench --bench http [-- FILE] [--listings 10000,100000]
//! ```
//! FILE has listings as JSON Lines; without it the demonstration's are taken. They are varied until there are as many as
//! asked for (10,000). With several numbers there is one server for each, and a table of what a request costs at each size,
//! the first being 1. `DATABASE_URL` puts one size on PostgreSQL (a fresh database). Figures are the medians of interleaved
//! rounds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a benchmark may end by panicking"
)]

use serde_json::{Value, json};
use std::error::Error;
use std::fs;
use std::io::{BufWriter, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

type Outcome<T> = Result<T, Box<dyn Error>>;

const ROUNDS: usize = 3;
const SECONDS: u32 = 4;
const PASSWORD: &str = "mot cum tu du dai de do toc do";
/// Rows of one imported file: an import holds its file in memory.
const FILE_ROWS: usize = 50_000;

fn main() -> Outcome<()> {
    if Command::new("wrk").arg("-v").output().is_err() {
        println!("skipped: wrk is not installed");
        return Ok(());
    }
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let sizes = match arguments.iter().position(|argument| argument == "--listings") {
        Some(at) => arguments[at + 1].split(',').map(str::parse).collect::<Result<Vec<usize>, _>>()?,
        None => vec![10_000],
    };
    if sizes.len() > 1 && std::env::var_os("DATABASE_URL").is_some() {
        return Err("DATABASE_URL names one database: ask for one size".into());
    }
    let rows = rows(arguments.first().filter(|argument| !argument.starts_with("--")).map(Path::new))?;
    let loaded = sizes.iter().map(|&size| Loaded::new(&rows, size)).collect::<Outcome<Vec<_>>>()?;
    let measured = measure(&loaded)?;
    for (loaded, figures) in loaded.iter().zip(&measured) {
        table(loaded, figures)?;
    }
    growth(&loaded, &measured);
    Ok(())
}

/// A server with so many listings, and what is asked of it.
struct Loaded {
    size: usize,
    server: Server,
    scenarios: Vec<Scenario>,
    _folder: tempfile::TempDir,
}

impl Loaded {
    fn new(rows: &[Value], size: usize) -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let loading = Instant::now();
        for first in (0..size).step_by(FILE_ROWS) {
            let data = folder.path().join("listings.jsonl");
            let mut file = BufWriter::new(fs::File::create(&data)?);
            for number in first..size.min(first + FILE_ROWS) {
                writeln!(file, "{}", listing(rows, number))?;
            }
            file.into_inner()?;
            let name = data.display().to_string();
            run(folder.path(), &["import", "listings", &name, "--publish", "--create-organizations", "institute"])?;
            fs::remove_file(&data)?;
        }
        println!("{size} rows imported in {:.1} s", loading.elapsed().as_secs_f64());
        let password = folder.path().join("password");
        fs::write(&password, PASSWORD)?;
        let password = password.display().to_string();
        let officer = ["admin", "--email", "bench@example.com", "--full-name", "Bench", "--password-file", &password];
        run(folder.path(), &officer)?;
        let indexing = Instant::now();
        let server = Server::start(folder.path(), size)?;
        println!("{size} rows indexed in {:.1} s", indexing.elapsed().as_secs_f64());
        let scenarios = scenarios(&server, folder.path(), size)?;
        Ok(Self { size, server, scenarios, _folder: folder })
    }
}

/// The rows of the file, or the demonstration listings.
fn rows(file: Option<&Path>) -> Outcome<Vec<Value>> {
    Ok(match file {
        Some(file) => fs::read_to_string(file)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?,
        None => serde_json::from_str(include_str!("../src/cli/demo/listings.json"))?,
    })
}

/// One row to import: the first of a kind as it is, later ones with the end of another's texts.
fn listing(rows: &[Value], number: usize) -> Value {
    let mut row = rows[number % rows.len()].clone();
    for (field, column) in [("language", "lang"), ("description", "abstract"), ("organization", "org")] {
        if let Some(value) = row.get(column).cloned() {
            row[field] = value;
        }
    }
    let round = number / rows.len();
    if round > 0 {
        let other = &rows[(number * 31 + round * 7_919) % rows.len()];
        row["title"] = spliced(&row["title"], &other["title"]).into();
        if let Some(text) = other.get("abstract").or_else(|| other.get("description")) {
            row["description"] = spliced(&row["description"], text).into();
        }
    }
    row["source"] = "bench".into();
    row["external_id"] = number.to_string().into();
    if row["organization"].as_str().is_none_or(|name| name.chars().count() < 2) {
        row["organization"] = "Unknown owner".into();
    }
    row["trl"] = (number % 9 + 1).into();
    row["research_field"] = "engineering_and_technology".into();
    row
}

/// The first half of one text and the second of another.
fn spliced(one: &Value, other: &Value) -> String {
    let words = |text: &Value| text.as_str().unwrap_or_default().split(' ').map(str::to_owned).collect::<Vec<_>>();
    let (one, other) = (words(one), words(other));
    [&one[..one.len().div_ceil(2)], &other[other.len() / 2..]].concat().join(" ")
}

fn techex(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_techex"));
    command.current_dir(folder).env("TECHEX_LOG__FILTER", "warn").stdin(Stdio::null());
    for class in ["READS", "SEARCHES", "WRITES", "CREDENTIALS", "FAILED_LOGINS"] {
        command.env(format!("TECHEX_LIMITS__{class}"), "0");
    }
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Outcome<()> {
    let status = techex(folder).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(format!("techex {} ended with {status}", arguments.join(" ")).into()) }
}

struct Server {
    child: Child,
    base: String,
}

impl Server {
    fn start(folder: &Path, size: usize) -> Outcome<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let base = format!("http://127.0.0.1:{port}");
        let child = techex(folder)
            .args(["serve", "--address", &format!("127.0.0.1:{port}"), "--set", "metrics.address="])
            .stdout(Stdio::null())
            .spawn()?;
        let server = Self { child, base };
        let (mut seen, mut moved) = (0, Instant::now());
        while seen < size as u64 {
            let found = get(&format!("{}/v1/search?limit=1", server.base)).ok();
            let total = found.and_then(|found| found["total"].as_u64()).unwrap_or_default();
            if total > seen {
                (seen, moved) = (total, Instant::now());
            }
            if moved.elapsed() > Duration::from_secs(120) {
                return Err(format!("the server stopped indexing at {seen} listings").into());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }

    fn megabytes(&self) -> Outcome<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS")).ok_or("no VmRSS")?;
        Ok(line.split_whitespace().nth(1).ok_or("no figure")?.parse::<u64>()? / 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn get(url: &str) -> Outcome<Value> {
    Ok(serde_json::from_str(&ureq::get(url).call()?.body_mut().read_to_string()?)?)
}

fn post(url: &str, token: Option<&str>, body: &Value) -> Outcome<Value> {
    let mut request = ureq::post(url).header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    Ok(serde_json::from_str(&request.send(body.to_string())?.body_mut().read_to_string()?)?)
}

/// One thing that is asked, as a script for `wrk`.
struct Scenario {
    name: &'static str,
    script: PathBuf,
    /// What a bare route answers for comparison.
    answer: String,
}

fn scenarios(server: &Server, folder: &Path, size: usize) -> Outcome<Vec<Scenario>> {
    let base = &server.base;
    let session =
        post(&format!("{base}/v1/sessions"), None, &json!({"email": "bench@example.com", "password": PASSWORD}))?;
    let token = session["access_token"].as_str().ok_or("no token")?.to_owned();
    let me: Value = serde_json::from_str(
        &ureq::get(format!("{base}/v1/me"))
            .header("authorization", format!("Bearer {token}"))
            .call()?
            .body_mut()
            .read_to_string()?,
    )?;
    let organization = me["organizations"][0]["id"].as_str().ok_or("no organisation")?.to_owned();
    // From all over the table: one page after the other, a few of each.
    let mut ids = Vec::new();
    let mut next = Some("/v1/listings?limit=100".to_owned());
    let stride = (size / 2_000).clamp(1, 100);
    while let Some(path) = next.take() {
        let page = get(&format!("{base}{path}"))?;
        let items = page["items"].as_array().into_iter().flatten().step_by(stride);
        ids.extend(items.filter_map(|item| item["id"].as_str().map(str::to_owned)));
        next = page["next_cursor"].as_str().map(|cursor| format!("/v1/listings?limit=100&cursor={cursor}"));
    }
    let words = [
        "water treatment",
        "robot control",
        "image processing",
        "bread dough",
        "unmanned aircraft",
        "protein",
        "xu ly nuoc",
    ];
    let one: Vec<_> = ids.iter().map(|id| format!("/v1/listings/{id}")).collect();
    let lists: Vec<_> = (1..=7)
        .map(|level| format!("/v1/listings?limit=20&trl_min={level}&research_field=engineering_and_technology"))
        .collect();
    let searches: Vec<_> =
        words.iter().map(|words| format!("/v1/search?limit=20&q={}", words.replace(' ', "+"))).collect();
    let draft = json!({"language": "en", "title": "A drying machine", "summary": "Dries.", "trl": 5, "ipc": ["F26B"],
        "transfer_forms": ["assignment"], "keywords": ["drying"]});
    let path = format!("/v1/organizations/{organization}/listings");
    let created = post(&format!("{base}{path}"), Some(&token), &draft)?.to_string();
    let reading = |name, paths: &[String]| -> Outcome<Scenario> {
        let answer = get(&format!("{base}{}", paths.first().ok_or("no path")?))?.to_string();
        let list = paths.iter().map(|path| format!("{path:?}")).collect::<Vec<_>>().join(",");
        let script =
            format!("local p={{{list}}} local n=0 request=function() n=n%#p+1 return wrk.format('GET',p[n]) end");
        Ok(Scenario { name, script: write(folder, name, &script)?, answer })
    };
    let creating = format!(
        "wrk.method='POST' wrk.path={path:?} wrk.body={:?} wrk.headers['Content-Type']='application/json' wrk.headers['Authorization']='Bearer {token}'",
        draft.to_string()
    );
    Ok(vec![
        reading("one listing by id", &one)?,
        reading("20 listings, filtered", &lists)?,
        reading("search, 20 hits", &searches)?,
        Scenario { name: "authenticated create", script: write(folder, "create", &creating)?, answer: created },
    ])
}

fn write(folder: &Path, name: &str, script: &str) -> Outcome<PathBuf> {
    let file = folder.join(format!("{}.lua", name.replace(' ', "-")));
    fs::write(&file, script)?;
    Ok(file)
}

#[derive(Clone, Copy, Default)]
struct Figures {
    per_second: f64,
    p99_ms: f64,
    failed: bool,
}

/// Of each scenario: ours and that of a bare route.
type Measured = Vec<(Figures, Figures)>;

fn measure(loaded: &[Loaded]) -> Outcome<Vec<Measured>> {
    let mut rounds: Vec<Vec<(Vec<Figures>, Vec<Figures>)>> =
        loaded.iter().map(|loaded| vec![Default::default(); loaded.scenarios.len()]).collect();
    let bare: Vec<Vec<String>> = loaded
        .iter()
        .map(|loaded| loaded.scenarios.iter().map(|scenario| bare(scenario.answer.clone())).collect::<Outcome<_>>())
        .collect::<Outcome<_>>()?;
    for _ in 0..ROUNDS {
        for number in 0..loaded[0].scenarios.len() {
            for ((loaded, bare), figures) in loaded.iter().zip(&bare).zip(&mut rounds) {
                let script = &loaded.scenarios[number].script;
                figures[number].0.push(wrk(&loaded.server.base, script)?);
                figures[number].1.push(wrk(&bare[number], script)?);
            }
        }
    }
    let medians = |figures: Vec<(Vec<_>, Vec<_>)>| figures.into_iter().map(|(ours, bare)| (median(ours), median(bare)));
    Ok(rounds.into_iter().map(|figures| medians(figures).collect()).collect())
}

fn table(loaded: &Loaded, figures: &Measured) -> Outcome<()> {
    let title = format!("{} listings", loaded.size);
    println!("{title:<24}{:>10}{:>10}{:>14}{:>8}", "req/s", "p99 ms", "bare req/s", "ratio");
    for (scenario, (ours, bare)) in loaded.scenarios.iter().zip(figures) {
        let failed = if ours.failed { "  with failures!" } else { "" };
        let (name, ratio) = (scenario.name, ours.per_second / bare.per_second);
        println!(
            "{name:<24}{:>10.0}{:>10.2}{:>14.0}{ratio:>8.2}{failed}",
            ours.per_second, ours.p99_ms, bare.per_second
        );
    }
    println!("memory of the server afterwards: {} MB", loaded.server.megabytes()?);
    Ok(())
}

/// What a request costs at each size, the first being 1.
fn growth(loaded: &[Loaded], measured: &[Measured]) {
    let [first, _, ..] = measured else { return };
    let sizes: String = loaded.iter().map(|loaded| format!("{:>10}", loaded.size)).collect();
    println!("{:<24}{sizes}", "cost of a request");
    for (number, scenario) in loaded[0].scenarios.iter().enumerate() {
        let cost = |figures: &Measured| first[number].0.per_second / figures[number].0.per_second;
        let costs: String = measured.iter().map(|figures| format!("{:>10.2}", cost(figures))).collect();
        println!("{:<24}{costs}", scenario.name);
    }
}

/// The middle one; failed when one of them failed.
fn median(mut figures: Vec<Figures>) -> Figures {
    figures.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    Figures { failed: figures.iter().any(|figures| figures.failed), ..figures[figures.len() / 2] }
}

fn wrk(base: &str, script: &Path) -> Outcome<Figures> {
    let duration = format!("-d{SECONDS}s");
    let output =
        Command::new("wrk").args(["-t2", "-c32", &duration, "--latency", "-s"]).arg(script).arg(base).output()?;
    let text = String::from_utf8(output.stdout)?;
    let after = |label: &str| text.lines().find_map(|line| line.trim().strip_prefix(label).map(str::trim));
    let p99 = after("99%").ok_or_else(|| format!("wrk said: {text}"))?;
    let unit = p99.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let scale = match unit {
        "us" => 0.001,
        "ms" => 1.0,
        _ => 1000.0,
    };
    Ok(Figures {
        per_second: after("Requests/sec:").ok_or("no rate")?.parse()?,
        p99_ms: p99.trim_end_matches(unit).parse::<f64>()? * scale,
        failed: text.contains("Non-2xx") || text.contains("Socket errors"),
    })
}

/// A server whose only route answers these bytes; its address.
fn bare(answer: String) -> Outcome<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let base = format!("http://{}", listener.local_addr()?);
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let bytes = actix_web::web::Bytes::from(answer);
            let route = move || {
                let bytes = bytes.clone();
                async move { actix_web::HttpResponse::Ok().content_type("application/json").body(bytes) }
            };
            let service = move || actix_web::App::new().default_service(actix_web::web::to(route.clone()));
            match actix_web::HttpServer::new(service).workers(2).listen(listener) {
                Ok(server) => server.run().await,
                Err(error) => Err(error),
            }
        })
    });
    Ok(base)
}
