//! Guards: tests of what the code and the document look like, not of what they do.

mod architecture;
mod openapi;
