//! Files as people send and get them.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::answer::Answer;
use super::exchange::Exchange;
use super::people::Client;

pub const PDF: &str = "application/pdf";

/// A PDF, as far as its beginning goes, of so many bytes.
pub fn pdf(size: usize) -> Vec<u8> {
    let digits = (0..).flat_map(|line: u32| format!("% line {line}\n").into_bytes());
    b"%PDF-1.7\n".iter().copied().chain(digits).take(size).collect()
}

/// Percent-encodes everything but letters and digits (RFC 3986).
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, byte| {
        if byte.is_ascii_alphanumeric() {
            all.push(char::from(byte));
        } else {
            write!(all, "%{byte:02X}").expect("text");
        }
        all
    })
}

impl Client {
    /// Adds a file to what is at this path.
    #[must_use]
    pub fn attach(&self, holder: &str, name: &str, disclosure: &str, kind: &str, content: &[u8]) -> Answer {
        let path = format!("{holder}/attachments?name={}&disclosure={disclosure}", encoded(name));
        self.send("POST", &path, Some(kind), content)
    }

    /// Adds a small PDF; its path.
    pub fn attach_pdf(&self, holder: &str, disclosure: &str) -> String {
        let added = self.attach(holder, "Phụ lục.pdf", disclosure, PDF, &pdf(100)).expect(201);
        added.header("location").expect("a location").to_owned()
    }

    /// The path of a link to a file.
    pub fn link(&self, file: &str) -> String {
        let url = self.post_nothing(&format!("{file}/link")).expect(200).text_at("/url");
        let (_, path) = url.split_once("/v1/").expect("an address of ours");
        format!("/v1/{path}")
    }

    /// A POST without a body.
    #[must_use]
    pub fn post_nothing(&self, path: &str) -> Answer {
        self.send("POST", path, None, b"")
    }
}

impl Exchange {
    /// All that lies in the folder of the file store.
    pub fn stored_files(&self) -> Vec<PathBuf> {
        fn walk(folder: &Path, into: &mut Vec<PathBuf>) {
            for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
                match entry.path().is_dir() {
                    true => walk(&entry.path(), into),
                    false => into.push(entry.path()),
                }
            }
        }
        let mut files = Vec::new();
        walk(&self.folder.path().join("files"), &mut files);
        files
    }
}
