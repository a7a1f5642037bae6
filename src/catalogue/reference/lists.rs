//! Reading which reference lists there are.

use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

use super::store;
use super::version::{ReferenceVersion, in_force};
use crate::http::{Answer, Call, Operation, Public, Reply, Sample};
use crate::kernel::clock::Day;

/// A reference list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReferenceList {
    /// Its name, the same as that of the field whose codes it lists.
    pub list: String,
    /// The version in force today; absent where the first one has not begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub in_force: Option<ReferenceVersion>,
    /// How many codes are valid today.
    pub codes: i64,
    /// All its versions, the latest first; one may begin in the future.
    pub versions: Vec<ReferenceVersion>,
}

/// All reference lists.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReferenceLists {
    /// The lists by name.
    pub items: Vec<ReferenceList>,
}

impl Sample for ReferenceLists {
    fn sample() -> Self {
        let version = ReferenceVersion::sample();
        let (list, versions) = (version.list.clone(), vec![version.clone()]);
        Self { items: vec![ReferenceList { list, in_force: Some(version), codes: 6, versions }] }
    }
}

pub(super) fn operation() -> Operation {
    Operation::get("/v1/reference", "reference_lists", handle)
        .about(
            "Reference",
            "List the reference lists",
            "Which lists there are, with their versions, where these were taken from, since when they are in force, and how \
             many codes are valid today. The exchange brings a compact set of its own; its operator loads full lists.\n\n\
             Listings and orders may only use codes that are valid today in the lists `research_field`, `ipc` (down to the \
             subclass), `vsic`, `nace` and `territory`, organisations in `research_field` and `province`. Of a list that is not \
             there, or of which only an extract is, no code is refused that has the right form.",
        )
        .answers::<ReferenceLists>(200, "The lists.")
}

async fn handle(call: Call<Public>) -> Answer {
    let today = Day::in_vietnam(call.app().clock.now());
    let (versions, counts) =
        call.read(move |conn, _| Ok((store::versions(conn, None)?, store::counts(conn, today)?))).await?;
    let mut lists: BTreeMap<String, Vec<ReferenceVersion>> = BTreeMap::new();
    for version in versions {
        lists.entry(version.list.clone()).or_default().push(version);
    }
    let items = lists.into_iter().map(|(list, mut versions)| {
        versions.sort_by_key(|version| std::cmp::Reverse(version.effective_from));
        let codes = counts.get(&list).copied().unwrap_or_default();
        ReferenceList { in_force: in_force(&versions, today).cloned(), list, codes, versions }
    });
    Ok(Reply::ok(&ReferenceLists { items: items.collect() })?.content_tagged().cacheable())
}
