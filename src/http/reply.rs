//! A successful answer: status, headers and body, in a form that can be stored with an idempotency key.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HttpDate};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, Responder};
use serde::{Deserialize, Serialize};
use std::time::{Duration, SystemTime};

use super::etag;
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::problem::Problem;

/// What a handler returns.
pub type Answer = Result<Reply, Problem>;

/// An answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reply {
    status: u16,
    body: Option<String>,
    etag: Option<String>,
    location: Option<String>,
    #[serde(default)]
    link: Option<String>,
    #[serde(skip)]
    modified: Option<HttpDate>,
    #[serde(skip)]
    media_type: Option<&'static str>,
    #[serde(skip)]
    public: bool,
    #[serde(skip)]
    refusal: Option<Box<Problem>>,
}

impl Reply {
    fn new(status: StatusCode, body: Option<String>) -> Self {
        Self {
            status: status.as_u16(),
            body,
            etag: None,
            location: None,
            link: None,
            modified: None,
            media_type: None,
            public: false,
            refusal: None,
        }
    }

    fn json(status: StatusCode, body: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_string(body).map_err(|error| {
            tracing::error!(%error, "an answer does not serialise");
            Problem::new(Code::InternalError)
        })?;
        Ok(Self::new(status, Some(body)))
    }

    /// 200 with a body.
    ///
    /// # Errors
    /// `internal_error` when the body does not serialise.
    pub fn ok(body: &impl Serialize) -> Result<Self, Problem> {
        Self::json(StatusCode::OK, body)
    }

    /// 200 with a body that is JSON already.
    #[must_use]
    pub fn verbatim(json: &str) -> Self {
        Self::new(StatusCode::OK, Some(json.to_owned()))
    }

    /// 200 with a text of another media type than JSON.
    #[must_use]
    pub fn text(media_type: &'static str, body: String) -> Self {
        Self { media_type: Some(media_type), ..Self::new(StatusCode::OK, Some(body)) }
    }

    /// 201 with a body, at `location`.
    ///
    /// # Errors
    /// As [`Reply::ok`].
    pub fn created(location: String, body: &impl Serialize) -> Result<Self, Problem> {
        let mut reply = Self::json(StatusCode::CREATED, body)?;
        reply.location = Some(location);
        Ok(reply)
    }

    /// 202 with a body: accepted, and carried out later.
    ///
    /// # Errors
    /// As [`Reply::ok`].
    pub fn accepted(body: &impl Serialize) -> Result<Self, Problem> {
        Self::json(StatusCode::ACCEPTED, body)
    }

    /// 204.
    #[must_use]
    pub fn no_content() -> Self {
        Self::new(StatusCode::NO_CONTENT, None)
    }

    /// A problem whose reason has to be remembered: what was written before it is committed.
    #[must_use]
    pub fn refused(problem: Problem) -> Self {
        let status = StatusCode::from_u16(problem.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { refusal: Some(Box::new(problem)), ..Self::new(status, None) }
    }

    /// The same answer with the `ETag` of a resource at `version`.
    #[must_use]
    pub fn version(mut self, version: i64) -> Self {
        self.etag = Some(etag::of(version, self.body.as_deref().unwrap_or_default()));
        self
    }

    /// The same answer with the `ETag` of another: for what carries a new resource among other things, because the tag in a
    /// 201 is that of the resource (RFC 9110 §15.3.2).
    #[must_use]
    pub fn tagged_like(mut self, resource: &Self) -> Self {
        self.etag.clone_from(&resource.etag);
        self
    }

    /// The same answer with an `ETag` of its content alone, for what has no version: lists.
    #[must_use]
    pub fn content_tagged(self) -> Self {
        self.version(0)
    }

    /// The same answer with a link to the next page (RFC 8288).
    #[must_use]
    pub fn next_page(mut self, url: Option<String>) -> Self {
        self.link = url.map(|url| format!("<{url}>; rel=\"next\""));
        self
    }

    /// The same answer with the time of the last change of what it shows (RFC 9110 §8.8.2), which has no more than seconds.
    #[must_use]
    pub fn last_modified(mut self, at: At) -> Self {
        let seconds = u64::try_from(at.seconds()).unwrap_or_default();
        self.modified = Some(HttpDate::from(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)));
        self
    }

    /// Allows caches to keep the answer, if they ask each time whether it still holds: for what everybody may read, but
    /// nobody any more once it is withdrawn.
    #[must_use]
    pub fn cacheable(mut self) -> Self {
        self.public = true;
        self
    }
}

impl Responder for Reply {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        if let Some(problem) = self.refusal {
            return HttpResponse::from_error(*problem);
        }
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let unchanged = status == StatusCode::OK
            && self.etag.as_deref().is_some_and(|tag| etag::matches(request.headers().get(header::IF_NONE_MATCH), tag));
        let mut response = HttpResponseBuilder::new(if unchanged { StatusCode::NOT_MODIFIED } else { status });
        if let Some(tag) = self.etag {
            response.insert_header((header::ETAG, tag));
        }
        if let Some(location) = self.location {
            response.insert_header((header::LOCATION, location));
        }
        if let Some(link) = self.link {
            response.insert_header((header::LINK, link));
        }
        if let Some(modified) = self.modified {
            response.insert_header((header::LAST_MODIFIED, modified));
        }
        if self.public {
            response.insert_header((header::CACHE_CONTROL, "public, no-cache"));
            response.insert_header((header::VARY, "Authorization"));
        }
        match self.body {
            Some(body) if !unchanged => response.content_type(self.media_type.unwrap_or("application/json")).body(body),
            _ => response.finish(),
        }
    }
}
