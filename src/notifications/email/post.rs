//! How mails leave: by SMTP, or as files where no server is configured.

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{FileTransport, Message, SmtpTransport, Transport};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use crate::config::Mail;

/// Why a mail cannot be sent. Carries no part of the mail and no password.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct PostError(String);

/// The way out.
pub(super) struct Post {
    from: Mailbox,
    way: Way,
}

enum Way {
    Smtp(Box<SmtpTransport>),
    Folder(FileTransport),
}

/// Longer than any healthy server takes for one command.
const PATIENCE: Duration = Duration::from_secs(15);

impl Post {
    /// The way the configuration asks for.
    pub(super) fn open(mail: &Mail, data_dir: &Path) -> Result<Self, PostError> {
        let from = mail.from.parse().map_err(|error| PostError(format!("setting mail.from: {error}")))?;
        let way = if mail.smtp_url.is_empty() {
            let folder = data_dir.join("mail");
            std::fs::create_dir_all(&folder).map_err(|error| PostError(format!("{}: {error}", folder.display())))?;
            Way::Folder(FileTransport::new(folder))
        } else {
            // The error may repeat the address with its password, so its text is left out.
            let builder = SmtpTransport::from_url(mail.smtp_url.expose())
                .map_err(|_| PostError("setting mail.smtp_url: expected smtps://user:password@host:465".into()))?;
            Way::Smtp(Box::new(builder.timeout(Some(PATIENCE)).build()))
        };
        Ok(Self { from, way })
    }

    /// Greets the mail server, or writes nothing where mails go to a folder.
    pub(super) fn probe(&self) -> Result<(), PostError> {
        let Way::Smtp(smtp) = &self.way else { return Ok(()) };
        match catch_unwind(AssertUnwindSafe(|| smtp.test_connection())) {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(PostError("the mail server does not go on after its greeting".into())),
            Ok(Err(error)) => Err(PostError(error.to_string())),
            Err(_) => Err(PostError("the mail library panicked".into())),
        }
    }

    /// Sends one mail. A panic of the library on a server's odd answer (RUSTSEC-2026-0562) is a failure like any other.
    pub(super) fn send(&self, to: &str, subject: &str, body: String) -> Result<(), PostError> {
        let to = to.parse().map_err(|error| PostError(format!("the address cannot be used: {error}")))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(body)
            .map_err(|error| PostError(error.to_string()))?;
        let sent = catch_unwind(AssertUnwindSafe(|| match &self.way {
            Way::Smtp(smtp) => smtp.send(&message).map(|_| ()).map_err(|error| PostError(error.to_string())),
            Way::Folder(folder) => folder.send(&message).map(|_| ()).map_err(|error| PostError(error.to_string())),
        }));
        sent.unwrap_or_else(|_| Err(PostError("the mail library panicked".into())))
    }
}
