//! The database: one code base for PostgreSQL and SQLite, one write path.
//!
//! Everything above this module works on [`Conn`]; `match` on the engine stands only here and in `events/queue.rs`.

mod conn;
mod constraint;
mod error;
mod fill;
mod inspect;
mod migrate;
mod pool;
pub mod schema;
mod snapshot;
pub mod sql;
mod tables;
mod tx;
pub mod types;

pub(crate) use conn::each;
pub use conn::{Both, Conn, Engine, MultiBackend, columns};
pub use error::{DbError, Failure};
pub use fill::{Content, Filling, content};
pub use inspect::{Inspection, Server, inspect, look, servers};
pub use migrate::{applied, down_all, known, migrate};
pub use pool::{Database, Options};
pub use snapshot::Snapshot;
pub use tables::Table;
pub use tx::Isolation;
