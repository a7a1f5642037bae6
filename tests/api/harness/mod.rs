//! A whole exchange for each test: its own database, search index, clock and port; people with their roles as types of
//! call; answers that have to be looked at.

mod answer;
mod app;
mod command;
mod database;
mod exchange;
mod files;
mod mail;
mod people;
mod raw;
pub mod xlsx;

pub use answer::Answer;
pub use app::{App, confirm, prepare, stepped_up_officer};
pub use command::{Run, file, techex, techex_on};
pub use database::{Engine, TestDatabase};
pub use exchange::Exchange;
pub use files::{PDF, pdf};
pub use mail::{token, tokens};
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

            fn run($x: &$crate::harness::Exchange) $body

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
