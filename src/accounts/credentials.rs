//! What the accounts know about secrets, and the check of who is behind an access token.

use std::io::{ErrorKind, Write};
use std::path::Path;

use super::password::Passwords;
use super::sessions;
use super::token::Tokens;
use crate::config::{Config, Secret};
use crate::db::{Conn, DbError};
use crate::http::{Authenticator, SessionRef};
use crate::kernel::access::Actor;
use crate::kernel::clock::At;
use crate::kernel::digest::random_token;

/// Tokens and passwords; one for the whole server, handed to handlers as application data.
pub struct Credentials {
    /// Makes and checks tokens.
    pub tokens: Tokens,
    /// Hashes passwords.
    pub passwords: Passwords,
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
        Ok(Self {
            tokens: Tokens::new(&secret, &auth.previous_secret, auth.access_token_seconds),
            passwords: Passwords::new(auth.hashing_threads),
        })
    }
}

impl Authenticator for Credentials {
    fn verify(&self, token: &str, now: At) -> Option<SessionRef> {
        self.tokens.verify(token, now)
    }

    fn load(&self, conn: &mut Conn, session: SessionRef, now: At) -> Result<Option<Actor>, DbError> {
        sessions::actor(conn, session, now)
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
