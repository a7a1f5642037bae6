//! A whole exchange for each test: its own database, search index, clock and port; people with their roles as types of
//! call; answers that have to be looked at.

mod answer;
mod app;
mod command;
mod database;
mod exchange;
mod files;
mod mail;
mod meilisearch;
mod people;
mod raw;
pub mod xlsx;

pub use answer::Answer;
pub use app::{App, confirm, may_sign, prepare, signatory, stepped_up_officer};
pub use command::{Run, file, techex, techex_on};
pub use database::{Engine, TestDatabase};
pub use exchange::Exchange;
pub use files::{PDF, pdf};
pub use mail::{token, tokens};
pub use meilisearch::LiveSearch;
pub use people::{Client, Member, PASSWORD, join, listing, member_of, number, order, person, tax_code};
pub use raw::Then;

/// Defines tests that run once on each database; `with(|config| …)` behind the argument changes the configuration.
#[macro_export]
macro_rules! on_both { ($($(#[$meta:meta])* fn $name:ident($x:ident) $(with($adjust:expr))? $body:block)+) => {
    $(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            pub(super) fn run($x: &$crate::harness::Exchange) $body

            fn start(engine: $crate::harness::Engine) -> $crate::harness::Exchange {
                let adjust: &[fn(&mut techex::config::Config)] = &[$($adjust,)? |_| {}];
                $crate::harness::Exchange::start_with(engine, adjust[0])
            }

            #[test]
            fn sqlite() {
                run(&start($crate::harness::Engine::Sqlite));
            }

            #[test]
            fn postgres() {
                if let Some(engine) = $crate::harness::Engine::postgres() {
                    run(&start(engine));
                }
            }
        }
    )+
} }

/// Defines tests that run once on each database with the search engine inside the process, and once with a live Meilisearch
/// server where one is at hand, on PostgreSQL if that is too.
#[macro_export]
macro_rules! on_each_index { ($($(#[$meta:meta])* fn $name:ident($x:ident) $body:block)+) => {
    $crate::on_both! { $($(#[$meta])* fn $name($x) $body)+ }

    mod meilisearch {
        #[allow(unused_imports)]
        use super::*;

        $(
            $(#[$meta])*
            #[test]
            fn $name() {
                if let Some(live) = $crate::harness::LiveSearch::find() {
                    let engine = $crate::harness::Engine::postgres().unwrap_or($crate::harness::Engine::Sqlite);
                    let x = $crate::harness::Exchange::start_with(engine, |config| live.configure(config));
                    x.eventually("the index is there", || {
                        x.system.app.search.health().is_ok_and(|health| !health.needs_rebuild)
                    });
                    super::$name::run(&x);
                }
            }
        )+
    }
} }

/// Makes tests of functions that take an engine, for what needs no exchange or an unusual one.
#[macro_export]
macro_rules! on_each_engine { ($($name:ident)+) => {
    $(
        mod $name {
            #[test]
            fn sqlite() {
                super::$name($crate::harness::Engine::Sqlite);
            }

            #[test]
            fn postgres() {
                if let Some(engine) = $crate::harness::Engine::postgres() {
                    super::$name(engine);
                }
            }
        }
    )+
} }
