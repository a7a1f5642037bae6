//! What the accounts know about secrets, and the check of who is behind an access token.

use std::collections::HashMap;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::api_keys::{self, KeySecret};
use super::failures;
use super::password::{Password, Passwords, Verdict};
use super::seal::Seal;
use super::sessions;
use super::token::Tokens;
use super::users::{self, User};
use crate::config::{Config, Secret};
use crate::db::{Conn, DbError};
use crate::http::{Authenticator, Call, SignedIn, Token};
use crate::kernel::access::{Actor, Means};
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::digest::{hmac_sha256, random_token};
use crate::kernel::id::ApiKeyId;
use crate::kernel::problem::Problem;
use crate::kernel::validate::FieldCode;

/// Tokens and passwords; one for the whole server, handed to handlers as application data.
pub struct Credentials {
    /// Makes and checks tokens.
    pub tokens: Tokens,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// Encrypts what has to be read again.
    pub seal: Seal,
    /// What keys are derived from: the current secret, then the previous one, if there is one.
    secrets: Vec<Secret>,
    /// Seconds for which a session counts as stepped up after its second factor was proved.
    pub step_up_seconds: i64,
    /// When API keys were last used, since that was last noted in the database.
    key_uses: Mutex<HashMap<ApiKeyId, At>>,
}

impl Credentials {
    /// Credentials as configured. Without a secret one is made and kept in the data folder; the configuration allows that
    /// only while developing.
    ///
    /// # Errors
    /// When the secret cannot be kept in, or read from, the data folder.
    pub fn new(config: &Config) -> std::io::Result<Self> {
        let auth = &config.auth;
        let secret = if auth.secret.is_empty() { kept_secret(config.data_dir())? } else { auth.secret.clone() };
        let previous = Some(&auth.previous_secret).filter(|previous| !previous.is_empty());
        Ok(Self {
            secrets: [&secret].into_iter().chain(previous).cloned().collect(),
            tokens: Tokens::new(&secret, &auth.previous_secret, auth.access_token_seconds),
            passwords: Passwords::new(auth.hashing_threads),
            seal: Seal::new(&secret, &auth.previous_secret).map_err(std::io::Error::other)?,
            step_up_seconds: auth.step_up_seconds,
            key_uses: Mutex::default(),
        })
    }

    /// Keys for one use of another slice, derived from the secret so that none can serve for another use: the current one,
    /// then the one of the previous secret, if there is one.
    #[must_use]
    pub fn keys_for(&self, usage: &str) -> Vec<[u8; 32]> {
        self.secrets.iter().map(|secret| hmac_sha256(secret.expose().as_bytes(), usage.as_bytes())).collect()
    }

    /// Notes in the database when API keys were last used, and tells how many. Reads write nothing, so this is done once in
    /// a while, in a write transaction; what a killed server has not noted is forgotten.
    ///
    /// # Errors
    /// The database's failure.
    pub fn note_key_uses(&self, conn: &mut Conn) -> Result<usize, DbError> {
        let uses = self.key_uses.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let noted = api_keys::note_uses(conn, &uses)?;
        let mut waiting = self.key_uses.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|key, at| uses.get(key) != Some(at));
        Ok(noted)
    }

    /// The account of the one who calls, who shows once more that they know its password; it stood in the body at
    /// `pointer`.
    ///
    /// # Errors
    /// A field error when it is another one; `rate_limited` after too many of those; `overloaded`.
    pub async fn confirm(&self, call: &Call<SignedIn>, password: Password, pointer: &str) -> Result<User, Problem> {
        let app = Arc::clone(call.app());
        let found = call.read(move |conn, actor| {
            let user = users::find(conn, actor.user_id)?.ok_or(Code::InvalidToken)?;
            failures::admit(&app, conn, &user.email)?;
            Ok(user)
        });
        let user = found.await?;
        if self.passwords.verify(password, Some(user.password_hash.clone())).await? == Verdict::Wrong {
            failures::count(call.app(), &user.email).await?;
            return Err(Problem::field(pointer, FieldCode::WrongPassword));
        }
        Ok(user)
    }
}

impl Authenticator for Credentials {
    fn verify(&self, token: &str, now: At) -> Option<Token> {
        match KeySecret::parse(token) {
            Some(key) => Some(Token::Key(key.hash())),
            None => self.tokens.verify(token, now).map(Token::Session),
        }
    }

    fn load(&self, conn: &mut Conn, token: &Token, now: At) -> Result<Option<Actor>, DbError> {
        let hash = match token {
            Token::Session(session) => return sessions::actor(conn, *session, now, self.step_up_seconds),
            Token::Key(hash) => hash,
        };
        let actor = api_keys::actor(conn, hash, now)?;
        if let Some(Means::Key(id)) = actor.as_ref().map(|actor| actor.means) {
            self.key_uses.lock().unwrap_or_else(PoisonError::into_inner).insert(id, now);
        }
        Ok(actor)
    }
}

/// The secret in the data folder, made at first use and readable by the owner only.
fn kept_secret(folder: &Path) -> std::io::Result<Secret> {
    let path = folder.join("auth-secret");
    std::fs::create_dir_all(folder)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(&path) {
        Ok(mut file) => {
            let secret = random_token().map_err(std::io::Error::other)?;
            file.write_all(secret.as_bytes())?;
            file.sync_all()?;
            Ok(Secret::new(&secret))
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let secret = std::fs::read_to_string(&path)?;
            if secret.trim().is_empty() {
                return Err(std::io::Error::other(format!("{} is empty; remove it", path.display())));
            }
            Ok(Secret::new(secret.trim()))
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_secret_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let first = kept_secret(folder.path()).unwrap();
        assert!(first.expose().len() >= 32);
        assert!(first == kept_secret(folder.path()).unwrap());
    }
}
