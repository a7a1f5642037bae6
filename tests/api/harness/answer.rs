//! An answer, which a test has to look at.

use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use techex::http::Operation;

/// An answer of the API.
pub struct Answer {
    pub method: String,
    pub path: String,
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub text: String,
}

/// Path templates with their methods and the statuses the OpenAPI document tells of.
static DOCUMENTED: LazyLock<Vec<(&str, String, BTreeSet<u16>)>> = LazyLock::new(|| {
    let operations = techex::wiring::operations();
    let row = |operation: &Operation| {
        let (method, path) = operation.address();
        (path, method.to_string(), operation.statuses())
    };
    operations.iter().map(row).collect()
});

impl Answer {
    /// Checks that the OpenAPI document tells of this answer.
    pub fn documented(self) -> Self {
        let path = self.path.split('?').next().unwrap_or_default();
        let fits = |template: &str| {
            let (a, b): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
            a.len() == b.len() && a.iter().zip(&b).all(|(t, p)| t.starts_with('{') || t == p)
        };
        let mut candidates: Vec<_> =
            DOCUMENTED.iter().filter(|(template, method, _)| fits(template) && *method == self.method).collect();
        candidates.sort_by_key(|(template, ..)| template.matches('{').count());
        if let Some((template, method, statuses)) = candidates.first() {
            assert!(
                statuses.contains(&self.status),
                "{method} {template} answered {}, which is not documented: {}",
                self.status,
                self.text
            );
        }
        self
    }

    /// Checks the status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} {}: {}", self.method, self.path, self.text);
        self
    }

    /// Checks that it is the problem with this code, in the form all problems have.
    #[track_caller]
    pub fn problem(self, code: &str) -> Self {
        let body = self.json();
        assert_eq!(body["code"], code, "{} {}: {}", self.method, self.path, self.text);
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.text);
        assert_eq!(body["status"], self.status);
        assert_eq!(body["trace_id"].as_str(), self.header("x-request-id"));
        assert!(
            !body["title"].as_str().unwrap_or_default().is_empty()
                && !body["detail"].as_str().unwrap_or_default().is_empty()
        );
        assert!(!body["detail"].as_str().unwrap_or_default().contains('{'), "a text is not filled in: {}", self.text);
        self
    }

    /// Checks that a field error of this code is told at this place.
    #[track_caller]
    pub fn field(self, pointer: &str, code: &str) -> Self {
        let body = self.json();
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        assert!(
            errors.iter().any(|e| e["pointer"] == pointer && e["code"] == code),
            "no {code} at {pointer}: {}",
            self.text
        );
        self
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{} {}: {error}: {}", self.method, self.path, self.text))
    }

    /// A text inside the body.
    #[track_caller]
    pub fn text_at(&self, pointer: &str) -> String {
        let body = self.json();
        body.pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("no text at {pointer}: {body}"))
            .to_owned()
    }

    pub fn id(&self) -> String {
        self.text_at("/id")
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    #[track_caller]
    pub fn etag(&self) -> String {
        self.header("etag").unwrap_or_else(|| panic!("no ETag: {} {}", self.method, self.path)).to_owned()
    }

    /// The titles in a list.
    pub fn titles(&self) -> Vec<String> {
        let body = self.json();
        let items = body["items"].as_array().cloned().unwrap_or_default();
        let title = |item: &Value| {
            [&item["title"], &item["listing"]["title"], &item["order"]["title"]]
                .into_iter()
                .find_map(|t| t.as_str().map(str::to_owned))
        };
        items.iter().filter_map(title).collect()
    }
}
