//! What can go wrong with the database, sorted by what follows from it.

use diesel::result::{DatabaseErrorKind, Error};

use super::constraint;
use crate::kernel::code::Code;
use crate::kernel::problem::Problem;
use crate::kernel::validate::FieldErrors;

/// A failure of the database. Never "not found": that is an `Option`.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The database cannot be reached or cannot write now.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// Another transaction was in the way; running it again will do.
    #[error("conflict with another transaction: {0}")]
    Conflict(String),
    /// A constraint refused the row. The text is the constraint's name (PostgreSQL) or its columns (SQLite).
    #[error("constraint {0} violated")]
    Constraint(String),
    /// A mistake of ours: wrong SQL, a row that does not decode.
    #[error("database error: {0}")]
    Broken(String),
}

impl DbError {
    /// Whether running the transaction again may succeed.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict(_))
    }
}

impl From<Error> for DbError {
    fn from(error: Error) -> Self {
        let Error::DatabaseError(kind, info) = &error else {
            return match error {
                Error::BrokenTransactionManager => Self::Unavailable(error.to_string()),
                other => Self::Broken(other.to_string()),
            };
        };
        let message = info.message();
        match kind {
            DatabaseErrorKind::SerializationFailure => Self::Conflict(message.to_owned()),
            DatabaseErrorKind::UniqueViolation
            | DatabaseErrorKind::ForeignKeyViolation
            | DatabaseErrorKind::CheckViolation
            | DatabaseErrorKind::ExclusionViolation
            | DatabaseErrorKind::RestrictViolation => {
                Self::Constraint(info.constraint_name().map_or_else(|| message.to_owned(), str::to_owned))
            }
            DatabaseErrorKind::ClosedConnection
            | DatabaseErrorKind::UnableToSendCommand
            | DatabaseErrorKind::ReadOnlyTransaction => Self::Unavailable(message.to_owned()),
            // diesel sorts neither a PostgreSQL deadlock nor a busy SQLite; only their texts tell.
            _ if ["deadlock detected", "database is locked", "database table is locked", "lock timeout"]
                .iter()
                .any(|text| message.contains(text)) =>
            {
                Self::Conflict(message.to_owned())
            }
            _ if UNAVAILABLE.iter().any(|text| message.contains(text)) => Self::Unavailable(message.to_owned()),
            _ => Self::Broken(message.to_owned()),
        }
    }
}

/// Messages of a database that is stopping, starting, full or out of reach.
const UNAVAILABLE: &[&str] = &[
    "server closed the connection",
    "terminating connection",
    "no connection to the server",
    "the database system is",
    "could not connect",
    "connection to server",
    "SSL connection has been closed",
    "statement timeout",
    "database or disk is full",
    "disk I/O error",
    "No space left on device",
    "could not extend file",
    "unable to open database file",
    "attempt to write a readonly database",
];

impl From<diesel::ConnectionError> for DbError {
    fn from(error: diesel::ConnectionError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

/// Why an operation on the database did not come through: the person's problem or the database's.
#[derive(Debug)]
pub enum Failure {
    /// Something the person can be told.
    Problem(Problem),
    /// Something of the database.
    Db(DbError),
}

impl Failure {
    /// Whether running the transaction again may succeed.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Db(error) if error.is_conflict())
    }

    /// A row that a named constraint refuses becomes the field error it stands for.
    #[must_use]
    pub fn explained(self) -> Self {
        match self {
            Self::Db(DbError::Constraint(name)) => match constraint::field_error(&name) {
                Some((pointer, code)) => Self::Problem(Problem::field(pointer, code)),
                None => Self::Db(DbError::Constraint(name)),
            },
            other => other,
        }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}
impl From<Code> for Failure {
    fn from(code: Code) -> Self {
        Self::Problem(code.into())
    }
}
impl From<FieldErrors> for Failure {
    fn from(errors: FieldErrors) -> Self {
        Self::Problem(errors.into())
    }
}
impl From<Failure> for Problem {
    /// What the person is told; the database's own words go to the log only.
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Problem(problem) => problem,
            Failure::Db(error @ (DbError::Unavailable(_) | DbError::Conflict(_))) => {
                tracing::warn!(%error, "the database did not carry out a request");
                Self::retry_later(Code::DatabaseUnavailable, 2)
            }
            Failure::Db(error) => {
                tracing::error!(%error, "the database refused a statement");
                Self::new(Code::InternalError)
            }
        }
    }
}
impl From<DbError> for Failure {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Db(error.into())
    }
}
