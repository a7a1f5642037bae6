//! The database: one code base for PostgreSQL and SQLite, one write path.
//!
//! Everything above this module works on [`Conn`]; `match` on the engine stands only here and in `events/queue.rs`.

mod conn;
mod constraint;
mod error;
mod migrate;
mod pool;
pub mod schema;
pub mod sql;
mod tx;
pub mod types;

pub(crate) use conn::each;
pub use conn::{Both, Conn, Engine, MultiBackend, columns};
pub use error::{DbError, Failure};
pub use migrate::{down_all, migrate};
pub use pool::{Database, Options};
pub use tx::Isolation;
