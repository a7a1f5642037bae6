//! The life of a non-disclosure agreement. Pure.

use super::super::machine::{By, Life, Rule, Tells};
use crate::kernel::code::Code;
use crate::kernel::text_enum;

text_enum! {
    /// Where a non-disclosure agreement is in its life. More may be added.
    pub enum NdaStatus {
        /// One side offers it; nobody has signed.
        Offered = "offered",
        /// One side has signed.
        SignedByOne = "signed_by_one",
        /// Both have signed, and its time runs.
        InForce = "in_force",
        /// It was taken back or refused before both had signed.
        Withdrawn = "withdrawn",
        /// Its time is over.
        Expired = "expired",
        /// One side ended it before its time.
        Terminated = "terminated",
    }
}

text_enum! {
    /// What can be done with a non-disclosure agreement.
    pub enum NdaStep {
        /// Sign it as the first.
        Sign = "sign",
        /// Sign it as the second, which puts it in force.
        Countersign = "countersign",
        /// Take it back, or refuse it.
        Withdraw = "withdraw",
        /// End it before its time.
        Terminate = "terminate",
        /// End it because its time is over.
        Expire = "expire",
    }
}

impl NdaStatus {
    /// Those in which it stands in the way of another one.
    pub const LIVE: [Self; 3] = [Self::Offered, Self::SignedByOne, Self::InForce];

    /// What a signature is from here.
    #[must_use]
    pub fn signing(self) -> NdaStep {
        if self == Self::Offered { NdaStep::Sign } else { NdaStep::Countersign }
    }
}

impl Life for NdaStatus {
    type Step = NdaStep;
    const WRONG_STATE: Code = Code::NdaWrongState;
    const BEGINNING: (&'static str, Tells) = ("nda.offered", Tells::Other);
    const RULES: &'static [Rule<Self, NdaStep>] = &[
        Rule {
            step: NdaStep::Sign,
            from: &[Self::Offered],
            to: Some(Self::SignedByOne),
            by: By::Either,
            event: "nda.signed",
            tells: Tells::Both,
        },
        Rule {
            step: NdaStep::Countersign,
            from: &[Self::SignedByOne],
            to: Some(Self::InForce),
            by: By::Either,
            event: "nda.in_force",
            tells: Tells::Both,
        },
        Rule {
            step: NdaStep::Withdraw,
            from: &[Self::Offered, Self::SignedByOne],
            to: Some(Self::Withdrawn),
            by: By::Either,
            event: "nda.withdrawn",
            tells: Tells::Both,
        },
        Rule {
            step: NdaStep::Terminate,
            from: &[Self::InForce],
            to: Some(Self::Terminated),
            by: By::Either,
            event: "nda.terminated",
            tells: Tells::Both,
        },
        Rule {
            step: NdaStep::Expire,
            from: &[Self::InForce],
            to: Some(Self::Expired),
            by: By::Time,
            event: "nda.expired",
            tells: Tells::Both,
        },
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole table, written out once more by hand: sign, countersign, withdraw, terminate, expire.
    #[test]
    fn every_step_from_every_status() {
        use NdaStatus::{Expired as E, InForce as F, Offered as O, SignedByOne as S, Terminated as T, Withdrawn as W};
        let table: &[(NdaStatus, [Option<NdaStatus>; 5])] = &[
            (O, [Some(S), None, Some(W), None, None]),
            (S, [None, Some(F), Some(W), None, None]),
            (F, [None, None, None, Some(T), Some(E)]),
            (W, [None; 5]),
            (E, [None; 5]),
            (T, [None; 5]),
        ];
        assert_eq!(table.len(), NdaStatus::ALL.len());
        for (status, row) in table {
            for (step, expected) in NdaStep::ALL.iter().zip(row) {
                assert_eq!(status.lead(*step).ok(), *expected, "{step} from {status}");
            }
        }
    }
}
