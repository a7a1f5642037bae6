//! What follows from a right on a day: its number in one form, until when it protects, and how much of that is left.

use serde::Serialize;
use utoipa::ToSchema;

use super::ip_right::{IpKind, IpRight, IpStatus, normalized};
use crate::kernel::clock::Day;
use crate::kernel::text_enum;

text_enum! {
    /// Where the end of protection is known from.
    pub enum ExpiryBasis {
        /// The owner gave it.
        Declared = "declared",
        /// It follows from the day of filing and the term of the law; `rule` says which.
        StatutoryTerm = "statutory_term",
    }
}

/// A term of the law that runs from filing.
struct Term {
    kind: IpKind,
    /// `None`: wherever no other row speaks of the territory.
    territory: Option<&'static str>,
    years: u32,
    /// How often it can be renewed for as many years; `None` without limit.
    renewals: Option<u32>,
    source: &'static str,
}

/// The terms that run from filing. Left out is what cannot be told from the dates of a right: layout designs and plant
/// varieties (their terms hang on first use, and on the kind of plant), secrets and copyright (no registered term), and
/// rights other than patents outside Vietnam.
const TERMS: &[Term] = &[
    Term {
        kind: IpKind::Patent,
        territory: Some("VN"),
        years: 20,
        renewals: Some(0),
        source: "Law 50/2005/QH11, art. 93(2): 20 years from filing",
    },
    Term {
        kind: IpKind::UtilitySolution,
        territory: Some("VN"),
        years: 10,
        renewals: Some(0),
        source: "Law 50/2005/QH11, art. 93(3): 10 years from filing",
    },
    Term {
        kind: IpKind::IndustrialDesign,
        territory: Some("VN"),
        years: 5,
        renewals: Some(2),
        source: "Law 50/2005/QH11, art. 93(4): 5 years from filing, renewable twice",
    },
    Term {
        kind: IpKind::Trademark,
        territory: Some("VN"),
        years: 10,
        renewals: None,
        source: "Law 50/2005/QH11, art. 93(6): 10 years from filing, renewable without limit",
    },
    Term {
        kind: IpKind::Patent,
        territory: None,
        years: 20,
        renewals: Some(0),
        source: "TRIPS, art. 33: 20 years from filing",
    },
];

/// What follows from a right as of today.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Protection {
    /// The number without prefixes, spaces and signs, for comparing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, example = "1201903456")]
    pub normalized_number: Option<String>,
    /// Whether it protects today; absent where that cannot be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, example = true)]
    pub in_force: Option<bool>,
    /// The last day of protection; for an application, what it would be after a grant. Absent where it cannot be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub expires_on: Option<Day>,
    /// Where that day is known from.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub basis: Option<ExpiryBasis>,
    /// The term of the law it was derived from.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, example = "Law 50/2005/QH11, art. 93(2): 20 years from filing")]
    pub rule: Option<&'static str>,
    /// The last day it could be renewed to; absent where the law sets none or it cannot be renewed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub renewable_until: Option<Day>,
    /// Days from today to that end, 0 when it is over. Days begin at midnight in Vietnam.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, example = 4862)]
    pub days_left: Option<i64>,
    /// Whole months from today to that end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, example = 159)]
    pub months_left: Option<u32>,
}

impl Protection {
    /// What follows from `right` on the day `today`.
    #[must_use]
    pub fn of(right: &IpRight, today: Day) -> Self {
        let ended =
            matches!(right.status, IpStatus::Refused | IpStatus::Withdrawn | IpStatus::Lapsed | IpStatus::Expired);
        let term = if ended || right.status == IpStatus::Unregistered { None } else { term(right) };
        let derived = term.and_then(|term| Some((term, derive(term, right, today)?)));
        let (expires_on, basis, rule) = match (right.expires_on, derived) {
            (Some(day), _) => (Some(day), Some(ExpiryBasis::Declared), None),
            (None, Some((term, day))) => (Some(day), Some(ExpiryBasis::StatutoryTerm), Some(term.source)),
            (None, None) => (None, None, None),
        };
        let over = ended || expires_on.is_some_and(|day| day < today);
        let renewable_until = term.and_then(|term| {
            let renewals = term.renewals.filter(|renewals| *renewals > 0)?;
            Some(right.filed_on?.plus_years(term.years * (renewals + 1)))
        });
        Self {
            normalized_number: right.number.as_ref().map(|text| normalized(text.as_str(), right.territory.as_ref())),
            in_force: match right.status {
                _ if over => Some(false),
                IpStatus::Filed | IpStatus::Published => Some(false),
                IpStatus::Granted => expires_on.map(|_| true),
                _ => None,
            },
            expires_on,
            basis,
            rule,
            renewable_until,
            days_left: if over { Some(0) } else { expires_on.map(|day| today.days_to(day)) },
            months_left: if over { Some(0) } else { expires_on.map(|day| today.months_to(day)) },
        }
    }
}

/// The term that applies.
fn term(right: &IpRight) -> Option<&'static Term> {
    let territory = right.territory.as_ref()?.as_str();
    let of_kind = || TERMS.iter().filter(|term| term.kind == right.kind);
    of_kind().find(|term| term.territory == Some(territory)).or_else(|| of_kind().find(|term| term.territory.is_none()))
}

/// The end of the first term. When that is past and the right may have been renewed, nothing can be known.
fn derive(term: &Term, right: &IpRight, today: Day) -> Option<Day> {
    let end = right.filed_on?.plus_years(term.years);
    let renewable = term.renewals != Some(0) && right.status == IpStatus::Granted;
    (end >= today || !renewable).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::validate::FieldErrors;
    use serde_json::json;

    fn on(today: &str, kind: &str, status: &str, territory: &str, fields: serde_json::Value) -> Protection {
        let mut body = json!({"kind": kind, "status": status});
        if !territory.is_empty() {
            body["territory"] = territory.into();
        }
        body.as_object_mut().unwrap().extend(fields.as_object().cloned().unwrap());
        Protection::of(&deserr::deserialize::<IpRight, _, FieldErrors>(body).unwrap(), today.parse().unwrap())
    }

    /// The end, where it is known from, days left, months left, whether it is in force.
    type Told = (Option<String>, Option<ExpiryBasis>, Option<i64>, Option<u32>, Option<bool>);

    fn told(protection: &Protection) -> Told {
        let Protection { expires_on, basis, days_left, months_left, in_force, .. } = protection;
        (expires_on.map(|day| day.to_string()), *basis, *days_left, *months_left, *in_force)
    }

    #[test]
    fn the_rest_of_each_kind() {
        let filed = json!({"filed_on": "2020-03-15"});
        let (declared, term) = (Some(ExpiryBasis::Declared), Some(ExpiryBasis::StatutoryTerm));
        let day = |text: &str| Some(text.to_owned());
        for (kind, status, territory, expected) in [
            ("patent", "granted", "VN", (day("2040-03-15"), term, Some(4861), Some(159), Some(true))),
            ("patent", "granted", "JP", (day("2040-03-15"), term, Some(4861), Some(159), Some(true))),
            ("patent", "filed", "VN", (day("2040-03-15"), term, Some(4861), Some(159), Some(false))),
            ("patent", "granted", "", (None, None, None, None, None)),
            ("patent", "lapsed", "VN", (None, None, Some(0), Some(0), Some(false))),
            ("patent", "refused", "VN", (None, None, Some(0), Some(0), Some(false))),
            ("utility_solution", "granted", "VN", (day("2030-03-15"), term, Some(1208), Some(39), Some(true))),
            ("utility_solution", "granted", "DE", (None, None, None, None, None)),
            // The first five years are over; whether it was renewed nobody has said.
            ("industrial_design", "granted", "VN", (None, None, None, None, None)),
            ("industrial_design", "filed", "VN", (day("2025-03-15"), term, Some(0), Some(0), Some(false))),
            ("trademark", "granted", "VN", (day("2030-03-15"), term, Some(1208), Some(39), Some(true))),
            ("plant_variety", "granted", "VN", (None, None, None, None, None)),
            ("layout_design", "granted", "VN", (None, None, None, None, None)),
            ("trade_secret", "unregistered", "", (None, None, None, None, None)),
            ("copyright_software", "granted", "VN", (None, None, None, None, None)),
        ] {
            let protection = on("2026-11-23", kind, status, territory, filed.clone());
            assert_eq!(told(&protection), expected, "{kind} {status} {territory}");
            assert_eq!(protection.rule.is_some(), protection.basis == term, "{kind}");
        }
        let given =
            on("2026-11-23", "patent", "granted", "VN", json!({"filed_on": "2020-03-15", "expires_on": "2026-11-23"}));
        assert_eq!(told(&given), (day("2026-11-23"), declared, Some(0), Some(0), Some(true)), "its last day");
        let over = on("2026-11-24", "patent", "granted", "VN", json!({"expires_on": "2026-11-23"}));
        assert_eq!(told(&over), (day("2026-11-23"), declared, Some(0), Some(0), Some(false)));
    }

    #[test]
    fn a_design_can_be_renewed_to_fifteen_years() {
        let design = on("2026-11-23", "industrial_design", "granted", "VN", json!({"filed_on": "2024-02-29"}));
        assert_eq!(design.expires_on.map(|day| day.to_string()).as_deref(), Some("2029-02-28"));
        assert_eq!(design.renewable_until.map(|day| day.to_string()).as_deref(), Some("2039-02-28"));
        let mark = on("2026-11-23", "trademark", "granted", "VN", json!({"filed_on": "2024-02-29"}));
        assert_eq!(mark.renewable_until, None, "no last day");
    }
}
