//! Problems on the wire: `application/problem+json` (RFC 9457).

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use super::middleware::RequestContext;
use crate::kernel::code::Code;
use crate::kernel::locale::Locale;
use crate::kernel::problem::Problem;

/// The media type of problems.
pub(super) const MEDIA_TYPE: &str = "application/problem+json";

/// Why a request was not carried out (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct ProblemBody<'a> {
    /// Identifies the kind of problem; stands for `code`.
    #[serde(rename = "type")]
    #[schema(example = "urn:techex:problem:not_found")]
    pub kind: String,
    /// What went wrong, in the language asked for.
    pub title: &'a str,
    /// The HTTP status.
    #[schema(example = 404)]
    pub status: u16,
    /// What went wrong this time and what to do about it, in the language asked for.
    pub detail: String,
    /// The path of the request.
    pub instance: &'a str,
    /// Stable; programs should look at this only.
    #[schema(example = "not_found")]
    pub code: &'a str,
    /// What is wrong with which field; only where the content was understood but is not valid.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<FieldProblem<'a>>,
    /// Names this request in the server's log.
    pub trace_id: &'a str,
}

/// One thing wrong with one field.
#[derive(Serialize, ToSchema)]
pub(super) struct FieldProblem<'a> {
    /// Where in the body (JSON pointer, RFC 6901); `/name` for a query parameter.
    #[schema(example = "/title")]
    pub pointer: &'a str,
    /// Stable.
    #[schema(example = "too_long")]
    pub code: &'a str,
    /// What is wrong, in the language asked for.
    pub detail: String,
}

impl<'a> ProblemBody<'a> {
    pub(super) fn new(problem: &'a Problem, locale: Locale, instance: &'a str, trace_id: &'a str) -> Self {
        let errors = problem.errors.iter();
        Self {
            kind: format!("urn:techex:problem:{}", problem.code.as_str()),
            title: problem.code.title(locale),
            status: problem.code.status(),
            detail: problem.detail(locale),
            instance,
            code: problem.code.as_str(),
            errors: errors
                .map(|e| FieldProblem { pointer: &e.pointer, code: e.code.as_str(), detail: e.detail(locale) })
                .collect(),
            trace_id,
        }
    }
}

/// The answer that tells a problem, with the headers its status asks for.
pub(super) fn render(problem: &Problem, context: &RequestContext, path: &str) -> HttpResponse {
    let status = StatusCode::from_u16(problem.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponseBuilder::new(status);
    response.insert_header((header::CONTENT_TYPE, MEDIA_TYPE));
    response.insert_header((header::CONTENT_LANGUAGE, context.locale.as_str()));
    if status == StatusCode::UNAUTHORIZED {
        let error = if problem.code == Code::InvalidToken { ", error=\"invalid_token\"" } else { "" };
        response.insert_header((header::WWW_AUTHENTICATE, format!("Bearer realm=\"techex\"{error}")));
    }
    if let Some(seconds) = problem.retry_after() {
        response.insert_header((header::RETRY_AFTER, seconds));
    }
    if let (Code::MethodNotAllowed, Some(allowed)) = (problem.code, problem.argument("allowed")) {
        response.insert_header((header::ALLOW, allowed));
    }
    if let (Code::RangeNotSatisfiable, Some(size)) = (problem.code, problem.argument("size")) {
        response.insert_header((header::CONTENT_RANGE, format!("bytes */{size}")));
    }
    response.json(ProblemBody::new(problem, context.locale, path, &context.trace_id))
}

/// Lets handlers and extractors fail with a problem; the outermost middleware renders it.
impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code.as_str())
    }
}
