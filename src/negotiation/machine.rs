//! The lives of the things in a negotiation. Each is one table of steps, by which the code goes, from which the
//! documentation is written, and on which the tests walk. Pure.

use std::fmt::{Display, Write};

use crate::kernel::code::Code;
use crate::kernel::id::OrganizationId;
use crate::kernel::problem::Problem;

/// Which side takes a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum By {
    /// The organisation it comes from.
    Author,
    /// The organisation it is addressed to.
    Other,
    /// Either of the two.
    Either,
    /// Nobody by hand: it happens when its time has come.
    Time,
}

/// Who is told of a step by mail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tells {
    /// The owners of the organisation it comes from.
    Author,
    /// The owners of the organisation it is addressed to.
    Other,
    /// The owners of both.
    Both,
    /// Nobody.
    Nobody,
}

impl Tells {
    /// Those who are told of what comes from `author` and is addressed to `other`.
    #[must_use]
    pub fn of(self, author: OrganizationId, other: OrganizationId) -> Vec<OrganizationId> {
        match self {
            Self::Author => vec![author],
            Self::Other => vec![other],
            Self::Both => vec![author, other],
            Self::Nobody => Vec::new(),
        }
    }
}

/// A step: from where to where, who takes it, and what follows.
#[derive(Debug)]
pub struct Rule<S: 'static, K> {
    /// The step.
    pub step: K,
    /// The statuses it can be taken from.
    pub from: &'static [S],
    /// The status it leads to; none if it changes none.
    pub to: Option<S>,
    /// Which side takes it.
    pub by: By,
    /// What is recorded.
    pub event: &'static str,
    /// Who is told by mail.
    pub tells: Tells,
}

/// A status of something that goes through such a life.
pub trait Life: Copy + PartialEq + Display + 'static {
    /// What can be done with it.
    type Step: Copy + PartialEq + Display + 'static;
    /// What answers a step from the wrong status; its text has `status`, `allowed` and `possible`.
    const WRONG_STATE: Code;
    /// How it begins: what is recorded, and who is told by mail.
    const BEGINNING: (&'static str, Tells);
    /// Every step.
    const RULES: &'static [Rule<Self, Self::Step>];

    /// What there is to know of a step.
    ///
    /// # Errors
    /// `internal_error` for a step without a row in the table, which there is none of.
    fn rule(step: Self::Step) -> Result<&'static Rule<Self, Self::Step>, Problem> {
        Self::RULES.iter().find(|rule| rule.step == step).ok_or(Problem::new(Code::InternalError))
    }

    /// The status after a step.
    ///
    /// # Errors
    /// The wrong-state code, with the statuses the step needs and the steps that are possible.
    fn lead(self, step: Self::Step) -> Result<Self, Problem> {
        let rule = Self::rule(step)?;
        if rule.from.contains(&self) {
            return Ok(rule.to.unwrap_or(self));
        }
        Err(self.refusal(rule.from))
    }

    /// What is told of something that needs one of the statuses `allowed`.
    fn refusal(self, allowed: &[Self]) -> Problem {
        let possible = Self::RULES.iter().filter(|rule| rule.by != By::Time && rule.from.contains(&self));
        let problem = Problem::new(Self::WRONG_STATE).with("status", self).with("allowed", listed(allowed));
        problem.with("possible", listed(possible.map(|rule| rule.step)))
    }

    /// Who is told of an event by mail, if it is one of this life.
    fn told(event: &str) -> Option<Tells> {
        let (beginning, tells) = Self::BEGINNING;
        let step = Self::RULES.iter().find(|rule| rule.event == event).map(|rule| rule.tells);
        if event == beginning { Some(tells) } else { step }
    }

    /// Every event of this life.
    fn events() -> Vec<&'static str> {
        std::iter::once(Self::BEGINNING.0).chain(Self::RULES.iter().map(|rule| rule.event)).collect()
    }

    /// The table in Markdown.
    fn table() -> String {
        let mut table = String::from("| step | from | to | by |\n| --- | --- | --- | --- |\n");
        for rule in Self::RULES {
            let to = rule.to.map_or_else(|| "unchanged".to_owned(), |status| format!("`{status}`"));
            let by = match rule.by {
                By::Author => "the side it comes from",
                By::Other => "the side it is addressed to",
                By::Either => "either side",
                By::Time => "time",
            };
            let from: Vec<_> = rule.from.iter().map(|status| format!("`{status}`")).collect();
            // Writing to a String cannot fail.
            let _ = writeln!(table, "| {} | {} | {to} | {by} |", rule.step, from.join(", "));
        }
        table
    }
}

/// Words as the text of a problem lists them.
fn listed<T: Display>(words: impl IntoIterator<Item = T>) -> String {
    let words: Vec<_> = words.into_iter().map(|word| word.to_string()).collect();
    if words.is_empty() { "–".to_owned() } else { words.join(", ") }
}
