//! The outermost middleware: gives each request its identity, refuses what no endpoint accepts, turns every failure into
//! a problem, adds the security headers, and writes the log line and the figures.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, ResponseError, web};
use futures_util::FutureExt;
use std::cell::Cell;
use std::net::{IpAddr, Ipv4Addr};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use super::problem;
use crate::app::App;
use crate::kernel::code::Code;
use crate::kernel::locale::Locale;
use crate::kernel::problem::Problem;

/// What is known of a request besides its content.
#[derive(Clone, Debug)]
pub(super) struct RequestContext {
    /// 32 hexadecimal digits: the caller's trace id (W3C Trace Context) or a new one.
    pub trace_id: String,
    /// The language to answer in.
    pub locale: Locale,
    /// The client.
    pub address: IpAddr,
    /// What the client calls itself.
    pub user_agent: String,
    /// The operation, once the router has found it.
    pub operation: Arc<OnceLock<&'static str>>,
}

/// Longest address accepted, in bytes.
const URI_LIMIT: usize = 8_192;

/// The middleware. It keeps no reference to the request while that is routed, because the router needs it alone.
pub(super) async fn trace(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let context = context(&request);
    request.extensions_mut().insert(context.clone());
    let line = Line {
        app: request.app_data::<web::Data<App>>().cloned(),
        method: request.method().clone(),
        path: request.path().to_owned(),
        started,
    };
    let finish = |response: HttpResponse| {
        let mut response = explain(response, &context, &line.path);
        add_headers(response.headers_mut(), &context);
        line.write(&context, &response);
        response
    };
    if let Some(refusal) = refuse(&request) {
        return Ok(request.into_response(finish(HttpResponse::from_error(refusal))));
    }
    match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(Ok(response)) => {
            let (http, response) = response.into_parts();
            Ok(ServiceResponse::new(http, finish(response.map_into_boxed_body())))
        }
        Ok(Err(error)) => Err(Finished::wrap(finish(HttpResponse::from_error(error)))),
        Err(_) => {
            tracing::error!(trace_id = context.trace_id, "a handler panicked");
            Err(Finished::wrap(finish(HttpResponse::from_error(Problem::new(Code::InternalError)))))
        }
    }
}

/// A finished answer on its way out where the request is gone, so that only an error can carry it.
struct Finished(Cell<Option<HttpResponse>>);

impl Finished {
    fn wrap(response: HttpResponse) -> Error {
        Self(Cell::new(Some(response))).into()
    }
}

impl std::fmt::Debug for Finished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a finished answer")
    }
}

impl std::fmt::Display for Finished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a finished answer")
    }
}

impl ResponseError for Finished {
    fn error_response(&self) -> HttpResponse {
        self.0.take().unwrap_or_else(|| HttpResponse::InternalServerError().finish())
    }
}

fn refuse(request: &ServiceRequest) -> Option<Problem> {
    if request.uri().path_and_query().is_some_and(|uri| uri.as_str().len() > URI_LIMIT) {
        return Some(Problem::new(Code::UriTooLong).with("max", URI_LIMIT));
    }
    let encoding = request.headers().get(header::CONTENT_ENCODING)?;
    (!encoding.as_bytes().eq_ignore_ascii_case(b"identity")).then(|| Code::UnsupportedEncoding.into())
}

/// Every failure, from wherever it comes, in the one form.
fn explain(response: HttpResponse, context: &RequestContext, path: &str) -> HttpResponse {
    let problem = match response.error() {
        Some(error) => error.as_error::<Problem>().cloned().unwrap_or_else(|| {
            tracing::warn!(%error, trace_id = context.trace_id, "the framework refused a request");
            let malformed =
                Problem::new(Code::MalformedHeader).with("header", "request").with("expected", "a valid HTTP request");
            if response.status().is_server_error() { Code::InternalError.into() } else { malformed }
        }),
        None => return response,
    };
    let mut explained = problem::render(&problem, context, path);
    for (name, value) in response.headers() {
        if !explained.headers().contains_key(name) {
            explained.headers_mut().insert(name.clone(), value.clone());
        }
    }
    explained
}

fn context(request: &ServiceRequest) -> RequestContext {
    let text = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let app = request.app_data::<web::Data<App>>();
    let trace_id = caller_trace(text(HeaderName::from_static("traceparent"))).unwrap_or_else(|| {
        app.map(|app| app.writing.ids.next(app.clock.now()).simple().to_string()).unwrap_or_default()
    });
    let proxies = app.map(|app| app.config.server.trusted_proxies.as_slice()).unwrap_or_default();
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
    RequestContext {
        trace_id,
        locale: Locale::negotiate(text(header::ACCEPT_LANGUAGE)),
        address: client_address(peer, text(header::X_FORWARDED_FOR), proxies),
        user_agent: text(header::USER_AGENT).to_owned(),
        operation: Arc::default(),
    }
}

/// The trace id of a `traceparent` header (W3C Trace Context).
fn caller_trace(header: &str) -> Option<String> {
    let id = header.strip_prefix("00-")?.get(..32)?;
    let hex = id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    (hex && id.bytes().any(|b| b != b'0')).then(|| id.to_owned())
}

/// The last address that no trusted proxy stands for.
fn client_address(peer: IpAddr, forwarded: &str, proxies: &[IpAddr]) -> IpAddr {
    if !proxies.contains(&peer) {
        return peer;
    }
    let hops = forwarded.rsplit(',').map_while(|hop| hop.trim().parse::<IpAddr>().ok());
    hops.into_iter().find(|hop| !proxies.contains(hop)).unwrap_or(peer)
}

fn add_headers(headers: &mut HeaderMap, context: &RequestContext) {
    if let Ok(id) = HeaderValue::from_str(&context.trace_id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}

/// The log line of a request.
struct Line {
    app: Option<web::Data<App>>,
    method: Method,
    path: String,
    started: Instant,
}

impl Line {
    fn write(&self, context: &RequestContext, response: &HttpResponse) {
        let took = self.started.elapsed();
        let status = response.status().as_u16();
        let operation = context.operation.get().copied().unwrap_or("none");
        if let Some(app) = &self.app {
            app.metrics.answered(operation, status, took);
        }
        tracing::info!(
            target: "techex::access",
            operation, status,
            method = self.method.as_str(),
            path = self.path,
            micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            trace_id = context.trace_id,
            "answered"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forwarded_addresses_are_believed_only_from_proxies() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let proxies = [ip("10.0.0.1"), ip("10.0.0.2")];
        for (peer, header, client) in [
            ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
            ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
            ("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
            ("10.0.0.1", "garbage", "10.0.0.1"),
            ("10.0.0.1", "", "10.0.0.1"),
        ] {
            assert_eq!(client_address(ip(peer), header, &proxies), ip(client), "{peer} {header}");
        }
    }

    #[test]
    fn trace_ids() {
        assert_eq!(
            caller_trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").as_deref(),
            Some("4bf92f3577b34da6a3ce929d0e0e4736")
        );
        for wrong in [
            "",
            "00-short",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-x",
        ] {
            assert_eq!(caller_trace(wrong), None, "{wrong}");
        }
    }
}
