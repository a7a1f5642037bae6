//! The life of a listing or an order: which step leads from which status to which. Pure.

use crate::kernel::access::Role;
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
}

/// Who may take a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum By {
    /// A member of the owning organisation with at least this role.
    Owner(Role),
    /// An officer.
    Officer,
}

impl Step {
    /// Every step.
    pub const ALL: &'static [Self] =
        &[Self::Change, Self::Submit, Self::Publish, Self::RequestChanges, Self::Reject, Self::Withdraw];

    /// The statuses it can be taken from.
    #[must_use]
    pub const fn from(self) -> &'static [Status] {
        match self {
            Self::Change | Self::Submit => &[Status::Draft, Status::ChangesRequested, Status::Withdrawn],
            Self::Publish | Self::RequestChanges | Self::Reject => &[Status::Submitted],
            Self::Withdraw => &[Status::Submitted, Status::Published, Status::ChangesRequested],
        }
    }

    /// Who may take it.
    #[must_use]
    pub const fn by(self) -> By {
        match self {
            Self::Change | Self::Submit | Self::Withdraw => By::Owner(Role::Editor),
            Self::Publish | Self::RequestChanges | Self::Reject => By::Officer,
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
            Self::Change => status,
            Self::Submit => Status::Submitted,
            Self::Publish => Status::Published,
            Self::RequestChanges => Status::ChangesRequested,
            Self::Reject => Status::Rejected,
            Self::Withdraw => Status::Withdrawn,
        })
    }
}

/// Statuses as the text of a problem lists them.
#[must_use]
pub fn listed(statuses: &[Status]) -> String {
    statuses.iter().map(|status| status.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole table, written out once more by hand: a row for each status, a column for each step.
    #[test]
    fn every_step_from_every_status() {
        use Status::{
            ChangesRequested as C, Draft as D, Published as P, Rejected as R, Submitted as S, Withdrawn as W,
        };
        let table: &[(Status, [Option<Status>; 6])] = &[
            //  change   submit   publish  request  reject   withdraw
            (D, [Some(D), Some(S), None, None, None, None]),
            (S, [None, None, Some(P), Some(C), Some(R), Some(W)]),
            (P, [None, None, None, None, None, Some(W)]),
            (C, [Some(C), Some(S), None, None, None, Some(W)]),
            (R, [None, None, None, None, None, None]),
            (W, [Some(W), Some(S), None, None, None, None]),
        ];
        assert_eq!(table.len(), Status::ALL.len());
        for (status, row) in table {
            for (step, expected) in Step::ALL.iter().zip(row) {
                assert_eq!(step.lead(*status).ok(), *expected, "{step:?} from {status}");
            }
        }
    }
}
