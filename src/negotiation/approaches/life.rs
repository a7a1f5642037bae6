//! The life of an approach, which is an expression of interest in a listing or a proposal on an order. Pure.

use super::super::machine::{By, Life, Rule, Tells};
use crate::kernel::code::Code;
use crate::kernel::text_enum;

text_enum! {
    /// Where an approach is in its life. More may be added.
    pub enum ApproachStatus {
        /// Sent, and waiting for an answer.
        Sent = "sent",
        /// The other side has taken note and will answer.
        Acknowledged = "acknowledged",
        /// The other side wants to negotiate.
        Accepted = "accepted",
        /// The other side does not, for the reason given.
        Declined = "declined",
        /// Taken back.
        Withdrawn = "withdrawn",
        /// The other side let the time pass: silence is the outcome.
        Expired = "expired",
    }
}

text_enum! {
    /// What can be done with an approach.
    pub enum ApproachStep {
        /// Say that it was read and will be answered.
        Acknowledge = "acknowledge",
        /// Agree to negotiate.
        Accept = "accept",
        /// Refuse, with a reason.
        Decline = "decline",
        /// Take it back.
        Withdraw = "withdraw",
        /// Remind the other side that the time for an answer ends.
        Remind = "remind",
        /// End it because nobody answered.
        Expire = "expire",
    }
}

impl Life for ApproachStatus {
    type Step = ApproachStep;
    const WRONG_STATE: Code = Code::ApproachWrongState;
    const BEGINNING: (&'static str, Tells) = ("approach.sent", Tells::Other);
    const RULES: &'static [Rule<Self, ApproachStep>] = &[
        Rule {
            step: ApproachStep::Acknowledge,
            from: &[Self::Sent],
            to: Some(Self::Acknowledged),
            by: By::Other,
            event: "approach.acknowledged",
            tells: Tells::Author,
        },
        Rule {
            step: ApproachStep::Accept,
            from: &[Self::Sent, Self::Acknowledged],
            to: Some(Self::Accepted),
            by: By::Other,
            event: "approach.accepted",
            tells: Tells::Author,
        },
        Rule {
            step: ApproachStep::Decline,
            from: &[Self::Sent, Self::Acknowledged],
            to: Some(Self::Declined),
            by: By::Other,
            event: "approach.declined",
            tells: Tells::Author,
        },
        Rule {
            step: ApproachStep::Withdraw,
            from: &[Self::Sent, Self::Acknowledged],
            to: Some(Self::Withdrawn),
            by: By::Author,
            event: "approach.withdrawn",
            tells: Tells::Other,
        },
        Rule {
            step: ApproachStep::Remind,
            from: &[Self::Sent, Self::Acknowledged],
            to: None,
            by: By::Time,
            event: "approach.reminded",
            tells: Tells::Other,
        },
        Rule {
            step: ApproachStep::Expire,
            from: &[Self::Sent, Self::Acknowledged],
            to: Some(Self::Expired),
            by: By::Time,
            event: "approach.expired",
            tells: Tells::Author,
        },
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole table, written out once more by hand: acknowledge, accept, decline, withdraw, remind, expire.
    #[test]
    fn every_step_from_every_status() {
        use ApproachStatus::{
            Accepted as A, Acknowledged as K, Declined as D, Expired as E, Sent as S, Withdrawn as W,
        };
        let table: &[(ApproachStatus, [Option<ApproachStatus>; 6])] = &[
            (S, [Some(K), Some(A), Some(D), Some(W), Some(S), Some(E)]),
            (K, [None, Some(A), Some(D), Some(W), Some(K), Some(E)]),
            (A, [None; 6]),
            (D, [None; 6]),
            (W, [None; 6]),
            (E, [None; 6]),
        ];
        assert_eq!(table.len(), ApproachStatus::ALL.len());
        for (status, row) in table {
            for (step, expected) in ApproachStep::ALL.iter().zip(row) {
                assert_eq!(status.lead(*step).ok(), *expected, "{step} from {status}");
            }
        }
    }

    #[test]
    fn a_refusal_names_what_is_needed_and_what_is_possible() {
        let refusal = ApproachStatus::Acknowledged.lead(ApproachStep::Acknowledge).unwrap_err();
        assert_eq!(refusal.argument("allowed"), Some("sent"));
        assert_eq!(refusal.argument("possible"), Some("accept, decline, withdraw"));
        let over = ApproachStatus::Expired.lead(ApproachStep::Accept).unwrap_err();
        assert_eq!((over.argument("status"), over.argument("possible")), (Some("expired"), Some("–")));
    }

    #[test]
    fn every_step_has_one_row_in_the_table() {
        for step in ApproachStep::ALL {
            let rows = ApproachStatus::RULES.iter().filter(|rule| rule.step == *step);
            assert_eq!(rows.count(), 1, "{step}");
            assert!(ApproachStatus::table().contains(&format!("| {step} |")));
        }
    }
}
