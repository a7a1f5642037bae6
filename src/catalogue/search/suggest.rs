//! Completing what is being typed.

use deserr::Deserr;
use serde::Serialize;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

use super::query::unavailable;
use crate::http::{Answer, Call, Operation, Public, Query, Rate, Reply, Sample};
use crate::kernel::code::Code;
use crate::kernel::text::Line;
use crate::kernel::validate::FieldErrors;

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
}

impl Sample for Suggestions {
    fn sample() -> Self {
        Self { items: vec!["Xử lý nước thải làng nghề dệt nhuộm bằng màng sinh học quay".into()] }
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
        .problems(&[Code::SearchUnavailable])
}

async fn handle(call: Call<Public>, Query { params, .. }: Query<SuggestionsQuery>) -> Answer {
    let index = Arc::clone(&call.app().search);
    call.read(move |_, _| {
        let items = index.suggest(params.q.as_str(), AT_MOST).map_err(unavailable)?;
        Ok(Reply::ok(&Suggestions { items })?.content_tagged().cacheable())
    })
    .await
}
