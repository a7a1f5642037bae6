//! The listening server: the API on one address, the figures on another.

use actix_cors::Cors;
use actix_web::middleware::{Condition, from_fn};
use actix_web::web::{self, Data};
use actix_web::{App as Service, HttpResponse, HttpServer};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use super::docs::Document;
use super::operation::Operation;
use super::{middleware, router};
use crate::app::App;
use crate::events;

/// Serves until the process is told to stop, then lets the requests in flight finish; or until `stop` is there, then at
/// once. `services` adds what handlers need besides the [`App`].
///
/// # Errors
/// When an address cannot be listened on.
pub async fn serve(
    app: Arc<App>,
    listener: TcpListener,
    operations: Arc<[Operation]>,
    services: impl Fn(&mut web::ServiceConfig) + Clone + Send + 'static,
    stop: impl Future<Output = ()> + 'static,
) -> std::io::Result<()> {
    let (described, public_url) = (Arc::clone(&operations), app.config.server.public_url.clone());
    let document = Arc::new(Document::new(Box::new(move || super::openapi::document(&described, &public_url))));
    let settings = app.config.server.clone();
    let metrics = metrics_server(&app)?;
    let data = Data::from(Arc::clone(&app));
    let workers = if settings.workers == 0 { std::thread::available_parallelism()?.get() } else { settings.workers };
    let origins = settings.cors_origins.clone();
    let server = HttpServer::new(move || {
        Service::new()
            .app_data(data.clone())
            .configure(services.clone())
            .configure(|config| router::configure(config, &operations, &document))
            .wrap(Condition::new(!origins.is_empty(), cors(&origins)))
            .wrap(from_fn(middleware::trace))
    })
    .workers(workers)
    .worker_max_blocking_threads(4)
    .max_connections(settings.connections)
    .client_request_timeout(Duration::from_secs(10))
    .client_disconnect_timeout(Duration::from_secs(2))
    .keep_alive(Duration::from_secs(75))
    .shutdown_timeout(settings.shutdown_seconds)
    .listen(listener)?
    .run();
    let handle = server.handle();
    actix_web::rt::spawn(async move {
        stop.await;
        handle.stop(false).await;
    });
    if let Some(metrics) = metrics {
        let handle = metrics.handle();
        let figures = actix_web::rt::spawn(metrics);
        let served = server.await;
        handle.stop(false).await;
        let _ = figures.await;
        return served;
    }
    server.await
}

/// Web pages of these origins may call the API; they have no cookies to send, so credentials stay out.
fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default().allow_any_header().allowed_methods(["GET", "HEAD", "POST", "PATCH", "DELETE"]);
    let exposed = [
        "Content-Disposition",
        "Content-Range",
        "ETag",
        "Link",
        "Location",
        "RateLimit",
        "Retry-After",
        "X-Request-Id",
    ];
    let cors = cors.expose_headers(exposed).max_age(3600);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}

fn metrics_server(app: &Arc<App>) -> std::io::Result<Option<actix_web::dev::Server>> {
    let address = &app.config.metrics.address;
    if address.is_empty() {
        return Ok(None);
    }
    let data = Data::from(Arc::clone(app));
    let server =
        HttpServer::new(move || Service::new().app_data(data.clone()).route("/metrics", web::get().to(figures)))
            .workers(1)
            .disable_signals()
            .bind(address)
            .map_err(|error| std::io::Error::new(error.kind(), format!("metrics.address {address}: {error}")))?;
    Ok(Some(server.run()))
}

async fn figures(app: Data<App>) -> HttpResponse {
    let search = Arc::clone(&app.search);
    let read = app
        .database
        .read_async(move |conn| Ok((events::queue::backlog(conn)?, events::states(conn)?, search.documents().ok())));
    if let Ok((backlog, jobs, documents)) = read.await {
        app.metrics.observe_jobs(&jobs);
        app.metrics.observe(&backlog, app.database.pool_state(), documents);
    }
    HttpResponse::Ok()
        .content_type("application/openmetrics-text; version=1.0.0; charset=utf-8")
        .body(app.metrics.text())
}
