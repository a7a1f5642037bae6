//! What the API does, tried over real HTTP on both databases.

mod harness;

mod access;
mod bad_input;
mod idempotency;
mod journeys;
mod listings;
mod memberships;
mod moderation;
mod orders;
mod organizations;
mod search;
mod sessions;
mod surface;
mod users;
