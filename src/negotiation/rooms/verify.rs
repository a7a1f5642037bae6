//! Checking an exported negotiation without the exchange. Pure.

use serde::Deserialize;

use super::event::{Event, NOTHING_BEFORE};
use crate::kernel::id::NegotiationId;

/// What an export says it is.
pub const FORMAT: &str = "techex-negotiation/1";

/// What of an export is checked.
#[derive(Deserialize)]
struct Export {
    format: String,
    negotiation: Head,
    events: Vec<Event>,
}

#[derive(Deserialize)]
struct Head {
    id: NegotiationId,
    last_seq: i64,
    last_hash: String,
}

/// A negotiation whose every event was found to be as it was written down.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verified {
    /// The negotiation.
    pub id: NegotiationId,
    /// Its events.
    pub events: usize,
    /// The hash of the last one. Only one that is known from elsewhere shows that nothing was exchanged as a whole.
    pub last_hash: String,
}

/// Checks the text of an export.
///
/// # Errors
/// Why it is none, or what is wrong with the first event that is wrong.
pub fn verify(text: &str) -> Result<Verified, String> {
    let Export { format, negotiation, events } =
        serde_json::from_str(text).map_err(|error| format!("this is no export of a negotiation: {error}"))?;
    if format != FORMAT {
        return Err(format!("the format is {format:?}, and {FORMAT:?} is known"));
    }
    let mut last = (0, NOTHING_BEFORE);
    for event in &events {
        let wrong = |what: &str| format!("event {} ({}, {}): {what}", event.seq, event.kind, event.at);
        if event.seq != last.0 + 1 {
            return Err(wrong(&format!("it follows event {}", last.0)));
        }
        if event.negotiation_id != negotiation.id {
            return Err(wrong("it belongs to another negotiation"));
        }
        if event.previous_hash != last.1 {
            return Err(wrong("it does not name the hash of the event before"));
        }
        if event.computed_hash().ok().as_ref() != Some(&event.hash) {
            return Err(wrong("its hash is not that of its content"));
        }
        last = (event.seq, &event.hash);
    }
    if last != (negotiation.last_seq, &negotiation.last_hash) {
        return Err(format!("event {}: it is missing, or the last one is another", last.0 + 1));
    }
    Ok(Verified { id: negotiation.id, events: events.len(), last_hash: negotiation.last_hash })
}

#[cfg(test)]
mod tests {
    use super::super::event::{EventKind, Saying};
    use super::*;
    use serde_json::{Value, json};

    fn export() -> Value {
        let id = NegotiationId(uuid::Uuid::from_u128(7));
        let mut events: Vec<Event> = Vec::new();
        for text in ["Chào", "Xin hỏi giá", "250 triệu"] {
            let (seq, hash) = events.last().map_or((0, NOTHING_BEFORE), |event| (event.seq, event.hash.as_str()));
            let saying = Saying {
                kind: EventKind::MessagePosted,
                user_id: None,
                organization_id: None,
                data: json!({"text": text}),
            };
            let event = Event::following(id, (seq, hash), crate::kernel::clock::At::sample(), saying).unwrap();
            events.push(event);
        }
        let head = json!({"id": id, "last_seq": 3, "last_hash": events[2].hash});
        json!({"format": FORMAT, "negotiation": head, "events": events})
    }

    #[test]
    fn what_was_changed_is_named() {
        let good = export();
        let verified = verify(&good.to_string()).unwrap();
        assert_eq!((verified.events, verified.last_hash.len()), (3, 64));
        let changed = |change: fn(&mut Value)| {
            let mut export = export();
            change(&mut export);
            verify(&export.to_string()).unwrap_err()
        };
        let second = changed(|export| export["events"][1]["data"]["text"] = json!("Xin hỏi giá."));
        assert!(second.starts_with("event 2 (message_posted, "), "{second}");
        for change in [
            (|export| export["events"][1]["at"] = json!("2026-11-24T00:00:00Z")) as fn(&mut Value),
            |export| export["events"][1]["kind"] = json!("ended"),
            |export| export["events"][1]["user_id"] = json!(uuid::Uuid::nil()),
            |export| export["events"][1]["organization_id"] = json!(uuid::Uuid::nil()),
            |export| export["events"][1]["hash"] = json!(NOTHING_BEFORE),
            |export| export["events"][1]["previous_hash"] = json!(NOTHING_BEFORE),
        ] {
            assert!(changed(change).starts_with("event 2 "));
        }
        let gap = changed(|export| drop(export["events"].as_array_mut().unwrap().remove(1)));
        assert!(gap.starts_with("event 3 ") && gap.contains("follows event 1"), "{gap}");
        let cut = changed(|export| drop(export["events"].as_array_mut().unwrap().pop()));
        assert!(cut.starts_with("event 3: it is missing"), "{cut}");
        assert!(changed(|export| export["format"] = json!("other/1")).contains("format"));
        assert!(verify("{}").unwrap_err().contains("no export"));
    }
}
