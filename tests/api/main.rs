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
mod pages;
mod rows;

mod access;
mod anonymity;
mod api_keys;
mod approaches;
mod attachments;
mod backup;
mod bad_bodies;
mod bad_input;
mod closing;
mod confidential;
mod content;
mod deactivation;
mod degraded_search;
mod demo;
mod disclosure;
mod doctor;
mod events;
mod evidence;
mod explanations;
mod export;
mod feed;
mod file_store;
mod idempotency;
mod import;
mod invitations;
mod items;
mod jobs;
mod journeys;
mod life;
mod listings;
mod matrix;
mod memberships;
mod moderation;
mod ndas;
mod negotiations;
mod offers;
mod orders;
mod organizations;
mod passwords;
mod recovery;
mod reference;
mod revisions;
mod saved_searches;
mod schema;
mod search;
mod second_factor;
mod servers;
mod sessions;
mod signatories;
mod similar;
mod surface;
mod synonyms;
mod trees;
mod uploads;
mod users;
mod verification;
