//! Completing what is being typed.

use deserr::Deserr;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::index;
use crate::http::{Answer, Call, Operation, Public, Query, Rate, Reply, Sample};
use crate::kernel::text::Line;
use crate::kernel::validate::FieldErrors;
use crate::search::scan_suggestions;

/// What has been typed so far.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SuggestionsQuery {
    /// The beginning of a title or key word, with or without diacritics.
    #[param(value_type = String, max_length = 200, example = "xu ly nuoc")]
    pub q: Line<1, 200>,
}

/// Ways to complete what was typed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suggestions {
    /// At most ten, best first.
    pub items: Vec<String>,
    /// Whether the search index does not answer at the moment: only what was published last was looked through.
    pub degraded: bool,
}

impl Sample for Suggestions {
    fn sample() -> Self {
        Self {
            items: vec!["Xử lý nước thải làng nghề dệt nhuộm bằng màng sinh học quay".into()], degraded: false
        }
    }
}

const AT_MOST: usize = 10;

pub(super) fn operation() -> Operation {
    Operation::get("/v1/search/suggestions", "search_suggestions", handle)
        .about(
            "Search",
            "Complete what is being typed",
            "Titles and key words of public listings and orders that begin with the words typed so far.",
        )
        .rate(Rate::Search)
        .answers::<Suggestions>(200, "The suggestions.")
}

async fn handle(call: Call<Public>, Query { params, .. }: Query<SuggestionsQuery>) -> Answer {
    let prefix = params.q.as_str().to_owned();
    index::ask(
        &call,
        move |index| index.suggest(&prefix, AT_MOST),
        move |conn, found| {
            let degraded = found.is_none();
            let items = match found {
                Some(items) => items,
                None => scan_suggestions(&index::newest(conn, &[])?, params.q.as_str(), AT_MOST),
            };
            Ok(Reply::ok(&Suggestions { items, degraded })?.content_tagged().cacheable())
        },
    )
    .await
}
