//! The life of a listing or an order: which step leads from which status to which, who may take it, and what it does to
//! the times an item carries. Pure.

use serde::Serialize;

use crate::config::Catalogue;
use crate::kernel::access::Role;
use crate::kernel::clock::At;
use crate::kernel::text_enum;

text_enum! {
    /// Where a listing or an order is in its life. More may be added.
    pub enum Status {
        /// Being written; only its organisation sees it.
        Draft = "draft",
        /// Waiting for an officer.
        Submitted = "submitted",
        /// Public.
        Published = "published",
        /// Back with its organisation: an officer asks for changes.
        ChangesRequested = "changes_requested",
        /// Refused for good.
        Rejected = "rejected",
        /// Taken back by its organisation; it can be changed and submitted again.
        Withdrawn = "withdrawn",
        /// Taken from the public by an officer; only an officer can put it back.
        Suspended = "suspended",
        /// Run out, because nobody confirmed that it still holds; it can be made a draft again.
        Archived = "archived",
    }
}

/// A step in the life of a listing or an order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Change the content.
    Change,
    /// Hand it to the officers.
    Submit,
    /// Make it public.
    Publish,
    /// Ask for changes.
    RequestChanges,
    /// Refuse it.
    Reject,
    /// Take it back.
    Withdraw,
    /// Take it from the public for a reason.
    Suspend,
    /// Make it public again after a suspension.
    Reinstate,
    /// Confirm that it still holds.
    Confirm,
    /// Take expressions of interest.
    Open,
    /// Take no more expressions of interest.
    Close,
    /// Warn its organisation that it runs out.
    Warn,
    /// Put it away because it has run out.
    Archive,
    /// Make a draft of what was put away.
    Restore,
}

/// Who may take a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum By {
    /// A member of the owning organisation with at least this role.
    Owner(Role),
    /// An officer.
    Officer,
    /// Nobody by hand: it happens when its time has come.
    Time,
}

impl Step {
    /// Every step.
    pub const ALL: &'static [Self] = &[
        Self::Change,
        Self::Submit,
        Self::Publish,
        Self::RequestChanges,
        Self::Reject,
        Self::Withdraw,
        Self::Suspend,
        Self::Reinstate,
        Self::Confirm,
        Self::Open,
        Self::Close,
        Self::Warn,
        Self::Archive,
        Self::Restore,
    ];

    /// The statuses it can be taken from.
    #[must_use]
    pub const fn from(self) -> &'static [Status] {
        match self {
            Self::Change | Self::Submit => &[Status::Draft, Status::ChangesRequested, Status::Withdrawn],
            Self::Publish | Self::RequestChanges | Self::Reject => &[Status::Submitted],
            Self::Withdraw => &[Status::Submitted, Status::Published, Status::ChangesRequested],
            Self::Suspend | Self::Confirm | Self::Open | Self::Close | Self::Warn | Self::Archive => {
                &[Status::Published]
            }
            Self::Reinstate => &[Status::Suspended],
            Self::Restore => &[Status::Archived],
        }
    }

    /// Who may take it.
    #[must_use]
    pub const fn by(self) -> By {
        match self {
            Self::Change | Self::Submit | Self::Withdraw | Self::Confirm | Self::Open | Self::Close | Self::Restore => {
                By::Owner(Role::Editor)
            }
            Self::Publish | Self::RequestChanges | Self::Reject | Self::Suspend | Self::Reinstate => By::Officer,
            Self::Warn | Self::Archive => By::Time,
        }
    }

    /// The status it leads to.
    ///
    /// # Errors
    /// The statuses it can be taken from, when `status` is none of them.
    pub fn lead(self, status: Status) -> Result<Status, &'static [Status]> {
        if !self.from().contains(&status) {
            return Err(self.from());
        }
        Ok(match self {
            Self::Change | Self::Confirm | Self::Open | Self::Close | Self::Warn => status,
            Self::Submit => Status::Submitted,
            Self::Publish | Self::Reinstate => Status::Published,
            Self::RequestChanges => Status::ChangesRequested,
            Self::Reject => Status::Rejected,
            Self::Withdraw => Status::Withdrawn,
            Self::Suspend => Status::Suspended,
            Self::Archive => Status::Archived,
            Self::Restore => Status::Draft,
        })
    }
}

/// Statuses as the text of a problem lists them.
#[must_use]
pub fn listed(statuses: &[Status]) -> String {
    statuses.iter().map(|status| status.as_str()).collect::<Vec<_>>().join(", ")
}

/// How long what is public holds without being confirmed, in days of 24 hours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Term {
    /// From a publication or a confirmation to the expiry.
    pub valid_days: i64,
    /// From the warning to the expiry, at the least.
    pub warning_days: i64,
}

impl From<&Catalogue> for Term {
    fn from(settings: &Catalogue) -> Self {
        Self { valid_days: settings.valid_days.into(), warning_days: settings.warning_days.into() }
    }
}

/// The part of an item that its life changes. Version and time of change are no news of their own in the audit log.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct State {
    /// Where it is.
    pub status: Status,
    /// Counts the changes.
    #[serde(skip)]
    pub version: i64,
    /// When it last changed.
    #[serde(skip)]
    pub updated_at: At,
    /// When it was last handed to the officers.
    pub submitted_at: Option<At>,
    /// When it was last made public.
    pub published_at: Option<At>,
    /// When it runs out unless it is confirmed.
    pub expires_at: Option<At>,
    /// When its organisation was told that it runs out.
    pub warned_at: Option<At>,
    /// When its organisation last said that it holds.
    pub last_confirmed_at: Option<At>,
    /// Whether it takes expressions of interest while it is public.
    pub open_for_interest: bool,
}

impl State {
    /// A new draft.
    #[must_use]
    pub fn draft(now: At) -> Self {
        Self {
            status: Status::Draft,
            version: 1,
            updated_at: now,
            submitted_at: None,
            published_at: None,
            expires_at: None,
            warned_at: None,
            last_confirmed_at: None,
            open_for_interest: true,
        }
    }

    /// The state after a step.
    ///
    /// # Errors
    /// The statuses the step can be taken from, when this is none of them.
    pub fn after(self, step: Step, now: At, term: Term) -> Result<Self, &'static [Status]> {
        let status = step.lead(self.status)?;
        let next = Self { status, version: self.version + 1, updated_at: now, ..self };
        Ok(match step {
            // Handing it in is saying that it holds.
            Step::Submit => Self { submitted_at: Some(now), last_confirmed_at: Some(now), ..next },
            Step::Publish => Self { published_at: Some(now), open_for_interest: true, ..next.for_a_term(now, term) },
            Step::Confirm => Self { last_confirmed_at: Some(now), ..next.for_a_term(now, term) },
            Step::Open => Self { open_for_interest: true, ..next },
            Step::Close => Self { open_for_interest: false, ..next },
            // A warning that comes late puts the expiry off, so that nothing goes without the whole notice.
            Step::Warn => {
                let notice = now.plus_days(term.warning_days);
                Self { warned_at: Some(now), expires_at: self.expires_at.max(Some(notice)), ..next }
            }
            Step::Withdraw | Step::Restore => Self { expires_at: None, warned_at: None, ..next },
            Step::Change | Step::RequestChanges | Step::Reject | Step::Suspend | Step::Reinstate | Step::Archive => {
                next
            }
        })
    }

    fn for_a_term(self, now: At, term: Term) -> Self {
        Self { expires_at: Some(now.plus_days(term.valid_days)), warned_at: None, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERM: Term = Term { valid_days: 365, warning_days: 14 };

    /// The whole table, written out once more by hand: a row for each status, a column for each step.
    #[test]
    fn every_step_from_every_status() {
        use Status::{
            Archived as A, ChangesRequested as C, Draft as D, Published as P, Rejected as R, Submitted as S,
            Suspended as U, Withdrawn as W,
        };
        // The first six: change, submit, publish, request changes, reject, withdraw.
        let moderation: &[(Status, [Option<Status>; 6])] = &[
            (D, [Some(D), Some(S), None, None, None, None]),
            (S, [None, None, Some(P), Some(C), Some(R), Some(W)]),
            (P, [None, None, None, None, None, Some(W)]),
            (C, [Some(C), Some(S), None, None, None, Some(W)]),
            (R, [None, None, None, None, None, None]),
            (W, [Some(W), Some(S), None, None, None, None]),
            (U, [None, None, None, None, None, None]),
            (A, [None, None, None, None, None, None]),
        ];
        // The others: suspend, reinstate, confirm, open, close, warn, archive, restore.
        let publication: &[(Status, [Option<Status>; 8])] = &[
            (D, [None; 8]),
            (S, [None; 8]),
            (P, [Some(U), None, Some(P), Some(P), Some(P), Some(P), Some(A), None]),
            (C, [None; 8]),
            (R, [None; 8]),
            (W, [None; 8]),
            (U, [None, Some(P), None, None, None, None, None, None]),
            (A, [None, None, None, None, None, None, None, Some(D)]),
        ];
        assert_eq!((moderation.len(), publication.len()), (Status::ALL.len(), Status::ALL.len()));
        for ((status, first), (_, others)) in moderation.iter().zip(publication) {
            let row: Vec<_> = first.iter().chain(others).collect();
            assert_eq!(row.len(), Step::ALL.len());
            for (step, expected) in Step::ALL.iter().zip(row) {
                assert_eq!(step.lead(*status).ok(), *expected, "{step:?} from {status}");
            }
        }
    }

    fn day(n: i64) -> At {
        At::sample().plus_days(n)
    }

    /// A state after these steps, each on its day.
    fn live(steps: &[(Step, i64)]) -> State {
        steps.iter().fold(State::draft(day(0)), |state, (step, n)| state.after(*step, day(*n), TERM).unwrap())
    }

    const PUBLISHED: [(Step, i64); 2] = [(Step::Submit, 1), (Step::Publish, 3)];

    #[test]
    fn a_publication_holds_for_a_term_and_a_confirmation_for_another() {
        let state = live(&PUBLISHED);
        assert_eq!((state.published_at, state.expires_at), (Some(day(3)), Some(day(368))));
        assert_eq!((state.last_confirmed_at, state.open_for_interest), (Some(day(1)), true));
        let warned = state.after(Step::Warn, day(354), TERM).unwrap();
        assert_eq!((warned.warned_at, warned.expires_at), (Some(day(354)), Some(day(368))));
        let confirmed = warned.after(Step::Confirm, day(360), TERM).unwrap();
        assert_eq!((confirmed.warned_at, confirmed.expires_at), (None, Some(day(725))));
        assert_eq!((confirmed.published_at, confirmed.last_confirmed_at), (Some(day(3)), Some(day(360))));
        assert_eq!(confirmed.version, 5);
    }

    #[test]
    fn a_late_warning_puts_the_expiry_off() {
        let state = live(&PUBLISHED).after(Step::Warn, day(400), TERM).unwrap();
        assert_eq!(state.expires_at, Some(day(414)));
    }

    #[test]
    fn a_suspension_stops_no_clock() {
        let mut steps = PUBLISHED.to_vec();
        steps.extend([(Step::Close, 10), (Step::Suspend, 20), (Step::Reinstate, 30)]);
        let state = live(&steps);
        assert_eq!((state.status, state.expires_at), (Status::Published, Some(day(368))));
        assert_eq!((state.published_at, state.open_for_interest), (Some(day(3)), false));
    }

    #[test]
    fn what_is_not_public_any_more_does_not_run_out() {
        for (step, status) in [(Step::Withdraw, Status::Withdrawn), (Step::Archive, Status::Archived)] {
            let state = live(&PUBLISHED).after(Step::Warn, day(354), TERM).unwrap();
            let gone = state.after(step, day(370), TERM).unwrap();
            assert_eq!(gone.status, status);
            let draft = if step == Step::Archive { gone.after(Step::Restore, day(371), TERM).unwrap() } else { gone };
            assert_eq!((draft.expires_at, draft.warned_at), (None, None));
        }
    }
}
