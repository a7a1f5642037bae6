//! Guards: tests of what the code and the document look like, not of what they do.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod architecture;
mod openapi;
