//! A write in progress: the transaction with the time it happens at, and the recording of what it changes.

use diesel::prelude::*;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use uuid::Uuid;

use super::queue::{self, NewDelivery};
use super::worker::Consumer;
use crate::db::schema::audit_log;
use crate::db::types::Json;
use crate::db::{Conn, DbError};
use crate::kernel::access::Author;
use crate::kernel::clock::At;
use crate::kernel::id::{DeliveryId, EventId, Ids, ObjectId, OrganizationId, UserId, first_id_at};

/// What a write needs besides its connection; the same for all writes of a server.
#[derive(Clone)]
pub struct Writing {
    /// Source of identifiers.
    pub ids: Arc<dyn Ids>,
    /// Who wants to know what happened.
    pub consumers: Arc<[Arc<dyn Consumer>]>,
}

/// Where a write comes from, for the audit log.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The signed-in person, or the machine, if any.
    pub actor: Option<Author>,
    /// The request's trace id, or the command's name.
    pub request_id: String,
    /// The client's address; empty for commands.
    pub address: String,
}

/// A write transaction in progress.
pub struct Tx<'a> {
    /// The connection inside the transaction.
    pub conn: &'a mut Conn,
    /// When the write happens; one instant for all of it.
    pub now: At,
    writing: &'a Writing,
    origin: &'a Origin,
    queued: bool,
}

impl<'a> Tx<'a> {
    /// A write on `conn`, which must be inside a transaction.
    pub fn new(conn: &'a mut Conn, now: At, writing: &'a Writing, origin: &'a Origin) -> Self {
        Self { conn, now, writing, origin, queued: false }
    }

    /// A new identifier.
    #[must_use]
    pub fn id<T: From<Uuid>>(&self) -> T {
        self.writing.ids.next(self.now).into()
    }

    /// The person who writes, or in whose name a machine writes, if any.
    #[must_use]
    pub fn actor(&self) -> Option<UserId> {
        self.origin.actor.map(|author| author.user_id)
    }

    /// Whether something waits for delivery after the commit.
    #[must_use]
    pub fn queued(&self) -> bool {
        self.queued
    }

    /// Records that something happened: an audit entry, and an outbox row for each consumer that wants the event.
    ///
    /// # Errors
    /// The database's failure.
    pub fn record(&mut self, change: &Change) -> Result<(), DbError> {
        let event_id: EventId = self.id();
        diesel::insert_into(audit_log::table)
            .values((
                audit_log::id.eq(event_id),
                audit_log::at.eq(self.now),
                audit_log::event.eq(change.event),
                audit_log::object_kind.eq(change.object_kind),
                audit_log::object_id.eq(ObjectId(change.object_id)),
                audit_log::object_version.eq(change.version),
                audit_log::actor_id.eq(self.origin.actor.map(|author| author.user_id)),
                audit_log::api_key_id.eq(self.origin.actor.and_then(|author| author.api_key_id)),
                audit_log::organization_id.eq(change.organization_id),
                audit_log::request_id.eq(&self.origin.request_id),
                audit_log::address.eq(&self.origin.address),
                audit_log::changes.eq(Json(Value::Object(change.changes.clone()))),
            ))
            .execute(self.conn)?;
        let wanted = self.writing.consumers.iter().filter(|consumer| consumer.wants(change.event));
        let deliveries: Vec<_> = wanted
            .map(|consumer| NewDelivery {
                id: DeliveryId(self.writing.ids.next(self.now)),
                consumer: consumer.name(),
                event_id,
                event: change.event,
                object_id: ObjectId(change.object_id),
                attempts: 0,
                available_at: self.now,
                created_at: self.now,
            })
            .collect();
        self.queued |= !deliveries.is_empty();
        queue::add(self.conn, &deliveries)
    }
}

/// When the newest entry of the audit log was made.
///
/// # Errors
/// The database's failure.
pub fn newest_entry(conn: &mut Conn) -> Result<Option<At>, DbError> {
    Ok(audit_log::table.order(audit_log::id.desc()).select(audit_log::at).first(conn).optional()?)
}

/// The names and objects of everything recorded since then; for a consumer that has to make sure of having seen it all.
///
/// # Errors
/// The database's failure.
pub fn recorded_since(conn: &mut Conn, since: At) -> Result<Vec<(String, ObjectId)>, DbError> {
    Ok(audit_log::table
        .filter(audit_log::id.ge(EventId(first_id_at(since))))
        .select((audit_log::event, audit_log::object_id))
        .load(conn)?)
}

/// What happened to one object. The name is `<object>.<verb in the past>`.
#[derive(Debug, Clone)]
pub struct Change {
    event: &'static str,
    object_kind: &'static str,
    object_id: Uuid,
    version: i64,
    organization_id: Option<OrganizationId>,
    changes: Map<String, Value>,
}

impl Change {
    /// The event `event` on the object `object_id`, which is at `version` afterwards.
    #[must_use]
    pub fn new(event: &'static str, object_id: Uuid, version: i64) -> Self {
        let object_kind = event.split_once('.').map_or(event, |(kind, _)| kind);
        Self { event, object_kind, object_id, version, organization_id: None, changes: Map::new() }
    }

    /// The organisation whose object it is.
    #[must_use]
    pub fn of(mut self, organization: OrganizationId) -> Self {
        self.organization_id = Some(organization);
        self
    }

    /// One field's value before and after.
    #[must_use]
    pub fn field(mut self, name: &str, before: impl Serialize, after: impl Serialize) -> Self {
        self.changes.insert(name.to_owned(), json!([before, after]));
        self
    }

    /// The names of the fields that changed, in alphabetical order.
    #[must_use]
    pub fn fields(&self) -> Vec<String> {
        let mut names: Vec<_> = self.changes.keys().cloned().collect();
        names.sort_unstable();
        names
    }

    /// Leaves out what these fields say: `null` stands for their values.
    #[must_use]
    pub fn without_values(mut self, fields: &[&str]) -> Self {
        for name in fields {
            if let Some(change) = self.changes.get_mut(*name) {
                *change = Value::Null;
            }
        }
        self
    }

    /// Every top-level field in which the two differ, with its value before and after.
    #[must_use]
    pub fn between<T: Serialize>(mut self, before: Option<&T>, after: &T) -> Self {
        let object = |value: &T| match serde_json::to_value(value) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        let mut old = before.map(object).unwrap_or_default();
        for (name, new) in object(after) {
            let previous = old.remove(&name).unwrap_or_default();
            if previous != new {
                self.changes.insert(name, json!([previous, new]));
            }
        }
        for (name, previous) in old {
            self.changes.insert(name, json!([previous, null]));
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_name_only_what_differs() {
        let before = json!({"a": 1, "b": 2, "gone": true});
        let change =
            Change::new("listing.changed", Uuid::nil(), 2).between(Some(&before), &json!({"a": 1, "b": 3, "new": "x"}));
        assert_eq!(
            Value::Object(change.changes.clone()),
            json!({"b": [2, 3], "gone": [true, null], "new": [null, "x"]})
        );
        assert_eq!(change.object_kind, "listing");
        let silent = Change::new("listing.changed", Uuid::nil(), 2)
            .between(Some(&before), &json!({"a": 1, "b": 3, "gone": true}))
            .without_values(&["b", "a"]);
        assert_eq!((silent.fields(), Value::Object(silent.changes)), (vec!["b".to_owned()], json!({"b": null})));
    }
}
