//! Reading the timeline.

use deserr::Deserr;
use utoipa::IntoParams;
use uuid::Uuid;

use super::timeline::{Reason, ReasonQuery, read};
use super::view::EventView;
use super::{TAG, store};
use crate::http::{Answer, Call, Cursor, Limit, Operation, Page, Path, Query, Reply, SignedIn, page};
use crate::kernel::code::Code;
use crate::kernel::id::NegotiationId;
use crate::kernel::validate::FieldErrors;

/// Which page of the timeline.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EventsQuery {
    /// Why an officer reads it; the two sides read the reason in the timeline. Others need none.
    #[deserr(default)]
    #[param(value_type = Option<String>, min_length = 5, max_length = 500)]
    reason: Reason,
    /// Items on a page, at most 100.
    #[deserr(default)]
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    limit: Limit,
    /// The `next_cursor` of the page before.
    #[deserr(default)]
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

const SORT: &str = "-seq";

pub(super) fn operations() -> [Operation; 2] {
    [
        Operation::get("/v1/negotiations/{id}/events", "negotiations_events", list)
            .about(
                TAG,
                "Read the timeline",
                "Everything that happened in a negotiation, messages among it, the latest first. For members of the two \
                 organisations; an officer gives a `reason`, as for the negotiation itself.",
            )
            .answers::<Page<EventView>>(200, "A page.")
            .problems(&[Code::MalformedCursor]),
        Operation::get("/v1/negotiations/{id}/events/{seq}", "negotiations_event", show)
            .about(TAG, "Read an event", "One event of the timeline. For whoever may read the timeline.")
            .answers::<EventView>(200, "The event."),
    ]
}

async fn list(call: Call<SignedIn>, Path((id,)): Path<(NegotiationId,)>, query: Query<EventsQuery>) -> Answer {
    let Query { params: EventsQuery { reason, limit, cursor }, url } = query;
    let before = cursor.map(|cursor| cursor.key_for::<i64>(SORT)).transpose()?.unwrap_or(i64::MAX);
    read(call, id, reason, move |conn, _, room| {
        let rows = store::events_before(conn, room.id, before, limit.probe())?;
        let rows: Vec<_> = rows.into_iter().map(EventView::new).collect();
        Ok(page(rows, limit, &url, |row| Cursor { sort: SORT.into(), key: row.seq.to_string(), id: Uuid::nil() })?)
    })
    .await
}

async fn show(call: Call<SignedIn>, Path((id, seq)): Path<(NegotiationId, i64)>, query: Query<ReasonQuery>) -> Answer {
    read(call, id, query.params.reason, move |conn, _, room| {
        let found = store::events_before(conn, room.id, seq.saturating_add(1), 1)?.pop();
        let event = found.filter(|(event, _)| event.seq == seq).ok_or(Code::NotFound)?;
        Ok(Reply::ok(&EventView::new(event))?.version(1))
    })
    .await
}
