//! What every other module speaks in: identifiers, time, money, texts, codes. No input or output, no framework.

pub mod access;
pub mod clock;
pub mod code;
pub mod digest;
pub mod file_type;
pub mod fold;
pub mod id;
pub mod list;
pub mod locale;
pub mod money;
pub mod problem;
pub mod text;
mod text_enum;
pub mod trl;
pub mod validate;

pub(crate) use text_enum::text_enum;
