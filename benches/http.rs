//! How fast the API answers, measured as a client sees it: the real binary with 10,000 listings, `wrk` with 32 connections on
//! the same machine, beside a bare route of the same framework that answers the same bytes.
//!
//! ```text
//! cargo bench --bench http [-- FILE]     FILE: JSON Lines of listings; without it the demonstration listings are multiplied
//! ```
//! `DATABASE_URL` puts it on PostgreSQL (a fresh database). Figures are the medians of interleaved rounds.

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
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

type Outcome<T> = Result<T, Box<dyn Error>>;

const LISTINGS: usize = 10_000;
const ROUNDS: usize = 3;
const SECONDS: u32 = 4;
const PASSWORD: &str = "mot cum tu du dai de do toc do";

fn main() -> Outcome<()> {
    if Command::new("wrk").arg("-v").output().is_err() {
        println!("skipped: wrk is not installed");
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let file = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).map(PathBuf::from);
    let rows = listings(file.as_deref())?;
    let data = folder.path().join("listings.jsonl");
    fs::write(&data, rows)?;
    let loading = Instant::now();
    let name = data.display().to_string();
    run(folder.path(), &["import", "listings", &name, "--publish", "--create-organizations", "institute"], None)?;
    println!("{LISTINGS} rows imported in {:.1} s", loading.elapsed().as_secs_f64());
    let password = folder.path().join("password");
    fs::write(&password, PASSWORD)?;
    let password = password.display().to_string();
    let officer = ["admin", "--email", "bench@example.com", "--full-name", "Bench", "--password-file", &password];
    run(folder.path(), &officer, None)?;
    let server = Server::start(folder.path())?;
    let scenarios = scenarios(&server, folder.path())?;
    measure(&server, &scenarios)?;
    println!("memory of the server afterwards: {} MB", server.megabytes()?);
    Ok(())
}

/// Rows to import: from the file, or the demonstration listings, repeated under other identifiers.
fn listings(file: Option<&Path>) -> Outcome<String> {
    let rows: Vec<Value> = match file {
        Some(file) => fs::read_to_string(file)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?,
        None => serde_json::from_str(include_str!("../src/cli/demo/listings.json"))?,
    };
    let mut text = String::new();
    for (number, row) in rows.iter().cycle().take(LISTINGS).enumerate() {
        let mut row = row.clone();
        for (field, columns) in [("language", ["lang"]), ("description", ["abstract"]), ("organization", ["org"])] {
            if let Some(value) = columns.iter().find_map(|column| row.get(*column).cloned()) {
                row[field] = value;
            }
        }
        row["source"] = "bench".into();
        row["external_id"] = number.to_string().into();
        if row["organization"].as_str().is_none_or(|name| name.chars().count() < 2) {
            row["organization"] = "Unknown owner".into();
        }
        row["trl"] = (number % 9 + 1).into();
        row["research_field"] = "engineering_and_technology".into();
        text.push_str(&row.to_string());
        text.push('\n');
    }
    Ok(text)
}

fn techex(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_techex"));
    command.current_dir(folder).env("TECHEX_LOG__FILTER", "warn").stdin(Stdio::null());
    for class in ["READS", "SEARCHES", "WRITES", "CREDENTIALS", "FAILED_LOGINS"] {
        command.env(format!("TECHEX_LIMITS__{class}"), "0");
    }
    command
}

fn run(folder: &Path, arguments: &[&str], input: Option<&str>) -> Outcome<()> {
    let mut child =
        techex(folder).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::piped()).spawn()?;
    if let (Some(input), Some(mut stdin)) = (input, child.stdin.take()) {
        stdin.write_all(input.as_bytes())?;
    }
    let status = child.wait()?;
    if status.success() { Ok(()) } else { Err(format!("techex {} ended with {status}", arguments.join(" ")).into()) }
}

struct Server {
    child: Child,
    base: String,
}

impl Server {
    fn start(folder: &Path) -> Outcome<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let base = format!("http://127.0.0.1:{port}");
        let child = techex(folder)
            .args(["serve", "--address", &format!("127.0.0.1:{port}"), "--set", "metrics.address="])
            .stdout(Stdio::null())
            .spawn()?;
        let server = Self { child, base };
        let deadline = Instant::now() + Duration::from_secs(120);
        let ready = |server: &Self| -> bool {
            let found = get(&format!("{}/v1/search?limit=1", server.base)).ok();
            found.is_some_and(|found| found["total"].as_u64().is_some_and(|total| total >= LISTINGS as u64))
        };
        while !ready(&server) {
            if Instant::now() > deadline {
                return Err("the server did not index the listings in time".into());
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

fn scenarios(server: &Server, folder: &Path) -> Outcome<Vec<Scenario>> {
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
    let mut ids = Vec::new();
    let mut next = Some("/v1/listings?limit=100".to_owned());
    while let (Some(path), true) = (next.take(), ids.len() < 2_000) {
        let page = get(&format!("{base}{path}"))?;
        ids.extend(
            page["items"].as_array().into_iter().flatten().filter_map(|item| item["id"].as_str().map(str::to_owned)),
        );
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

#[derive(Clone, Copy)]
struct Figures {
    per_second: f64,
    p99_ms: f64,
    failed: bool,
}

fn measure(server: &Server, scenarios: &[Scenario]) -> Outcome<()> {
    let bare = scenarios.iter().map(|scenario| bare(scenario.answer.clone())).collect::<Outcome<Vec<_>>>()?;
    let mut figures = vec![(Vec::new(), Vec::new()); scenarios.len()];
    for _ in 0..ROUNDS {
        for ((scenario, bare), (ours, theirs)) in scenarios.iter().zip(&bare).zip(&mut figures) {
            ours.push(wrk(&server.base, &scenario.script)?);
            theirs.push(wrk(bare, &scenario.script)?);
        }
    }
    println!("{:<24}{:>10}{:>10}{:>14}{:>8}", "", "req/s", "p99 ms", "bare req/s", "ratio");
    for (scenario, (ours, theirs)) in scenarios.iter().zip(figures) {
        let failed = if ours.iter().any(|figures| figures.failed) { "  with failures!" } else { "" };
        let (ours, theirs) = (median(ours), median(theirs));
        let ratio = ours.per_second / theirs.per_second;
        let name = scenario.name;
        println!(
            "{name:<24}{:>10.0}{:>10.2}{:>14.0}{ratio:>8.2}{failed}",
            ours.per_second, ours.p99_ms, theirs.per_second
        );
    }
    Ok(())
}

fn median(mut figures: Vec<Figures>) -> Figures {
    figures.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    figures[figures.len() / 2]
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
