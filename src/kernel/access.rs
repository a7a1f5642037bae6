//! Who is asking: the account with its memberships as they are now, and what follows from them.

use super::code::Code;
use super::id::{OrganizationId, SessionId, UserId};
use super::problem::Problem;
use super::text_enum;

text_enum! {
    /// What an organisation is.
    pub enum OrganizationKind {
        /// University, institute or R&D unit.
        Institute = "institute",
        /// Business.
        Enterprise = "enterprise",
        /// Brokerage, valuation or consulting firm.
        Intermediary = "intermediary",
        /// Individual inventor.
        Individual = "individual",
        /// Supervising authority; its members are officers.
        Authority = "authority",
    }
}

text_enum! {
    /// What a member may do in an organisation; each role includes the ones before it.
    pub enum Role {
        /// Reads what the organisation may read.
        Viewer = "viewer",
        /// Writes for the organisation.
        Editor = "editor",
        /// Manages members and signs.
        Owner = "owner",
    }
}

/// One membership of the person who asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Membership {
    /// The organisation.
    pub organization_id: OrganizationId,
    /// Its kind.
    pub kind: OrganizationKind,
    /// The person's role in it.
    pub role: Role,
}

/// A signed-in person, with memberships read from the database during this very request.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The account.
    pub user_id: UserId,
    /// The session the access token belongs to.
    pub session_id: SessionId,
    /// Every organisation the person belongs to.
    pub memberships: Vec<Membership>,
}

impl Actor {
    /// Whether the person is an officer: a member of an authority who may write for it.
    #[must_use]
    pub fn is_officer(&self) -> bool {
        self.memberships.iter().any(|m| m.kind == OrganizationKind::Authority && m.role >= Role::Editor)
    }

    /// The person's role in an organisation.
    #[must_use]
    pub fn role_in(&self, organization: OrganizationId) -> Option<Role> {
        self.memberships.iter().find(|m| m.organization_id == organization).map(|m| m.role)
    }

    /// The organisations whose private things the person may read.
    #[must_use]
    pub fn organizations(&self) -> Vec<OrganizationId> {
        self.memberships.iter().map(|m| m.organization_id).collect()
    }

    /// Checks that the person has at least `role` in an organisation.
    ///
    /// # Errors
    /// `not_found` for somebody who is no member, `role_too_low` for a member with a lower role.
    pub fn require(&self, role: Role, organization: OrganizationId) -> Result<(), Problem> {
        match self.role_in(organization) {
            None => Err(Problem::new(Code::NotFound)),
            Some(held) if held < role => Err(Problem::new(Code::RoleTooLow).with("role", role)),
            Some(_) => Ok(()),
        }
    }
}

/// A person who reads: perhaps nobody who is known.
#[derive(Clone, Debug, Default)]
pub struct Reader(pub Option<Actor>);

impl Reader {
    /// Whether the reader is an officer, who reads everything.
    #[must_use]
    pub fn is_officer(&self) -> bool {
        self.0.as_ref().is_some_and(Actor::is_officer)
    }

    /// The organisations whose private things the reader may see.
    #[must_use]
    pub fn organizations(&self) -> Vec<OrganizationId> {
        self.0.as_ref().map(Actor::organizations).unwrap_or_default()
    }
}

impl From<&Actor> for Reader {
    fn from(actor: &Actor) -> Self {
        Self(Some(actor.clone()))
    }
}
