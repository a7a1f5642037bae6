//! A live Meilisearch server, where one is at hand.

use techex::config::{Config, Secret};

/// A part of the server for one test: indexes with a prefix of their own, which are removed afterwards.
pub struct LiveSearch {
    url: String,
    key: String,
    prefix: String,
}

impl LiveSearch {
    /// The server that `MEILI_URL` names (`MEILI_KEY` is its key); says so if there is none.
    pub fn find() -> Option<Self> {
        let url = std::env::var("MEILI_URL").ok().filter(|url| !url.is_empty());
        let Some(url) = url else {
            println!("skipped: MEILI_URL names no Meilisearch server");
            return None;
        };
        let prefix = format!("test-{}", uuid::Uuid::new_v4().simple());
        Some(Self { url, key: std::env::var("MEILI_KEY").unwrap_or_default(), prefix })
    }

    /// Makes an exchange search there.
    pub fn configure(&self, config: &mut Config) {
        config.search.meili_url.clone_from(&self.url);
        config.search.meili_key = Secret::new(&self.key);
        config.search.meili_prefix.clone_from(&self.prefix);
    }

    fn call(&self, method: &str, path: &str) -> Result<serde_json::Value, String> {
        let url = format!("{}{path}", self.url.trim_end_matches('/'));
        let request = ureq::http::Request::builder().method(method).uri(url);
        let request = request.header("authorization", format!("Bearer {}", self.key)).body(());
        let mut answer = ureq::run(request.map_err(|error| error.to_string())?).map_err(|error| error.to_string())?;
        let text = answer.body_mut().read_to_string().map_err(|error| error.to_string())?;
        serde_json::from_str(&text).map_err(|error| error.to_string())
    }
}

impl Drop for LiveSearch {
    fn drop(&mut self) {
        let Ok(indexes) = self.call("GET", "/indexes?limit=1000") else { return };
        let names = indexes["results"].as_array().into_iter().flatten().filter_map(|index| index["uid"].as_str());
        for name in names.filter(|name| name.starts_with(&self.prefix)) {
            let _ = self.call("DELETE", &format!("/indexes/{name}"));
        }
    }
}
