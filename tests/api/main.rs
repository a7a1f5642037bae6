//! What the API does, tried over real HTTP on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails where it finds something wrong; clippy exempts only functions marked as tests"
)]

mod catalogue;
mod harness;
mod rows;

mod access;
mod bad_input;
mod demo;
mod events;
mod idempotency;
mod import;
mod items;
mod journeys;
mod listings;
mod memberships;
mod moderation;
mod orders;
mod organizations;
mod schema;
mod search;
mod sessions;
mod surface;
mod users;
