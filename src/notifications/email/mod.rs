//! Mail: the consumer that writes to people about their accounts.

mod invite;
mod letter;
mod mailer;
mod negotiation;
mod post;

pub use mailer::Mailer;
pub use post::PostError;

/// Tries the way mails leave, without sending one.
///
/// # Errors
/// What is wrong with the setting or with the mail server.
pub fn probe(config: &crate::config::Mail, data_dir: &std::path::Path) -> Result<(), PostError> {
    post::Post::open(config, data_dir)?.probe()
}
