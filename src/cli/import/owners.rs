//! The organisations rows belong to.

use std::collections::HashMap;

use crate::accounts;
use crate::db::Failure;
use crate::events::Tx;
use crate::kernel::access::OrganizationKind;
use crate::kernel::id::OrganizationId;
use crate::kernel::problem::Problem;
use crate::kernel::validate::FieldCode;

/// Finds owners by id, tax code or name, each once.
pub struct Owners {
    create: Option<OrganizationKind>,
    known: HashMap<String, OrganizationId>,
}

impl Owners {
    /// Nothing is known yet; unknown ones are created with this kind, if one is given.
    pub fn new(create: Option<OrganizationKind>) -> Self {
        Self { create, known: HashMap::new() }
    }

    /// The organisation that `text` names.
    pub fn find(&mut self, tx: &mut Tx<'_>, text: &str) -> Result<OrganizationId, Failure> {
        if let Some(id) = self.known.get(text) {
            return Ok(*id);
        }
        let id = match (accounts::find_organization(tx.conn, text)?, self.create) {
            (Some(id), _) => id,
            (None, Some(kind)) => accounts::create_imported_organization(tx, kind, text)?,
            (None, None) => return Err(Problem::field("organization", FieldCode::NoSuchOrganization).into()),
        };
        self.known.insert(text.to_owned(), id);
        Ok(id)
    }
}
