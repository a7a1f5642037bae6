//! Confidential files, and files in a bucket: a scripted one, which can be taken away.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use techex::config::Secret;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::catalogue::colleague;
use crate::harness::{App, Engine, Exchange, Member, PDF, listing, pdf, techex};
use crate::{on_both, on_each_engine, rows};

on_both! {
    fn a_confidential_file_is_for_those_who_may_read_the_part(x) {
        let (owner, reader, other, officer) = (x.researcher(), x.enterprise(), x.enterprise(), x.officer());
        App::of(x, &owner, &owner.email);
        let path = owner.publish_listing(x, &listing("Máy sấy thăng hoa"));
        let part = format!("{path}/confidential");
        // At any time, whatever the listing's status.
        let file = owner.attach_pdf(&path, "confidential");
        let name = "Phụ lục.pdf";
        let views = || owner.get(&format!("{part}/views")).expect(200).json()["items"].as_array().cloned().expect("a list");
        for who in [&reader.client, &other.client, &officer, &x.visitor()] {
            assert!(!who.get(&path).expect(200).text.contains(name));
            assert!(!who.get(&format!("{path}/attachments")).expect(200).text.contains(name));
            who.get(&file).expect(404).problem("not_found");
        }
        for who in [&reader.client, &other.client, &x.visitor()] {
            who.post_nothing(&format!("{file}/link")).expect(404).problem("not_found");
            assert!(![403, 404].contains(&who.get(&path).status), "the listing itself is seen");
        }
        assert!(views().is_empty());
        let body = json!({
            "organization_id": reader.organization_id, "purpose": "Đánh giá theo thỏa thuận bảo mật.",
            "expires_at": x.now().plus_seconds(3_600).to_string(),
        });
        let grant = owner.post(&format!("{part}/grants"), &body).expect(201);
        let grant = grant.header("location").expect("a location");
        let told = reader.get(&part).expect(200).json()["attachments"].clone();
        assert_eq!((&told[0]["name"], &told[0]["disclosure"]), (&json!(name), &json!("confidential")));
        let link = reader.link(&file);
        assert_eq!(x.visitor().get(&link).expect(200).text.as_bytes(), pdf(100));
        other.post_nothing(&format!("{file}/link")).expect(404).problem("not_found");
        let log = views();
        assert_eq!(log.len(), 2, "the part, and the file");
        assert!(file.ends_with(log[0]["file_id"].as_str().expect("a file")));
        assert_eq!((&log[0]["file_name"], &log[0]["viewer"]["id"]), (&json!(name), &json!(reader.user_id)));
        assert_eq!(log[1].get("file_id"), None);
        officer.post_nothing(&format!("{file}/link")).expect(422).field("/reason", "required");
        officer.post_nothing(&format!("{file}/link?reason=Kiem%20tra%20khieu%20nai")).expect(200);
        assert_eq!(views()[0]["reason"], "Kiem tra khieu nai");
        // Who loses the grant while holding a link has lost the file.
        x.visitor().get(&link).expect(200);
        owner.post(&format!("{grant}/revocation"), &json!({})).expect(200);
        x.visitor().get(&link).expect(404).problem("not_found");
        reader.post_nothing(&format!("{file}/link")).expect(404).problem("not_found");
        // Members' own readings are not logged.
        let viewer = colleague(x, &owner, "viewer");
        x.visitor().get(&viewer.link(&file)).expect(200);
        owner.delete(&file).expect(204);
        assert_eq!(views().len(), 3);
        assert_eq!(views()[1]["file_name"], name, "the log keeps the name of a file that is gone");
        let texts = rows::select(x.database_url(), "{text:changes}", "audit_log WHERE event LIKE 'attachment%'");
        assert!(texts.len() == 2 && texts.iter().all(|text| !text.contains("Phụ lục")), "{texts:?}");
    }
}

/// What a bucket holds, and whether it answers.
#[derive(Clone, Default)]
struct Bucket {
    objects: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    parts: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    down: Arc<AtomicBool>,
}

impl Respond for Bucket {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let signed =
            request.headers.get("authorization").is_some_and(|value| value.as_bytes().starts_with(b"AWS4-HMAC-SHA256"));
        assert!(signed && request.url.path().starts_with("/techex-files/"), "{request:?}");
        if self.down.load(Ordering::SeqCst) {
            return ResponseTemplate::new(503).set_body_string("<Error><Code>SlowDown</Code></Error>");
        }
        let (path, query) = (request.url.path().to_owned(), request.url.query().unwrap_or_default());
        let (mut objects, mut parts) = (self.objects.lock().expect("a lock"), self.parts.lock().expect("a lock"));
        let answer = |status: u16| ResponseTemplate::new(status).insert_header("etag", "\"e\"");
        let xml = |text: &str| answer(200).set_body_raw(text.as_bytes().to_vec(), "application/xml");
        match request.method.as_str() {
            "PUT" if query.contains("partNumber=") => {
                parts.entry(path).or_default().extend(&request.body);
                answer(200)
            }
            "PUT" => {
                objects.insert(path, request.body.clone());
                answer(200)
            }
            "POST" if query.starts_with("uploads") => xml(
                "<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><UploadId>u</UploadId></InitiateMultipartUploadResult>",
            ),
            "POST" => {
                let whole = parts.remove(&path).expect("parts");
                objects.insert(path, whole);
                xml("<CompleteMultipartUploadResult><ETag>\"e\"</ETag></CompleteMultipartUploadResult>")
            }
            "GET" => {
                let Some(object) = objects.get(&path) else { return answer(404) };
                let range = request.headers.get("range").and_then(|range| range.to_str().ok());
                let range = range.and_then(|range| range.strip_prefix("bytes=")?.split_once('-')).expect("a range");
                let (from, to): (usize, usize) = (range.0.parse().expect("a start"), range.1.parse().expect("an end"));
                answer(206)
                    .insert_header("content-range", format!("bytes {from}-{to}/{}", object.len()))
                    .insert_header("last-modified", "Mon, 23 Nov 2026 02:00:00 GMT")
                    .set_body_bytes(&object[from..=to])
            }
            "DELETE" if query.contains("uploadId=") => {
                parts.remove(&path);
                ResponseTemplate::new(204)
            }
            "DELETE" => {
                objects.remove(&path);
                ResponseTemplate::new(204)
            }
            other => panic!("{other}"),
        }
    }
}

impl Bucket {
    fn count(&self) -> usize {
        self.objects.lock().expect("a lock").len()
    }

    /// A server with this bucket.
    fn serve(&self, runtime: &tokio::runtime::Runtime) -> MockServer {
        runtime.block_on(async {
            let server = MockServer::start().await;
            Mock::given(any()).respond_with(self.clone()).mount(&server).await;
            server
        })
    }
}

on_each_engine! { files_in_a_bucket }

fn files_in_a_bucket(engine: Engine) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let bucket = Bucket::default();
    let server = bucket.serve(&runtime);
    let x = &Exchange::start_with(engine, |config| {
        config.files.s3_bucket = "techex-files".into();
        config.files.s3_endpoint = server.uri();
        config.files.s3_key_id = "key".into();
        config.files.s3_secret = Secret::new("secret");
    });
    let owner: Member = x.researcher();
    let (draft, _) = owner.draft_listing("Máy sấy");
    let contents = [pdf(1_000), pdf(9_345_678)];
    let files: Vec<String> = contents
        .iter()
        .map(|content| {
            let added = owner.attach(&draft, "a.pdf", "public", PDF, content).expect(201);
            let file = added.header("location").expect("a place").to_owned();
            assert!(owner.get(&owner.link(&file)).expect(200).text.as_bytes() == content);
            file
        })
        .collect();
    let part = owner.with("range", "bytes=10-19").get(&owner.link(&files[1])).expect(206);
    assert_eq!(part.text.as_bytes(), &contents[1][10..20]);
    assert!(!x.folder.path().join("files").exists());
    let id = files[0].rsplit('/').next().expect("an id").replace('-', "");
    let key = format!("/techex-files/{}/{id}", &id[30..]);
    assert!(bucket.objects.lock().expect("a lock").contains_key(&key), "{key}");
    // What is not what it says leaves no part behind.
    let binary = [pdf(6_000_000), vec![0xff]].concat();
    owner.attach(&draft, "a.txt", "public", "text/plain", &binary).expect(422).problem("file_type_mismatch");
    assert_eq!(bucket.count(), 2);
    // It goes away.
    let link = owner.link(&files[0]);
    bucket.down.store(true, Ordering::SeqCst);
    for content in &contents {
        let refused =
            owner.attach(&draft, "a.pdf", "public", PDF, content).expect(503).problem("file_store_unavailable");
        assert!(refused.header("retry-after").is_some());
    }
    owner.get(&link).expect(503).problem("file_store_unavailable");
    owner.get(&link.replace("?pass=", "?pass=x")).expect(403);
    assert_eq!(rows::count(x.database_url(), "attachments"), 2);
    owner.delete(&files[0]).expect(204);
    owner.get(&link).expect(404).problem("not_found");
    // It comes back, and what waited is done.
    bucket.down.store(false, Ordering::SeqCst);
    x.eventually("the bytes are removed", || {
        x.clock.advance(60);
        x.system.app.wake_workers();
        bucket.count() == 1
    });
}

#[test]
fn the_doctor_tries_the_file_store() {
    let x = Exchange::start_with(Engine::Sqlite, |_| {});
    let run = techex(&x, &["doctor", "--json"]);
    let told = |run: &crate::harness::Run| {
        let report: Value = serde_json::from_str(&run.told).expect("JSON");
        let findings = report["findings"].as_array().cloned().unwrap_or_default();
        findings.iter().find(|one| one["about"] == "files").map(|one| one["code"].clone()).expect("a finding")
    };
    assert_eq!(told(&run), "files_kept");
    let s3 =
        ["doctor", "--json", "--set", "files.s3_bucket=b", "--set", "files.s3_key_id=k", "--set", "files.s3_secret=s"];
    let s3 = [s3.as_slice(), &["--set", "files.s3_endpoint=http://127.0.0.1:1"]].concat();
    assert_eq!(told(&techex(&x, &s3)), "files_unusable");
    techex(&x, &["config", "--set", "files.s3_bucket=b"]).refuses("files.s3_key_id and files.s3_secret");
    techex(&x, &["config", "--set", "files.types=[\"text/html\"]"]).refuses("files.types");
}
