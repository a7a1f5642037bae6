//! The consumer `mail`: writes to people about their accounts, and about what their organisations published.
//!
//! A token is made here, at the moment of writing, so that none ever waits in the outbox.

use std::sync::Arc;

use super::letter::Letter;
use super::post::{Post, PostError};
use crate::accounts::{self, EmailToken, TokenPurpose, User};
use crate::catalogue;
use crate::config::{Config, Mode};
use crate::db::{Database, Failure, Isolation};
use crate::events::{Consumer, Delivery, Failed, Pace};
use crate::kernel::clock::{At, Clock};
use crate::kernel::id::{InvitationId, SavedSearchId, UserId};
use crate::kernel::problem::Problem;
use crate::negotiation;

/// Writes mails.
pub struct Mailer {
    pub(super) database: Arc<Database>,
    clock: Arc<dyn Clock>,
    pub(super) post: Post,
    pub(super) public_url: String,
    mode: Mode,
}

/// Seconds that no mail takes: the post's patience for each of the dozen steps of an SMTP conversation, and some.
const LONGEST_SEND: i64 = 300;

/// Seconds between two mails that tell an account's owner that somebody registered the address.
const REMIND_EVERY: i64 = 3600;

impl Mailer {
    /// A mailer as configured.
    ///
    /// # Errors
    /// One line that names the setting that cannot be used.
    pub fn new(config: &Config, database: Arc<Database>, clock: Arc<dyn Clock>) -> Result<Self, PostError> {
        Ok(Self {
            database,
            clock,
            post: Post::open(&config.mail, config.data_dir())?,
            public_url: config.server.public_url.trim_end_matches('/').to_owned(),
            mode: config.mode,
        })
    }

    /// Looks at how things are now, because the event may be old or come twice.
    fn deliver(&self, delivery: &Delivery) -> Result<(), String> {
        match delivery.event.as_str() {
            event if is_invitation(event) => self.invite(InvitationId(delivery.object_id.0)),
            NEWS => self.tell_news(SavedSearchId(delivery.object_id.0)),
            "listing.expiring" | "order.expiring" => self.warn_of_expiry(delivery),
            event if negotiation::is_told(event) => self.tell_of_negotiation(delivery),
            _ => self.write_to_account(delivery),
        }
    }

    fn write_to_account(&self, delivery: &Delivery) -> Result<(), String> {
        let id = UserId(delivery.object_id.0);
        let user = self.database.read(|conn| Ok(accounts::find_user(conn, id)?)).map_err(describe)?;
        let Some(user) = user else { return Ok(()) };
        if let Some(reason) = &user.disabled_reason
            && delivery.event == SUSPENDED
        {
            return self.send(&user, &user.email, Letter::Suspended, &[("reason", reason.clone())]);
        }
        match (delivery.event.as_str(), user.email_verified_at.is_some()) {
            _ if user.disabled_at.is_some() => Ok(()),
            ("user.registered" | "user.verification_requested" | REPEATED, false) => {
                self.send_token(&user, &user.email, TokenPurpose::VerifyEmail)
            }
            (REPEATED, true) => self.remind(&user),
            ("user.password_reset_requested", true) => self.send_token(&user, &user.email, TokenPurpose::ResetPassword),
            ("user.email_change_requested", true) => self.change_email(&user),
            (event, true) => Letter::about(event).map_or(Ok(()), |letter| self.send(&user, &user.email, letter, &[])),
            (_, false) => Ok(()),
        }
    }

    /// Writes to every owner; where one mail fails, all are sent again.
    fn warn_of_expiry(&self, delivery: &Delivery) -> Result<(), String> {
        let warning = self.database.read(|conn| {
            let Some(item) = catalogue::expiring(conn, &delivery.event, delivery.object_id.0)? else { return Ok(None) };
            let owners = accounts::owners_of(conn, item.organization_id)?;
            Ok(Some((item, owners)))
        });
        let Some((item, owners)) = warning.map_err(describe)? else { return Ok(()) };
        let args = [("expires_at", item.expires_at.to_string()), ("path", item.confirmation), ("title", item.title)];
        owners.iter().try_for_each(|owner| self.send(owner, &owner.email, Letter::Expiring, &args))
    }

    /// Makes a token and sends it to an address.
    fn send_token(&self, user: &User, address: &str, purpose: TokenPurpose) -> Result<(), String> {
        let token = EmailToken::random().map_err(|error| error.to_string())?;
        let (id, now, minted, email) = (user.id, self.clock.now(), token.clone(), address.to_owned());
        let mint =
            move |conn: &mut crate::db::Conn| Ok(accounts::mint_email_token(conn, id, purpose, &minted, &email, now)?);
        self.database.write(Isolation::Serializable, mint).map_err(describe)?;
        if self.mode == Mode::Development {
            tracing::info!(email = address, token = token.expose(), %purpose, "a token was mailed");
        }
        let letter = match purpose {
            TokenPurpose::VerifyEmail => Letter::ConfirmAddress,
            TokenPurpose::ResetPassword => Letter::ResetPassword,
            TokenPurpose::ChangeEmail => Letter::ChangeEmail,
        };
        let args = [("token", token.expose().to_owned()), ("hours", purpose.valid_hours().to_string())];
        self.send(user, address, letter, &args).inspect_err(|_| {
            let withdraw = move |conn: &mut crate::db::Conn| Ok(accounts::withdraw_email_token(conn, &token)?);
            if let Err(failure) = self.database.write(Isolation::Serializable, withdraw) {
                tracing::warn!(?failure, "a token that was not mailed stays until it expires");
            }
        })
    }

    /// A note to the address the account has, then the token to the one it is to have.
    fn change_email(&self, user: &User) -> Result<(), String> {
        let Some(wanted) = &user.pending_email else { return Ok(()) };
        self.send(user, &user.email, Letter::EmailChangeAsked, &[])?;
        self.send_token(user, wanted, TokenPurpose::ChangeEmail)
    }

    /// Whichever server writes first does so alone for a while; one that could not send leaves it to the next.
    fn remind(&self, user: &User) -> Result<(), String> {
        let (id, now) = (user.id, self.clock.now());
        let note = |at: Option<At>, before: At| {
            let noted = move |conn: &mut crate::db::Conn| Ok(accounts::note_reminder(conn, id, at, before)?);
            self.database.write(Isolation::Serializable, noted).map_err(describe)
        };
        if !note(Some(now), now.plus_seconds(-REMIND_EVERY))? {
            return Ok(());
        }
        self.send(user, &user.email, Letter::AlreadyRegistered, &[]).inspect_err(|_| {
            if let Err(error) = note(None, now) {
                tracing::warn!(error, "a reminder that was not sent is not sent for a while");
            }
        })
    }

    /// What is new to a saved search, as far as it is still public.
    fn tell_news(&self, id: SavedSearchId) -> Result<(), String> {
        let read = self.database.read(|conn| {
            let Some(news) = catalogue::news(conn, id)? else { return Ok(None) };
            Ok(accounts::find_user(conn, news.user_id)?.map(|user| (news, user)))
        });
        let Some((news, user)) = read.map_err(describe)? else { return Ok(()) };
        if user.disabled_at.is_some() || user.email_verified_at.is_none() {
            return Ok(());
        }
        let items: Vec<_> =
            news.items.iter().map(|(title, path)| format!("- {title}\n  {}{path}", self.public_url)).collect();
        let args = [("path", news.path), ("items", items.join("\n")), ("search", news.search)];
        self.send(&user, &user.email, Letter::News, &args)
    }

    pub(super) fn send(
        &self,
        user: &User,
        address: &str,
        letter: Letter,
        more: &[(&'static str, String)],
    ) -> Result<(), String> {
        // The name comes last, so that braces in it are not filled in.
        let mut args = more.to_vec();
        args.push(("url", self.public_url.clone()));
        args.push(("name", user.profile.full_name.to_string()));
        let (subject, body) = letter.write(user.profile.locale, &args);
        self.post.send(address, &subject, body).map_err(|error| error.to_string())
    }
}

const NEWS: &str = "saved_search.found";
const SUSPENDED: &str = "user.suspended";
const REPEATED: &str = "user.registration_repeated";

fn is_invitation(event: &str) -> bool {
    matches!(event, "invitation.created" | "invitation.resent")
}

impl Consumer for Mailer {
    fn name(&self) -> &'static str {
        "mail"
    }

    fn wants(&self, event: &str) -> bool {
        let with_more = matches!(
            event,
            "user.registered"
                | "user.verification_requested"
                | "user.password_reset_requested"
                | "user.email_change_requested"
                | NEWS
                | SUSPENDED
                | REPEATED
                | "listing.expiring"
                | "order.expiring"
        );
        with_more || is_invitation(event) || Letter::about(event).is_some() || negotiation::is_told(event)
    }

    /// One at a time: a slow mail server takes up to [`LONGEST_SEND`] for each, and what is overdue another server sends too.
    fn pace(&self) -> Pace {
        Pace { batch: 1, lease_seconds: LONGEST_SEND }
    }

    fn handle(&self, batch: &[Delivery]) -> Vec<Failed> {
        batch
            .iter()
            .filter_map(|delivery| self.deliver(delivery).err().map(|error| Failed { id: delivery.id, error }))
            .collect()
    }
}

/// The failure in a few words for the operator.
pub(super) fn describe(failure: Failure) -> String {
    Problem::from(failure).to_string()
}
