//! Templates of non-disclosure agreements: versioned texts with the day they take effect.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::{TAG, store};
use crate::db::schema::nda_templates;
use crate::http::{Answer, Call, Operation, Public, Reply, Sample};
use crate::kernel::clock::{At, Day};
use crate::kernel::locale::Locale;

/// A version of a template.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = nda_templates, check_for_backend(crate::db::MultiBackend))]
pub struct NdaTemplate {
    /// Its name.
    #[schema(example = "mutual_vi")]
    pub name: String,
    /// Counts the versions of this name.
    #[schema(example = 1)]
    pub version: i32,
    /// Its language.
    pub language: Locale,
    /// What it is, in one line.
    #[schema(example = "Thỏa thuận bảo mật song phương")]
    pub title: String,
    /// What it says.
    pub text: String,
    /// The day from which it is in effect, in Vietnam.
    pub effective_from: Day,
}

/// The templates in effect.
#[derive(Debug, Serialize, ToSchema)]
struct NdaTemplates {
    /// By name.
    items: Vec<NdaTemplate>,
}

impl Sample for NdaTemplates {
    fn sample() -> Self {
        let template = NdaTemplate {
            name: "mutual_vi".into(),
            version: 1,
            language: Locale::Vi,
            title: "Thỏa thuận bảo mật song phương".into(),
            text: "Hai bên giữ bí mật những gì bên kia cung cấp…".into(),
            effective_from: Day::after(At::sample(), 0),
        };
        Self { items: vec![template] }
    }
}

pub(super) fn operation() -> Operation {
    Operation::get("/v1/nda-templates", "nda_templates_list", list)
        .about(
            TAG,
            "List the templates of non-disclosure agreements",
            "The version of each template that is in effect today. What was offered with an earlier version keeps its text.",
        )
        .answers::<NdaTemplates>(200, "The templates.")
}

async fn list(call: Call<Public>) -> Answer {
    let today = Day::in_vietnam(call.app().clock.now());
    let items = call.read(move |conn, _| Ok(store::templates(conn, today)?)).await?;
    Ok(Reply::ok(&NdaTemplates { items })?.content_tagged())
}
