//! The documentation page (Swagger UI, its assets inside the binary) and the OpenAPI document it shows.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{self, ServiceConfig};
use std::sync::{Arc, LazyLock};
use utoipa_swagger_ui::Config;

use super::reply::Reply;
use super::router::read_only;
use crate::kernel::code::Code;
use crate::kernel::problem::Problem;

/// Scripts and styles of the page come from the server itself; the page has an inline style and inline images.
const PAGE_POLICY: &str =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/// The OpenAPI document, made when it is first asked for.
pub(super) type Document = LazyLock<String, Box<dyn FnOnce() -> String + Send>>;

pub(super) fn configure(config: &mut ServiceConfig, document: &Arc<Document>) {
    let settings = Arc::new(Config::new(["/openapi.json"]).try_it_out_enabled(true).display_request_duration(true));
    let document = Arc::clone(document);
    let to_page = || async { HttpResponse::PermanentRedirect().insert_header((header::LOCATION, "/docs/")).finish() };
    config
        .service(read_only("/openapi.json", move || openapi(Arc::clone(&document))))
        .service(read_only("/docs", to_page))
        .service(read_only("/docs/{file:.*}", move |file: web::Path<String>| {
            page(file.into_inner(), Arc::clone(&settings))
        }));
}

async fn openapi(document: Arc<Document>) -> Reply {
    Reply::verbatim(&document).content_tagged().cacheable()
}

async fn page(file: String, settings: Arc<Config<'static>>) -> Result<HttpResponse, Problem> {
    match utoipa_swagger_ui::serve(&file, settings) {
        Ok(Some(asset)) => Ok(HttpResponse::Ok()
            .content_type(asset.content_type)
            .insert_header((header::CONTENT_SECURITY_POLICY, PAGE_POLICY))
            .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
            .body(asset.bytes.into_owned())),
        Ok(None) => Err(Code::RouteNotFound.into()),
        Err(error) => {
            tracing::error!(%error, "the documentation page cannot be served");
            Err(Code::InternalError.into())
        }
    }
}
