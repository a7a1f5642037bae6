//! What people see of their own account.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::memberships;
use super::user::User;
use crate::db::{Conn, DbError};
use crate::http::Sample;
use crate::kernel::access::{OrganizationKind, Role};
use crate::kernel::clock::At;
use crate::kernel::id::{OrganizationId, UserId};
use crate::kernel::locale::Locale;

/// One's own account.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub struct UserView {
    /// Identifier.
    pub id: UserId,
    /// The address one signs in with.
    pub email: String,
    /// Whether the address is confirmed.
    pub email_verified: bool,
    /// Full name.
    pub full_name: String,
    /// The language of mails.
    pub locale: Locale,
    /// The organisations one belongs to, by name.
    pub organizations: Vec<OwnMembership>,
    /// When the account was made.
    pub created_at: At,
    /// When it was last changed.
    pub updated_at: At,
}

/// An organisation one belongs to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OwnMembership {
    /// The organisation.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// Its kind. Members of an authority are officers.
    pub kind: OrganizationKind,
    /// One's role in it.
    pub role: Role,
}

impl UserView {
    pub(super) fn load(conn: &mut Conn, user: &User) -> Result<Self, DbError> {
        let rows = memberships::of_user(conn, user.id)?;
        Ok(Self {
            id: user.id,
            email: user.email.clone(),
            email_verified: user.email_verified_at.is_some(),
            full_name: user.profile.full_name.to_string(),
            locale: user.profile.locale,
            organizations: rows
                .into_iter()
                .map(|(id, name, kind, role)| OwnMembership { id, name, kind, role })
                .collect(),
            created_at: user.created_at,
            updated_at: user.updated_at,
        })
    }
}

impl Sample for UserView {
    fn sample() -> Self {
        let at = At::sample();
        Self {
            id: UserId(Uuid::from_u128(0x0198_c5a1_f2b0_7cc0_8d3e_5f0a_1b2c_3d4e)),
            email: "nghien-cuu@vien.example".into(),
            email_verified: true,
            full_name: "Nhà nghiên cứu".into(),
            locale: Locale::Vi,
            organizations: vec![OwnMembership {
                id: OrganizationId(Uuid::from_u128(0x0198_c5a1_f2b0_7cc0_8d3e_5f0a_1b2c_0001)),
                name: "Viện Công nghệ Môi trường".into(),
                kind: OrganizationKind::Institute,
                role: Role::Owner,
            }],
            created_at: at,
            updated_at: at,
        }
    }
}
