//! From operations to routes: one resource for each path, and before each handler the gate that counts the request, looks
//! at the token, and reads the body within its limits.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{HttpServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::guard::{self, Guard};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, Bytes, BytesMut, ServiceConfig};
use actix_web::{Error, FromRequest, Handler, HttpMessage, Responder};
use futures_util::StreamExt;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::extract::{Bearer, RawBody, Token};
use super::middleware::RequestContext;
use super::operation::{Idempotency, Operation, Rate};
use super::rate_limit::Client;
use super::{docs, health};
use crate::app::App;
use crate::kernel::code::Code;
use crate::kernel::problem::Problem;

/// What the gate and the extractors need to know of an operation.
pub(super) struct Gate {
    pub id: &'static str,
    method: Method,
    rate: Rate,
    body: Option<&'static str>,
    pub idempotency: Idempotency,
    pub if_match: bool,
}

impl Gate {
    fn of(operation: &Operation) -> Arc<Self> {
        Arc::new(Self {
            id: operation.id,
            method: operation.method.clone(),
            rate: operation.rate,
            body: operation.body.as_ref().filter(|body| !body.streamed).map(|body| body.media_type),
            idempotency: operation.idempotency,
            if_match: operation.if_match,
        })
    }
}

/// Registers every operation, the documentation and the health checks.
pub fn configure(config: &mut ServiceConfig, operations: &[Operation], document: &Arc<docs::Document>) {
    let mut paths: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    for operation in operations {
        paths.entry(operation.path).or_default().push(operation);
    }
    // Fixed segments before parameters: `/v1/sessions/current` before `/v1/sessions/{id}`.
    let mut ordered: Vec<_> = paths.into_iter().collect();
    ordered.sort_by_key(|(path, _)| path.matches('{').count());
    for (path, operations) in ordered {
        config.service(resource(path, &operations));
    }
    docs::configure(config, document);
    health::configure(config);
    config.default_service(web::to(|| async { Err::<String, _>(Problem::new(Code::RouteNotFound)) }));
}

fn resource(path: &str, operations: &[&Operation]) -> impl HttpServiceFactory + 'static {
    let gates: Arc<[Arc<Gate>]> = operations.iter().map(|operation| Gate::of(operation)).collect();
    let mut resource = web::resource(path.to_owned());
    for operation in operations {
        resource = resource.route((operation.route)().guard(accepts(operation.method.clone())));
    }
    let allowed = allowed(operations);
    resource
        .default_service(web::to(move || {
            let problem = Problem::new(Code::MethodNotAllowed).with("allowed", &allowed);
            async move { Err::<String, _>(problem) }
        }))
        .wrap(from_fn(move |request, next| pass(Arc::clone(&gates), request, next)))
}

/// An address outside `/v1` that is only read.
pub(super) fn read_only<F, Args>(path: &str, handler: F) -> impl HttpServiceFactory + 'static
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    let refuse = || async { Err::<String, _>(Problem::new(Code::MethodNotAllowed).with("allowed", "GET, HEAD")) };
    web::resource(path.to_owned())
        .route(web::route().guard(accepts(Method::GET)).to(handler))
        .default_service(web::to(refuse))
}

fn accepts(method: Method) -> impl Guard {
    guard::fn_guard(move |context| {
        let asked = &context.head().method;
        *asked == method || (method == Method::GET && *asked == Method::HEAD)
    })
}

fn allowed(operations: &[&Operation]) -> String {
    let mut methods: Vec<_> = operations.iter().map(|operation| operation.method.as_str()).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.sort_unstable();
    methods.join(", ")
}

/// The gate.
async fn pass(
    gates: Arc<[Arc<Gate>]>,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
    let Some(gate) = gates.iter().find(|gate| gate.method == *method).map(Arc::clone) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let (Some(app), Some(context)) =
        (request.app_data::<web::Data<App>>().cloned(), request.extensions().get::<RequestContext>().cloned())
    else {
        return Err(Problem::new(Code::InternalError).into());
    };
    let _ = context.operation.set(gate.id);
    request.extensions_mut().insert(Arc::clone(&gate));
    let bearer = bearer(&app, &request);
    let client = match &bearer {
        Bearer::Valid(Token::Session(session)) => Client::Account(session.user_id),
        Bearer::Valid(Token::Key(hash)) => {
            app.limits.key_allowed(context.address)?;
            Client::Key(hash.clone())
        }
        Bearer::Absent | Bearer::Invalid => Client::at(context.address),
    };
    let allowance = app.limits.check(gate.rate, &client)?;
    request.extensions_mut().insert(bearer);
    if let Some(media_type) = gate.body {
        let body = read_body(&app, &mut request, media_type).await?;
        request.extensions_mut().insert(RawBody(body));
    }
    let mut response = next.call(request).await?.map_into_boxed_body();
    if let Some(allowance) = allowance {
        for (name, value) in [("ratelimit-policy", allowance.policy), ("ratelimit", allowance.state)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
    }
    Ok(response)
}

fn bearer(app: &App, request: &ServiceRequest) -> Bearer {
    let Some(value) = request.headers().get(header::AUTHORIZATION) else { return Bearer::Absent };
    let token = value.to_str().ok().and_then(|text| {
        let (scheme, token) = text.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
    });
    token.and_then(|token| app.authenticator.verify(token, app.clock.now())).map_or(Bearer::Invalid, Bearer::Valid)
}

async fn read_body(app: &App, request: &mut ServiceRequest, media_type: &'static str) -> Result<Bytes, Problem> {
    let sent = request.content_type().to_ascii_lowercase();
    if sent != media_type && !(sent == "application/json" && media_type.ends_with("+json")) {
        return Err(Problem::new(Code::UnsupportedMediaType).with("expected", media_type));
    }
    let limit = app.config.server.body_limit;
    let too_large = || Problem::new(Code::BodyTooLarge).with("max", limit);
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut payload = request.take_payload();
    let collect = async {
        let mut body = BytesMut::with_capacity(announced.unwrap_or_default());
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| Problem::new(Code::IncompleteBody))?;
            if body.len() + chunk.len() > limit {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    };
    let patience = Duration::from_secs(app.config.server.body_seconds);
    tokio::time::timeout(patience, collect).await.unwrap_or_else(|_| Err(Code::RequestTimeout.into()))
}
