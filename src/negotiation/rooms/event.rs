//! An event of a negotiation, and the chain: each event carries the hash of the one before and its own, which is SHA-256
//! over its canonical JSON (RFC 8785). Whoever changes one has to change all that follow. Pure.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::kernel::clock::At;
use crate::kernel::digest::sha256_hex;
use crate::kernel::id::{NegotiationId, OrganizationId, UserId};
use crate::kernel::text_enum;

text_enum! {
    /// What happened in a negotiation. More may be added.
    pub enum EventKind {
        /// It began, by an approach that was accepted.
        Opened = "opened",
        /// One side wrote something.
        MessagePosted = "message_posted",
        /// An officer read it, for the reason given.
        ReadByOfficer = "read_by_officer",
        /// One side offered a non-disclosure agreement.
        NdaOffered = "nda_offered",
        /// One side signed it.
        NdaSigned = "nda_signed",
        /// The other side signed it, which put it in force.
        NdaInForce = "nda_in_force",
        /// It was taken back or refused.
        NdaWithdrawn = "nda_withdrawn",
        /// One side ended it before its time.
        NdaTerminated = "nda_terminated",
        /// Its time was over.
        NdaExpired = "nda_expired",
        /// One side made an offer.
        OfferProposed = "offer_proposed",
        /// The other side answers it with one of its own, which follows.
        OfferCountered = "offer_countered",
        /// The other side agreed to it.
        OfferAccepted = "offer_accepted",
        /// The other side refused it.
        OfferRejected = "offer_rejected",
        /// The side that made it took it back.
        OfferWithdrawn = "offer_withdrawn",
        /// Its time was over.
        OfferLapsed = "offer_lapsed",
        /// One side ended it.
        Ended = "ended",
    }
}

/// The hash that the first event names as that of the one before.
pub const NOTHING_BEFORE: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Something that happened in a negotiation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Event {
    /// In which.
    pub negotiation_id: NegotiationId,
    /// The how manyth it is, from 1 on without a gap.
    pub seq: i64,
    /// When.
    pub at: At,
    /// What.
    pub kind: String,
    /// Who did it; nobody where time did.
    pub user_id: Option<UserId>,
    /// For which organisation.
    pub organization_id: Option<OrganizationId>,
    /// What there is to say of it.
    pub data: Value,
    /// The hash of the event before.
    pub previous_hash: String,
    /// The hash of this one.
    pub hash: String,
}

/// What an event says, before it has a place in the chain.
pub struct Saying {
    /// What happened.
    pub kind: EventKind,
    /// Who did it.
    pub user_id: Option<UserId>,
    /// For which organisation.
    pub organization_id: Option<OrganizationId>,
    /// What there is to say of it.
    pub data: Value,
}

impl Event {
    /// The event that follows the one with this number and hash.
    ///
    /// # Errors
    /// When it has no canonical form, which text, integers, lists and objects have.
    pub fn following(
        negotiation_id: NegotiationId,
        (seq, hash): (i64, &str),
        at: At,
        saying: Saying,
    ) -> Result<Self, serde_json::Error> {
        let Saying { kind, user_id, organization_id, data } = saying;
        let mut event = Self {
            negotiation_id,
            seq: seq + 1,
            at,
            kind: kind.to_string(),
            user_id,
            organization_id,
            data,
            previous_hash: hash.to_owned(),
            hash: String::new(),
        };
        event.hash = event.computed_hash()?;
        Ok(event)
    }

    /// The hash it has to have.
    ///
    /// # Errors
    /// When it has no canonical form.
    pub fn computed_hash(&self) -> Result<String, serde_json::Error> {
        let Self { negotiation_id, seq, at, kind, user_id, organization_id, data, previous_hash, .. } = self;
        let said = json!({
            "negotiation_id": negotiation_id, "seq": seq, "at": at, "kind": kind, "user_id": user_id,
            "organization_id": organization_id, "data": data, "previous_hash": previous_hash,
        });
        Ok(sha256_hex(canonical(&said)?.as_bytes()))
    }
}

/// The canonical JSON (RFC 8785) of a value.
///
/// # Errors
/// When it has none.
pub fn canonical(value: &Value) -> Result<String, serde_json::Error> {
    serde_json_canonicalizer::to_string(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hash is fixed for good: exports that people keep are checked with it.
    #[test]
    fn the_hash_of_an_event_never_changes() {
        let id = NegotiationId(uuid::uuid!("0198c5a1-f2b0-7e00-8d3e-5f0a1b2c3d4e"));
        let data = json!({"text": "Chào bạn,\n«đĩa quay» €20", "b": [1, 2], "a": null});
        let saying = Saying { kind: EventKind::MessagePosted, user_id: None, organization_id: None, data };
        let event = Event::following(id, (0, NOTHING_BEFORE), "2026-11-24T01:02:03.000004Z".parse().unwrap(), saying);
        let event = event.unwrap();
        let canonical = concat!(
            "{\"at\":\"2026-11-24T01:02:03.000004Z\",",
            "\"data\":{\"a\":null,\"b\":[1,2],\"text\":\"Chào bạn,\\n«đĩa quay» €20\"},",
            "\"kind\":\"message_posted\",\"negotiation_id\":\"0198c5a1-f2b0-7e00-8d3e-5f0a1b2c3d4e\",\"organization_id\":null,",
            "\"previous_hash\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"seq\":1,",
            "\"user_id\":null}",
        );
        assert_eq!(event.hash, sha256_hex(canonical.as_bytes()));
    }
}
