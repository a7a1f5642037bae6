//! What is shown of an organisation beside the things it owns.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::verification::Verification;
use crate::db::schema::organizations;
use crate::http::Sample;
use crate::kernel::access::OrganizationKind;
use crate::kernel::clock::At;
use crate::kernel::id::OrganizationId;

/// An organisation in a few words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = organizations, check_for_backend(crate::db::MultiBackend))]
pub struct OrganizationBrief {
    /// The organisation.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: OrganizationKind,
    /// Whether an officer has verified who it is.
    pub verification: Verification,
    /// The code of its province (list `province`).
    #[schema(required = false)]
    pub province: Option<String>,
    /// When it was taken out of the public; not shown.
    #[serde(skip)]
    #[schema(ignore)]
    pub deactivated_at: Option<At>,
}

impl Sample for OrganizationBrief {
    fn sample() -> Self {
        Self {
            id: OrganizationId(uuid::uuid!("0198c5a1-f2b0-7000-8000-00000000000a")),
            name: "Viện Công nghệ môi trường nước (mẫu)".into(),
            kind: OrganizationKind::Institute,
            verification: Verification::Verified,
            province: Some("01".into()),
            deactivated_at: None,
        }
    }
}
