//! Techex, the backend of the Hanoi Technology Exchange (Sàn giao dịch công nghệ Hà Nội).
//!
//! # The map
//!
//! A request comes in through [`http`], which knows no resource: the outermost middleware gives it an identity, the gate
//! counts it and reads its body, the extractors parse it. A handler in a *slice* ([`accounts`], [`files`], [`catalogue`],
//! [`negotiation`]) calls [`http::Call::read`] or [`http::Call::write`], the only two ways to the database ([`db`]). A write
//! is one transaction that holds the idempotency claim, the work, its audit entry and outbox rows ([`events`]), and the
//! stored answer. Afterwards workers deliver the outbox: to the [`search`] index, to the mail ([`notifications`]), to the file store.
//!
//! [`wiring`] is the only place that names every slice; [`cli`] is what the process is started with; [`app::App`] is what
//! all of them share. [`kernel`] holds the words everything is said in: identifiers, time, money, texts, error codes.
//!
//! Who may import whom is checked by `tests/guards`: kernel → nothing; db, config → kernel; events → db; search → events;
//! http and app → those; accounts, files → those; catalogue → accounts, files; negotiation → accounts, files,
//! catalogue; notifications → accounts, catalogue, negotiation; wiring, cli → all.

pub mod accounts;
pub mod app;
pub mod catalogue;
pub mod cli;
pub mod config;
pub mod db;
pub mod events;
pub mod files;
pub mod http;
pub mod kernel;
pub mod negotiation;
pub mod notifications;
pub mod search;
pub mod wiring;
