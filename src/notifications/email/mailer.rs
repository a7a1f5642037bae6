//! The consumer `mail`: writes to people about their accounts.
//!
//! A token is made here, at the moment of writing, so that none ever waits in the outbox.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::letter::Letter;
use super::post::{Post, PostError};
use crate::accounts::{self, EMAIL_TOKEN_HOURS, EmailToken, User};
use crate::config::{Config, Mode};
use crate::db::{Database, Failure, Isolation};
use crate::events::{Consumer, Delivery, Failed};
use crate::kernel::clock::{At, Clock};
use crate::kernel::id::UserId;
use crate::kernel::problem::Problem;

/// Writes mails.
pub struct Mailer {
    database: Arc<Database>,
    clock: Arc<dyn Clock>,
    post: Post,
    public_url: String,
    mode: Mode,
    /// When accounts were last told that somebody registered their address.
    reminded: Mutex<HashMap<UserId, At>>,
}

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
            reminded: Mutex::default(),
        })
    }

    /// Looks at the account as it is now, because the event may be old or come twice.
    fn deliver(&self, delivery: &Delivery) -> Result<(), String> {
        let id = UserId(delivery.object_id.0);
        let user = self.database.read(|conn| Ok(accounts::find_user(conn, id)?)).map_err(describe)?;
        match user {
            Some(user) if user.disabled_at.is_some() => Ok(()),
            Some(user) if user.email_verified_at.is_none() => self.confirm_address(&user),
            Some(user) if delivery.event == REPEATED => self.remind(&user),
            Some(_) | None => Ok(()),
        }
    }

    fn confirm_address(&self, user: &User) -> Result<(), String> {
        let token = EmailToken::random().map_err(|error| error.to_string())?;
        let (id, now, minted) = (user.id, self.clock.now(), token.clone());
        let mint = move |conn: &mut crate::db::Conn| Ok(accounts::mint_email_token(conn, id, &minted, now)?);
        self.database.write(Isolation::Serializable, mint).map_err(describe)?;
        if self.mode == Mode::Development {
            tracing::info!(email = user.email, token = token.expose(), "confirmation of an e-mail address");
        }
        let args = [("token", token.expose().to_owned()), ("hours", EMAIL_TOKEN_HOURS.to_string())];
        self.send(user, Letter::ConfirmAddress, &args).inspect_err(|_| {
            let withdraw = move |conn: &mut crate::db::Conn| Ok(accounts::withdraw_email_token(conn, &token)?);
            if let Err(failure) = self.database.write(Isolation::Serializable, withdraw) {
                tracing::warn!(?failure, "a token that was not mailed stays until it expires");
            }
        })
    }

    fn remind(&self, user: &User) -> Result<(), String> {
        let now = self.clock.now();
        {
            let mut reminded = self.reminded.lock().unwrap_or_else(PoisonError::into_inner);
            reminded.retain(|_, at| at.plus_seconds(REMIND_EVERY) > now);
            if reminded.contains_key(&user.id) {
                return Ok(());
            }
        }
        self.send(user, Letter::AlreadyRegistered, &[])?;
        self.reminded.lock().unwrap_or_else(PoisonError::into_inner).insert(user.id, now);
        Ok(())
    }

    fn send(&self, user: &User, letter: Letter, more: &[(&'static str, String)]) -> Result<(), String> {
        // The name comes last, so that braces in it are not filled in.
        let mut args = more.to_vec();
        args.push(("url", self.public_url.clone()));
        args.push(("name", user.profile.full_name.to_string()));
        let (subject, body) = letter.write(user.profile.locale, &args);
        self.post.send(&user.email, &subject, body).map_err(|error| error.to_string())
    }
}

const REPEATED: &str = "user.registration_repeated";

impl Consumer for Mailer {
    fn name(&self) -> &'static str {
        "mail"
    }

    fn wants(&self, event: &str) -> bool {
        matches!(event, "user.registered" | "user.verification_requested" | REPEATED)
    }

    fn handle(&self, batch: &[Delivery]) -> Vec<Failed> {
        batch
            .iter()
            .filter_map(|delivery| self.deliver(delivery).err().map(|error| Failed { id: delivery.id, error }))
            .collect()
    }
}

/// The failure in a few words for the operator.
fn describe(failure: Failure) -> String {
    Problem::from(failure).to_string()
}
