//! The life of an offer. Pure.

use super::super::machine::{By, Life, Rule, Tells};
use crate::kernel::code::Code;
use crate::kernel::text_enum;

text_enum! {
    /// Where an offer is in its life. More may be added.
    pub enum OfferStatus {
        /// On the table, until the other side answers or its time is over.
        Proposed = "proposed",
        /// The other side answered with an offer of its own.
        Countered = "countered",
        /// Agreed.
        Accepted = "accepted",
        /// Refused.
        Rejected = "rejected",
        /// Taken back.
        Withdrawn = "withdrawn",
        /// Its time was over before it was answered.
        Lapsed = "lapsed",
    }
}

text_enum! {
    /// What can be done with an offer.
    pub enum OfferStep {
        /// Answer with an offer of one's own.
        Counter = "counter",
        /// Agree to it as it is.
        Accept = "accept",
        /// Refuse it.
        Reject = "reject",
        /// Take it back.
        Withdraw = "withdraw",
        /// Let it end because its time is over.
        Lapse = "lapse",
    }
}

impl Life for OfferStatus {
    type Step = OfferStep;
    const WRONG_STATE: Code = Code::OfferWrongState;
    const BEGINNING: (&'static str, Tells) = ("offer.proposed", Tells::Other);
    const RULES: &'static [Rule<Self, OfferStep>] = &[
        Rule {
            step: OfferStep::Counter,
            from: &[Self::Proposed],
            to: Some(Self::Countered),
            by: By::Other,
            event: "offer.countered",
            tells: Tells::Author,
        },
        Rule {
            step: OfferStep::Accept,
            from: &[Self::Proposed],
            to: Some(Self::Accepted),
            by: By::Other,
            event: "offer.accepted",
            tells: Tells::Both,
        },
        Rule {
            step: OfferStep::Reject,
            from: &[Self::Proposed],
            to: Some(Self::Rejected),
            by: By::Other,
            event: "offer.rejected",
            tells: Tells::Author,
        },
        Rule {
            step: OfferStep::Withdraw,
            from: &[Self::Proposed],
            to: Some(Self::Withdrawn),
            by: By::Author,
            event: "offer.withdrawn",
            tells: Tells::Other,
        },
        Rule {
            step: OfferStep::Lapse,
            from: &[Self::Proposed],
            to: Some(Self::Lapsed),
            by: By::Time,
            event: "offer.lapsed",
            tells: Tells::Both,
        },
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_on_the_table_goes_anywhere() {
        use OfferStatus::{Accepted, Countered, Lapsed, Proposed, Rejected, Withdrawn};
        let ends = [Countered, Accepted, Rejected, Withdrawn, Lapsed];
        for (step, end) in OfferStep::ALL.iter().zip(ends) {
            assert_eq!(Proposed.lead(*step).ok(), Some(end), "{step}");
            for status in ends {
                assert!(status.lead(*step).is_err(), "{step} from {status}");
            }
        }
    }
}
