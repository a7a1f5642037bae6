//! An invitation: the row, its few states, and how often it may be mailed.

use diesel::prelude::*;

use crate::config::Invitations;
use crate::db::MultiBackend;
use crate::db::schema::invitations;
use crate::kernel::access::Role;
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::id::{InvitationId, OrganizationId, UserId};
use crate::kernel::problem::Problem;
use crate::kernel::text_enum;

text_enum! {
    /// What became of an invitation. More may be added.
    pub enum InvitationStatus {
        /// Nobody has answered yet; it may have expired in the meantime, then it can be sent again.
        Pending = "pending",
        /// The person is, or was, a member.
        Accepted = "accepted",
        /// The person does not want to.
        Declined = "declined",
        /// An owner took it back.
        Withdrawn = "withdrawn",
    }
}

/// An invitation as stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = invitations, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Invitation {
    /// Identifier.
    pub id: InvitationId,
    /// The organisation.
    pub organization_id: OrganizationId,
    /// The address that is invited, in the form of `Email`.
    pub email: String,
    /// The role the person would have.
    pub role: Role,
    /// What became of it.
    pub status: InvitationStatus,
    /// The hash of the token in the last mail; none until that mail is written.
    pub token_hash: Option<String>,
    /// Mails asked for within a day of one another.
    pub mails: i32,
    /// When the last mail was asked for.
    pub mailed_at: At,
    /// The owner who invited.
    pub invited_by: UserId,
    /// Until when it can be accepted.
    pub expires_at: At,
    /// When it was accepted, declined or withdrawn.
    pub ended_at: Option<At>,
    /// Counts changes.
    pub version: i64,
    /// When it was made.
    pub created_at: At,
}

/// Seconds between two mails to one address, so that nobody's mailbox is flooded through us.
const MAIL_EVERY: i64 = 60;
/// Seconds over which mails are counted.
pub(super) const DAY: i64 = 86_400;

impl Invitation {
    /// An open invitation whose mail is still to be written.
    #[must_use]
    pub fn new(
        id: InvitationId,
        (organization_id, email, role): (OrganizationId, &str, Role),
        invited_by: UserId,
        days: i64,
        now: At,
    ) -> Self {
        Self {
            id,
            organization_id,
            email: email.to_owned(),
            role,
            status: InvitationStatus::Pending,
            token_hash: None,
            mails: 1,
            mailed_at: now,
            invited_by,
            expires_at: now.plus_days(days),
            ended_at: None,
            version: 1,
            created_at: now,
        }
    }

    /// The invitation with another mail asked for and a new time to answer; the token of the mail before is void.
    ///
    /// # Errors
    /// `invitation_wrong_state`, or `too_many_invitations` when the last mail is less than a minute old.
    pub fn resent(&self, days: i64, now: At) -> Result<Self, Problem> {
        self.open()?;
        let next = self.mailed_at.plus_seconds(MAIL_EVERY);
        if next > now {
            return Err(wait(now, next));
        }
        let recent = self.mailed_at.plus_seconds(DAY) > now;
        Ok(Self {
            token_hash: None,
            mails: if recent { self.mails + 1 } else { 1 },
            mailed_at: now,
            expires_at: now.plus_days(days),
            version: self.version + 1,
            ..self.clone()
        })
    }

    /// The invitation after an answer, or after it was taken back.
    ///
    /// # Errors
    /// `invitation_wrong_state`.
    pub fn ended(&self, status: InvitationStatus, now: At) -> Result<Self, Problem> {
        self.open()?;
        Ok(Self { status, token_hash: None, ended_at: Some(now), version: self.version + 1, ..self.clone() })
    }

    fn open(&self) -> Result<(), Problem> {
        if self.status == InvitationStatus::Pending {
            return Ok(());
        }
        let problem = Problem::new(Code::InvitationWrongState).with("status", self.status);
        Err(problem.with("allowed", InvitationStatus::Pending))
    }
}

/// Checks that an organisation may have one more mail sent; `recent` are its invitations mailed within a day, each with the
/// number of its mails and the time of the last one.
///
/// # Errors
/// `too_many_invitations`, with the time until one of them is a day old.
pub fn within_limit(recent: &[(i32, At)], rules: &Invitations, now: At) -> Result<(), Problem> {
    let sent: i64 = recent.iter().map(|(mails, _)| i64::from(*mails)).sum();
    if sent < i64::from(rules.mails_per_day) {
        return Ok(());
    }
    let oldest = recent.iter().map(|(_, at)| *at).min().unwrap_or(now);
    Err(wait(now, oldest.plus_seconds(DAY)))
}

fn wait(now: At, until: At) -> Problem {
    let seconds = until.seconds().saturating_sub(now.seconds()).max(1);
    Problem::retry_later(Code::TooManyInvitations, seconds.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn invitation() -> Invitation {
        let what = (OrganizationId(Uuid::from_u128(1)), "a@b.example", Role::Editor);
        Invitation::new(InvitationId(Uuid::from_u128(2)), what, UserId(Uuid::from_u128(3)), 14, At::sample())
    }

    #[test]
    fn an_invitation_ends_once() {
        let later = At::sample().plus_seconds(120);
        for end in [InvitationStatus::Accepted, InvitationStatus::Declined, InvitationStatus::Withdrawn] {
            let ended = invitation().ended(end, later).unwrap();
            assert_eq!((ended.status, ended.ended_at, ended.version), (end, Some(later), 2));
            assert_eq!(ended.ended(end, later).unwrap_err().code, Code::InvitationWrongState);
            assert_eq!(ended.resent(14, later).unwrap_err().code, Code::InvitationWrongState);
        }
    }

    #[test]
    fn mails_are_a_minute_apart_and_counted_for_a_day() {
        let first = Invitation { token_hash: Some("x".into()), ..invitation() };
        let at = |seconds| At::sample().plus_seconds(seconds);
        assert_eq!(first.resent(14, at(59)).unwrap_err().retry_after(), Some("1"));
        let second = first.resent(14, at(60)).unwrap();
        assert_eq!((second.mails, &second.token_hash, second.expires_at), (2, &None, at(60).plus_days(14)));
        assert_eq!(second.resent(14, at(60 + DAY)).unwrap().mails, 1);
    }

    #[test]
    fn an_organisation_sends_so_many_mails_a_day() {
        let rules = Invitations { days: 14, mails_per_day: 3 };
        let now = At::sample();
        let recent = [(2, now.plus_seconds(-DAY + 100)), (1, now)];
        assert!(within_limit(&recent[..1], &rules, now).is_ok());
        assert_eq!(within_limit(&recent, &rules, now).unwrap_err().retry_after(), Some("100"));
        assert!(within_limit(&[], &Invitations { mails_per_day: 0, ..rules }, now).is_err());
    }
}
