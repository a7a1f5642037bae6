//! Which field a violated constraint speaks of: the one table from constraints to field errors.

use crate::kernel::validate::FieldCode;

/// PostgreSQL tells the constraint's name, SQLite the columns.
const FIELD_ERRORS: &[(&str, &str, &str, FieldCode)] = &[
    ("users_email_key", "users.email", "/email", FieldCode::EmailTaken),
    ("organizations_tax_code_key", "organizations.tax_code", "/tax_code", FieldCode::TaxCodeTaken),
    ("memberships_pkey", "memberships.organization_id, memberships.user_id", "/email", FieldCode::AlreadyMember),
    ("invitations_open_key", "invitations.organization_id, invitations.email", "/email", FieldCode::AlreadyInvited),
    ("approaches_open_key", "approaches.sender_id, approaches.subject_id", "/organization_id", FieldCode::AlreadySent),
];

/// The field error a constraint stands for, if it stands for one.
pub(super) fn field_error(violated: &str) -> Option<(&'static str, FieldCode)> {
    let columns = violated.strip_prefix("UNIQUE constraint failed: ").unwrap_or(violated);
    FIELD_ERRORS
        .iter()
        .find(|(name, cols, ..)| *name == violated || *cols == columns)
        .map(|&(_, _, pointer, code)| (pointer, code))
}
