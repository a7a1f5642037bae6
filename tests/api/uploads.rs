//! Files that are refused or cut off, and the room there is: nothing is kept of what is not taken.

use std::io::{Read, Write};
use std::net::TcpStream;
use techex::config::Config;

use crate::harness::{Answer, Client, Exchange, PDF, Then, pdf};
use crate::{on_both, rows};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// A request that sends a file, without what ends its head.
fn head(client: &Client, draft: &str) -> String {
    let token = client.token.clone().unwrap_or_default();
    format!(
        "POST {draft}/attachments?name=a.pdf&disclosure=public HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
         content-type: {PDF}\r\n"
    )
}

fn raw(x: &Exchange, client: &Client, draft: &str, more: &str, body: &[u8], then: Then) -> Answer {
    let head = format!("{}{more}\r\n", head(client, draft));
    x.raw(&[head.as_bytes(), body].concat(), then).documented()
}

/// Begins to send a file over a connection that stays open.
fn begun(x: &Exchange, client: &Client, draft: &str) -> TcpStream {
    let mut stream = TcpStream::connect(x.address).expect("a connection");
    write!(stream, "{}content-length: 1000\r\n\r\n%PDF-1.7", head(client, draft)).expect("it is sent");
    stream
}

fn assert_nothing_kept(x: &Exchange) {
    assert_eq!(rows::count(x.database_url(), "attachments"), 0);
    x.eventually("nothing is left of it", || x.stored_files().is_empty());
}

fn small(config: &mut Config) {
    config.files.max_bytes = 100_000;
    config.server.body_seconds = 1;
}

fn one_place(config: &mut Config) {
    config.files.uploads = 1;
}

fn little_room(config: &mut Config) {
    config.files.quota_bytes = 1_000;
}

fn pictures_only(config: &mut Config) {
    config.files.types = vec!["image/png".parse().expect("a type")];
}

on_both! {
    fn what_is_not_what_it_says_is_refused(x) {
        let owner = x.researcher();
        let (draft, _) = owner.draft_listing("Máy sấy");
        let add = |name: &str, kind: &str, content: &[u8]| owner.attach(&draft, name, "public", kind, content);
        let (html, svg) = (b"<!DOCTYPE html><script>alert(1)</script>".as_slice(), b"<svg onload='alert(1)'/>".as_slice());
        for (name, kind, content) in [
            ("a.html", "text/html", html),
            ("a.svg", "image/svg+xml", svg),
            ("a.xml", "application/xml", html),
            ("a.exe", "application/octet-stream", b"MZ"),
            ("a.doc", "application/msword", b"x"),
            ("a.js", "text/javascript", b"alert(1)"),
        ] {
            add(name, kind, content).expect(415).problem("unsupported_media_type");
        }
        let long = [html, "x".repeat(2_000_000).as_bytes()].concat();
        for (name, kind, content) in [
            ("a.txt", "text/plain", html),
            ("a.csv", "text/csv", svg),
            ("a.pdf", PDF, html),
            ("a.png", "image/png", &pdf(100)),
            ("a.pdf", PDF, b"MZ\x90\0"),
            ("a.txt", "text/plain", b"\0\0\0"),
            ("a.txt", "text/plain; charset=utf-8", b"\xff\xfe"),
            ("a.docx", DOCX, b"PK\x03\x04 no archive"),
            ("a.txt", "text/plain", &long),
            ("a.txt", "text/plain", &["x".repeat(2_000_000).as_bytes(), b"\xc4"].concat()),
            ("a.pdf", PDF, b""),
        ] {
            add(name, kind, content).expect(422).problem("file_type_mismatch");
        }
        for (name, code) in [
            ("a.exe", "invalid_format"),
            ("a.pdf.html", "invalid_format"),
            (".pdf", "invalid_format"),
            ("../a.pdf", "invalid_format"),
            ("a\\b.pdf", "invalid_format"),
            ("a\u{202e}fdp.pdf", "invalid_format"),
            ("a\r\nx-evil: 1.pdf", "control_character"),
            ("a\0.pdf", "control_character"),
            ("", "required"),
            (&format!("{}.pdf", "x".repeat(200)), "too_long"),
        ] {
            add(name, PDF, &pdf(100)).expect(422).field("/name", code);
        }
        owner.attach(&draft, "a.pdf", "secret", PDF, &pdf(100)).expect(422).field("/disclosure", "not_a_choice");
        let bare = owner.send("POST", &format!("{draft}/attachments"), Some(PDF), &pdf(100)).expect(422);
        bare.field("/name", "required").field("/disclosure", "required");
        let (order, _) = (owner.post(&owner.orders(), &crate::harness::order("Cần máy sấy")).expect(201).id(), ());
        let order = format!("/v1/orders/{order}");
        owner.attach(&order, "a.pdf", "confidential", PDF, &pdf(100)).expect(422).field("/disclosure", "not_allowed_here");
        assert_nothing_kept(x);
        // What is what it says.
        add("Số liệu.csv", "text/csv", "tên,số\nđộ ẩm,12\n".as_bytes()).expect(201);
        add("Ghi chú.TXT", "Text/Plain; charset=UTF-8", "Nước < 5 mg/l".as_bytes()).expect(201);
    }

    fn only_types_that_are_set_are_taken(x) with(pictures_only) {
        let owner = x.researcher();
        let (draft, _) = owner.draft_listing("Máy sấy");
        let refused = owner.in_english().attach(&draft, "a.pdf", "public", PDF, &pdf(100)).expect(415);
        assert!(refused.text_at("/detail").ends_with("Content-Type: image/png."), "{}", refused.text);
    }

    fn large_slow_and_cut_off_files_leave_nothing(x) with(small) {
        let owner = x.researcher();
        let (draft, _) = owner.draft_listing("Máy sấy");
        owner.attach(&draft, "a.pdf", "public", PDF, &pdf(100_001)).expect(413).problem("body_too_large");
        let chunked = |body: &[u8], then: Then| raw(x, &owner, &draft, "transfer-encoding: chunked\r\n", body, then);
        let large = [b"186a1\r\n".as_slice(), &pdf(100_001), b"\r\n0\r\n\r\n"].concat();
        chunked(&large, Then::Wait).expect(413).problem("body_too_large");
        chunked(b"9\r\n%PDF-1.7\n\r\n", Then::Wait).expect(408).problem("request_timeout");
        raw(x, &owner, &draft, "content-length: 1000\r\n", b"%PDF-1.7", Then::Wait).expect(408).problem("request_timeout");
        raw(x, &owner, &draft, "content-length: 1000\r\n", b"%PDF-1.7", Then::Close).expect(400).problem("incomplete_body");
        raw(x, &owner, &draft, "content-encoding: gzip\r\ncontent-length: 3\r\n", b"abc", Then::Wait).expect(415);
        assert_nothing_kept(x);
        assert_eq!(rows::count(x.database_url(), "incoming_files"), 4);
        owner.attach(&draft, "a.pdf", "public", PDF, &pdf(100_000)).expect(201);
        // They are looked after when nobody can still be sending them.
        x.run_jobs();
        assert_eq!(rows::count(x.database_url(), "incoming_files"), 4);
        x.clock.advance(86_401);
        x.run_jobs();
        assert_eq!(rows::count(x.database_url(), "incoming_files"), 0);
        assert_eq!(x.stored_files().len(), 1);
    }

    fn what_a_killed_server_left_is_cleared_away(x) {
        let (id, young) = ("0198c5a1f2b07cc08d3e5f0a1b2c3dab", "0198c5a1f2b07cc08d3e5f0a1b2c3dac");
        let folder = x.folder.path().join("files/ab");
        std::fs::create_dir_all(&folder).expect("a folder");
        for name in [id.to_owned(), format!("{id}#1")] {
            std::fs::write(folder.join(name), b"cut off").expect("a file");
        }
        let text = |id: &str| if x.database_url().starts_with("sqlite:") { format!("x'{id}'") } else { format!("'{id}'") };
        let row = |id: &str, at: &str| {
            let sql = format!("INSERT INTO incoming_files (id, begun_at) VALUES ({}, '{at}')", text(id));
            rows::execute(x.database_url(), &sql).expect("a row");
        };
        row(id, "2026-11-22T01:59:59.000000Z");
        row(young, "2026-11-22T02:00:01.000000Z");
        x.run_jobs();
        assert!(x.stored_files().is_empty());
        assert_eq!(rows::select(x.database_url(), "{id:id}", "incoming_files"), [young]);
    }

    fn there_are_so_many_places_and_nobody_holds_one_for_ever(x) with(one_place) {
        let owner = x.researcher();
        let (draft, _) = owner.draft_listing("Máy sấy");
        let add = || owner.attach(&draft, "a.pdf", "public", PDF, &pdf(100));
        let held = begun(x, &owner, &draft);
        x.eventually("the place is taken", || rows::count(x.database_url(), "incoming_files") == 1);
        let busy = add().expect(503).problem("overloaded");
        assert_eq!(busy.header("retry-after"), Some("5"));
        drop(held);
        x.eventually("the place is free", || add().status == 201);
    }

    fn the_quota_holds_however_many_ask_at_once(x) with(little_room) {
        let (owner, other) = (x.researcher(), x.enterprise());
        let (draft, _) = owner.draft_listing("Máy sấy");
        owner.attach(&draft, "a.pdf", "public", PDF, &pdf(1_001)).expect(409).problem("quota_reached");
        for round in 0..3 {
            let add = || owner.attach(&draft, "a.pdf", "public", PDF, &pdf(600));
            let answers: Vec<Answer> = std::thread::scope(|scope| {
                let threads: Vec<_> = (0..4).map(|_| scope.spawn(add)).collect();
                threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
            });
            let (taken, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
            assert_eq!(taken.len(), 1, "round {round}");
            for answer in refused {
                answer.expect(409).problem("quota_reached");
            }
            assert_eq!(rows::count(x.database_url(), "attachments"), 1);
            x.eventually("one file is left", || x.stored_files().len() == 1);
            owner.delete(taken[0].header("location").expect("a place")).expect(204);
        }
        // Each organisation has room of its own.
        let (theirs, _) = other.draft_listing("Máy nghiền");
        other.attach(&theirs, "a.pdf", "public", PDF, &pdf(1_000)).expect(201);
    }

    fn one_thing_has_so_many_files(x) {
        let owner = x.researcher();
        let (draft, _) = owner.draft_listing("Máy sấy");
        for _ in 0..50 {
            owner.attach_pdf(&draft, "public");
        }
        owner.attach(&draft, "a.pdf", "confidential", PDF, &pdf(50)).expect(409).problem("limit_reached");
    }
}

/// A sender that stops reading does not keep what it is sent in the server.
#[test]
fn a_download_that_is_broken_off_harms_nobody() {
    let x = Exchange::start_with(crate::harness::Engine::Sqlite, |_| {});
    let owner = x.researcher();
    let (draft, _) = owner.draft_listing("Máy sấy");
    let added = owner.attach(&draft, "a.pdf", "public", PDF, &pdf(8_000_000)).expect(201);
    let link = owner.link(added.header("location").expect("a place"));
    for _ in 0..20 {
        let mut stream = TcpStream::connect(x.address).expect("a connection");
        write!(stream, "GET {link} HTTP/1.1\r\nhost: x\r\n\r\n").expect("it is sent");
        stream.read_exact(&mut [0; 1_000]).expect("a beginning");
    }
    assert_eq!(x.visitor().get(&link).expect(200).text.len(), 8_000_000);
}
