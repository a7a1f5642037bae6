//! Mail: the consumer that writes to people about their accounts.

mod letter;
mod mailer;
mod post;

pub use mailer::Mailer;
pub use post::PostError;
