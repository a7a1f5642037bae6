//! A whole exchange for each test: its own database, search index, clock and port; people with their roles as types of
//! call; answers that have to be looked at.

mod answer;
mod database;
mod exchange;
mod people;

pub use answer::Answer;
pub use database::Engine;
pub use exchange::Exchange;
pub use people::{Client, Member, OFFICER_PASSWORD, PASSWORD};

/// Defines tests that run once on each database.
#[macro_export]
macro_rules! on_both { ($($(#[$meta:meta])* fn $name:ident($x:ident) $body:block)+) => {
    $(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            fn run($x: &$crate::harness::Exchange) $body

            #[test]
            fn sqlite() {
                run(&$crate::harness::Exchange::start($crate::harness::Engine::Sqlite));
            }

            #[test]
            fn postgres() {
                if let Some(engine) = $crate::harness::Engine::postgres() {
                    run(&$crate::harness::Exchange::start(engine));
                }
            }
        }
    )+
} }
