//! Guards: tests of what the code looks like, not of what it does.

mod architecture;
