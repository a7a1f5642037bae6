//! Notifications: what people are told when something happens, outside the answers to their own requests.

pub mod email;

pub use email::{Mailer, probe};
