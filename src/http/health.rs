//! Health checks: `/livez` says that the process answers, `/readyz` that it can do its work.

use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use diesel::prelude::*;
use serde::Serialize;
use std::sync::Arc;

use super::router::read_only;
use crate::app::App;
use crate::db::{DbError, Failure};

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(read_only("/livez", livez)).service(read_only("/readyz", readyz));
}

async fn livez() -> impl Responder {
    HttpResponse::Ok().json(serde_json::json!({"status": "ok"}))
}

async fn readyz(app: web::Data<App>) -> impl Responder {
    let readiness = readiness(&app).await;
    if readiness.ready() {
        HttpResponse::Ok().json(readiness)
    } else {
        HttpResponse::ServiceUnavailable().insert_header(("retry-after", "2")).json(readiness)
    }
}

/// What works and what does not.
#[derive(Serialize)]
pub struct Readiness {
    database: &'static str,
    search: &'static str,
}

impl Readiness {
    /// Without a database nothing works; without search the lists still do.
    #[must_use]
    pub fn ready(&self) -> bool {
        self.database == "ok"
    }
}

/// Asks the database and the search index whether they answer.
pub async fn readiness(app: &App) -> Readiness {
    let search = Arc::clone(&app.search);
    let outcome = app.database.read_async(move |conn| {
        diesel::select(1.into_sql::<diesel::sql_types::Integer>()).execute(conn).map_err(DbError::from)?;
        Ok::<_, Failure>(search.documents().is_ok())
    });
    match outcome.await {
        Ok(searching) => Readiness { database: "ok", search: if searching { "ok" } else { "unavailable" } },
        Err(_) => Readiness { database: "unavailable", search: "unknown" },
    }
}
