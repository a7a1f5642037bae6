//! HTTP: how a request becomes a call on the system and its outcome an answer. Knows no resource.

mod docs;
mod download;
mod etag;
pub mod extract;
mod health;
mod idempotency;
mod metrics;
mod middleware;
mod openapi;
mod operation;
mod page;
mod problem;
mod rate_limit;
mod reply;
mod router;
mod server;

pub use download::{Download, Part, Wanted};
pub use extract::{
    Access, Authenticated, Authenticator, Body, Call, Csv, Level, MergePatch, Officer, OfficerActor, Pace, Param, Path,
    Public, Query, SessionRef, SignedIn, SteppedUp, Token, Upload,
};
pub use health::readiness;
pub use idempotency::jobs;
pub use metrics::Metrics;
pub use openapi::document;
pub use operation::{Idempotency, Operation, Rate, Sample};
pub use page::{Cursor, Limit, Page, page, with_cursor};
pub use rate_limit::RateLimits;
pub use reply::{Answer, Reply};
pub use router::configure;
pub use server::serve;
