//! How much one client may ask for.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How much one client may ask for, in requests a minute; 0 means no limit. A client is an account, or an address.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Reads.
    pub reads: u32,
    /// Searches.
    pub searches: u32,
    /// Writes.
    pub writes: u32,
    /// Registrations, logins, renewals and mails asked for.
    pub credentials: u32,
    /// Whatever one API key does.
    pub keys: u32,
    /// Failed logins to one account, and registrations of one address an hour, by all servers; made-up keys of one address.
    pub failed_logins: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { reads: 3_000, searches: 600, writes: 600, credentials: 60, keys: 1_200, failed_logins: 10 }
    }
}
