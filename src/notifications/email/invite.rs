//! The mail that invites an address to an organisation.

use super::letter::Letter;
use super::mailer::{Mailer, describe};
use crate::accounts::{self, EmailToken, InvitationLetter};
use crate::db::{Conn, Isolation};
use crate::kernel::access::Role;
use crate::kernel::id::InvitationId;
use crate::kernel::locale::Locale;

impl Mailer {
    /// Writes to the address that is invited, with a new token, unless the invitation is no longer open. When the mail
    /// cannot be sent, the next attempt makes another token.
    pub(super) fn invite(&self, id: InvitationId) -> Result<(), String> {
        let Some(letter) = self.database.read(|conn| Ok(accounts::invitation_letter(conn, id)?)).map_err(describe)?
        else {
            return Ok(());
        };
        let token = EmailToken::random().map_err(|error| error.to_string())?;
        let minted = token.clone();
        let mint = move |conn: &mut Conn| Ok(accounts::mint_invitation_token(conn, id, &minted)?);
        if !self.database.write(Isolation::Serializable, mint).map_err(describe)? {
            return Ok(());
        }
        let InvitationLetter { email, locale, organization, role, expires_at } = letter;
        let until = expires_at.to_string().get(..10).unwrap_or_default().to_owned();
        // What an owner wrote comes last, so that braces in it are not filled in.
        let args = [
            ("token", token.expose().to_owned()),
            ("until", until),
            ("url", self.public_url.clone()),
            ("role", name_of(role, locale).to_owned()),
            ("organization", organization),
        ];
        let (subject, body) = Letter::Invitation.write(locale, &args);
        self.post.send(&email, &subject, body).map_err(|error| error.to_string())
    }
}

/// A role as a mail names it.
const fn name_of(role: Role, locale: Locale) -> &'static str {
    match (role, locale) {
        (Role::Viewer, Locale::Vi) => "người xem",
        (Role::Editor, Locale::Vi) => "người biên tập",
        (Role::Owner, Locale::Vi) => "chủ sở hữu",
        (Role::Viewer, Locale::En) => "viewer",
        (Role::Editor, Locale::En) => "editor",
        (Role::Owner, Locale::En) => "owner",
    }
}
