//! Who is asking: the account with its memberships as they are now, and what follows from them.

use super::code::Code;
use super::id::{ApiKeyId, OrganizationId, SessionId, UserId};
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

text_enum! {
    /// On what the right to sign for an organisation rests (Civil Code 91/2015/QH13, art. 137 and 138).
    pub enum SignatoryBasis {
        /// The person is the organisation's legal representative.
        LegalRepresentative = "legal_representative",
        /// The person signs by a power of attorney, whose number and date the reference names.
        PowerOfAttorney = "power_of_attorney",
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
    /// Whether the person may sign for it today. Never true for a machine's key.
    pub signatory: bool,
}

/// By what means somebody asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Means {
    /// A person, in a session.
    Session {
        /// The session the access token belongs to.
        id: SessionId,
        /// Whether a second factor was proved in it within the last minutes.
        stepped_up: bool,
    },
    /// A machine, with an API key of an organisation.
    Key(ApiKeyId),
}

/// Who wrote something: the person, or the key with the person who made it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Author {
    /// The person.
    pub user_id: UserId,
    /// The key, where a machine wrote.
    pub api_key_id: Option<ApiKeyId>,
}

/// A signed-in person, with memberships read from the database during this very request; or a machine, with the one
/// membership of its key.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The account; for a machine that of the person who made its key.
    pub user_id: UserId,
    /// By what means they ask.
    pub means: Means,
    /// Every organisation they act for.
    pub memberships: Vec<Membership>,
}

impl Actor {
    /// The session of a person.
    ///
    /// # Errors
    /// `person_required` for a machine.
    pub fn session(&self) -> Result<SessionId, Problem> {
        match self.means {
            Means::Session { id, .. } => Ok(id),
            Means::Key(_) => Err(Code::PersonRequired.into()),
        }
    }

    /// Whether a second factor was proved in the session within the last minutes.
    #[must_use]
    pub fn is_stepped_up(&self) -> bool {
        matches!(self.means, Means::Session { stepped_up: true, .. })
    }

    /// Who is to be noted for what they write.
    #[must_use]
    pub fn author(&self) -> Author {
        let api_key_id = match self.means {
            Means::Session { .. } => None,
            Means::Key(id) => Some(id),
        };
        Author { user_id: self.user_id, api_key_id }
    }

    /// Whether the person is an officer: a member of an authority who may write for it. No machine is one.
    #[must_use]
    pub fn is_officer(&self) -> bool {
        let person = matches!(self.means, Means::Session { .. });
        person && self.memberships.iter().any(|m| m.kind == OrganizationKind::Authority && m.role >= Role::Editor)
    }

    /// Whether the person belongs to an organisation on which they would decide as an officer. Officers do decide on what
    /// the authority itself puts in: all of them belong to it.
    #[must_use]
    pub fn has_interest_in(&self, organization: OrganizationId) -> bool {
        let own = self.memberships.iter().find(|m| m.organization_id == organization);
        own.is_some_and(|m| m.kind != OrganizationKind::Authority)
    }

    /// The person's role in an organisation.
    #[must_use]
    pub fn role_in(&self, organization: OrganizationId) -> Option<Role> {
        self.memberships.iter().find(|m| m.organization_id == organization).map(|m| m.role)
    }

    /// Whether the person may sign for an organisation today.
    #[must_use]
    pub fn signs_for(&self, organization: OrganizationId) -> bool {
        self.memberships.iter().any(|m| m.organization_id == organization && m.signatory)
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
