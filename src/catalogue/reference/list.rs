//! Reading a reference list.

use serde::Serialize;
use utoipa::ToSchema;

use super::store::{self, ReferenceItem};
use crate::http::{Answer, Call, Operation, Path, Public, Reply, Sample};
use crate::kernel::code::Code;

/// A reference list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReferenceList {
    /// Its entries, in its order.
    pub items: Vec<ReferenceItem>,
}

impl Sample for ReferenceList {
    fn sample() -> Self {
        let item = ReferenceItem {
            code: "engineering_and_technology".into(),
            parent: None,
            name_vi: "Khoa học kỹ thuật và công nghệ".into(),
            name_en: "Engineering and technology".into(),
            valid_from: None,
            valid_to: None,
        };
        Self { items: vec![item] }
    }
}

pub(super) fn operation() -> Operation {
    Operation::get("/v1/reference/{list}", "reference_list", handle)
        .about("Reference", "Read a reference list", "The lists are `research_field` (the six fields of Circular 24/2025/TT-BKHCN) and `province` (the 34 provinces since July 2025).")
        .answers::<ReferenceList>(200, "The list.")
}

async fn handle(call: Call<Public>, Path((list,)): Path<(String,)>) -> Answer {
    call.read(move |conn, _| {
        let items = store::list(conn, &list)?;
        if items.is_empty() {
            return Err(Code::NotFound.into());
        }
        Ok(Reply::ok(&ReferenceList { items })?.content_tagged().cacheable())
    })
    .await
}
