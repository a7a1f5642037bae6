//! SQL of the tables `users` and `email_tokens`.

use diesel::prelude::*;

use super::super::password::PasswordHash;
use super::email_token::{EmailToken, Purpose};
use super::user::{Profile, User};
use crate::db::schema::{email_tokens, users};
use crate::db::{Conn, DbError};
use crate::kernel::clock::At;
use crate::kernel::id::UserId;

/// The account with this identifier.
///
/// # Errors
/// The database's failure.
pub fn find(conn: &mut Conn, id: UserId) -> Result<Option<User>, DbError> {
    Ok(users::table.find(id).select(User::as_select()).first(conn).optional()?)
}

/// The account with this address, in the form of [`super::Email`].
pub(in crate::accounts) fn find_by_email(conn: &mut Conn, email: &str) -> Result<Option<User>, DbError> {
    Ok(users::table.filter(users::email.eq(email)).select(User::as_select()).first(conn).optional()?)
}

pub(in crate::accounts) fn insert(conn: &mut Conn, user: &User) -> Result<(), DbError> {
    diesel::insert_into(users::table).values(user).execute(conn)?;
    Ok(())
}

/// Writes the profile over the row at `user`'s version; `false` when the row has changed in the meantime.
pub(super) fn save_profile(conn: &mut Conn, user: &User, profile: &Profile, now: At) -> Result<bool, DbError> {
    let row = users::table.filter(users::id.eq(user.id)).filter(users::version.eq(user.version));
    let written = diesel::update(row)
        .set((profile, users::version.eq(user.version + 1), users::updated_at.eq(now)))
        .execute(conn)?;
    Ok(written == 1)
}

/// Replaces what somebody registered who never confirmed the address.
pub(in crate::accounts) fn replace_unverified(
    conn: &mut Conn,
    user: &User,
    profile: &Profile,
    hash: &PasswordHash,
    now: At,
) -> Result<(), DbError> {
    diesel::delete(email_tokens::table.filter(email_tokens::user_id.eq(user.id))).execute(conn)?;
    diesel::update(users::table.find(user.id))
        .set((profile, users::password_hash.eq(hash), users::version.eq(user.version + 1), users::updated_at.eq(now)))
        .execute(conn)?;
    Ok(())
}

/// Marks the address as confirmed and forgets the tokens in all mails about it.
pub(in crate::accounts) fn mark_verified(conn: &mut Conn, user: &User, now: At) -> Result<(), DbError> {
    diesel::delete(email_tokens::table.filter(email_tokens::user_id.eq(user.id))).execute(conn)?;
    diesel::update(users::table.find(user.id))
        .set((users::email_verified_at.eq(now), users::version.eq(user.version + 1), users::updated_at.eq(now)))
        .execute(conn)?;
    Ok(())
}

/// Replaces a hash by one with other parameters; nothing happens if the password has changed in the meantime.
pub(in crate::accounts) fn rehash(
    conn: &mut Conn,
    id: UserId,
    old: &PasswordHash,
    new: &PasswordHash,
) -> Result<(), DbError> {
    let row = users::table.filter(users::id.eq(id)).filter(users::password_hash.eq(old));
    diesel::update(row).set(users::password_hash.eq(new)).execute(conn)?;
    Ok(())
}

/// Stores a new token, valid for [`Purpose::valid_hours`]; `email` is the address it goes to. The row is of no use without
/// the token itself, which goes into the mail and nowhere else.
///
/// # Errors
/// The database's failure.
pub fn mint_email_token(
    conn: &mut Conn,
    user: UserId,
    purpose: Purpose,
    token: &EmailToken,
    email: &str,
    now: At,
) -> Result<(), DbError> {
    diesel::insert_into(email_tokens::table)
        .values((
            email_tokens::token_hash.eq(token.hash()),
            email_tokens::user_id.eq(user),
            email_tokens::purpose.eq(purpose),
            email_tokens::created_at.eq(now),
            email_tokens::expires_at.eq(now.plus_seconds(purpose.valid_hours() * 3600)),
            email_tokens::email.eq(email),
        ))
        .execute(conn)?;
    Ok(())
}

/// Forgets a token whose mail could not be sent.
///
/// # Errors
/// The database's failure.
pub fn withdraw_email_token(conn: &mut Conn, token: &EmailToken) -> Result<(), DbError> {
    diesel::delete(email_tokens::table.find(token.hash())).execute(conn)?;
    Ok(())
}

/// Notes when an account's owner is told that somebody registered the address, or (`None`) that it failed; `false` when the
/// owner was told after `before`.
///
/// # Errors
/// The database's failure.
pub fn note_reminder(conn: &mut Conn, id: UserId, at: Option<At>, before: At) -> Result<bool, DbError> {
    let due = users::reminded_at.is_null().or(users::reminded_at.le(before).assume_not_null());
    Ok(diesel::update(users::table.find(id).filter(due)).set(users::reminded_at.eq(at)).execute(conn)? == 1)
}

/// The account a valid token was mailed to, with the address that mail went to.
pub(super) fn find_by_email_token(
    conn: &mut Conn,
    purpose: Purpose,
    token: &EmailToken,
    now: At,
) -> Result<Option<(User, Option<String>)>, DbError> {
    Ok(email_tokens::table
        .inner_join(users::table)
        .filter(email_tokens::token_hash.eq(token.hash()))
        .filter(email_tokens::purpose.eq(purpose))
        .filter(email_tokens::expires_at.gt(now))
        .select((User::as_select(), email_tokens::email))
        .first(conn)
        .optional()?)
}

/// When the last token for this purpose was mailed to an account.
pub(super) fn last_email_token_at(conn: &mut Conn, user: UserId, purpose: Purpose) -> Result<Option<At>, DbError> {
    Ok(email_tokens::table
        .filter(email_tokens::user_id.eq(user))
        .filter(email_tokens::purpose.eq(purpose))
        .order(email_tokens::created_at.desc())
        .select(email_tokens::created_at)
        .first(conn)
        .optional()?)
}

/// Replaces the password at `user`'s version and forgets the tokens mailed for a new one; `false` when the row has changed
/// in the meantime.
pub(super) fn save_password(conn: &mut Conn, user: &User, hash: &PasswordHash, now: At) -> Result<bool, DbError> {
    forget_email_tokens(conn, user.id, Purpose::ResetPassword)?;
    let row = users::table.filter(users::id.eq(user.id)).filter(users::version.eq(user.version));
    let written = diesel::update(row)
        .set((users::password_hash.eq(hash), users::version.eq(user.version + 1), users::updated_at.eq(now)))
        .execute(conn)?;
    Ok(written == 1)
}

/// Notes the address an account is to change to; tokens mailed to another one lose their value.
pub(super) fn save_pending_email(conn: &mut Conn, user: &User, email: &str, now: At) -> Result<bool, DbError> {
    forget_email_tokens(conn, user.id, Purpose::ChangeEmail)?;
    let row = users::table.filter(users::id.eq(user.id)).filter(users::version.eq(user.version));
    let written = diesel::update(row)
        .set((users::pending_email.eq(email), users::version.eq(user.version + 1), users::updated_at.eq(now)))
        .execute(conn)?;
    Ok(written == 1)
}

/// Makes an address the account's own and forgets the tokens in all mails to the one before.
pub(super) fn save_email(conn: &mut Conn, user: &User, email: &str, now: At) -> Result<bool, DbError> {
    diesel::delete(email_tokens::table.filter(email_tokens::user_id.eq(user.id))).execute(conn)?;
    let row = users::table.filter(users::id.eq(user.id)).filter(users::version.eq(user.version));
    let written = diesel::update(row)
        .set((
            users::email.eq(email),
            users::pending_email.eq(None::<String>),
            users::version.eq(user.version + 1),
            users::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(written == 1)
}

/// Suspends an account for a reason, or ends its suspension (`None`); `false` when the row has changed since `user` was read.
pub(super) fn suspend(conn: &mut Conn, user: &User, reason: Option<&str>, now: At) -> Result<bool, DbError> {
    let row = users::table.filter(users::id.eq(user.id)).filter(users::version.eq(user.version));
    let written = diesel::update(row)
        .set((
            users::disabled_at.eq(reason.map(|_| now)),
            users::disabled_reason.eq(reason),
            users::version.eq(user.version + 1),
            users::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(written == 1)
}

/// What stands in the place of a closed account's address. Nobody has one below the domain `invalid` (RFC 2606 §2).
pub(in crate::accounts) fn closed_address(id: UserId) -> String {
    format!("{id}@closed.invalid")
}

/// Closes an account for good and erases what names the person; `false` when the row has changed since `user` was read.
pub(super) fn erase(conn: &mut Conn, user: &User, now: At) -> Result<bool, DbError> {
    diesel::delete(email_tokens::table.filter(email_tokens::user_id.eq(user.id))).execute(conn)?;
    let row = users::table.filter(users::id.eq(user.id)).filter(users::version.eq(user.version));
    let written = diesel::update(row)
        .set((
            users::email.eq(closed_address(user.id)),
            users::full_name.eq("Tài khoản đã đóng"),
            users::password_hash.eq(PasswordHash::none()),
            users::pending_email.eq(None::<String>),
            users::disabled_at.eq(now),
            users::version.eq(user.version + 1),
            users::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(written == 1)
}

fn forget_email_tokens(conn: &mut Conn, user: UserId, purpose: Purpose) -> Result<(), DbError> {
    let tokens = email_tokens::table.filter(email_tokens::user_id.eq(user)).filter(email_tokens::purpose.eq(purpose));
    diesel::delete(tokens).execute(conn)?;
    Ok(())
}

/// Removes expired tokens and tells how many.
///
/// # Errors
/// The database's failure.
pub fn sweep(conn: &mut Conn, now: At) -> Result<usize, DbError> {
    Ok(diesel::delete(email_tokens::table.filter(email_tokens::expires_at.le(now))).execute(conn)?)
}
