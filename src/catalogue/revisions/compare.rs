//! Comparing two revisions.

use deserr::Deserr;
use utoipa::IntoParams;

use super::list::require_insider;
use super::revision::{Said, differences};
use super::store;
use super::view::{Comparison, FieldChange};
use crate::catalogue::item::Item;
use crate::db::{Conn, Failure};
use crate::http::{Answer, Authenticated, Call, Operation, Param, Path, Query, Reply};
use crate::kernel::code::Code;
use crate::kernel::validate::FieldErrors;

pub(super) fn operation<I: Item>() -> Operation {
    let (path, id) = I::NAMES.comparison;
    Operation::get(path, id, compare::<I>)
        .about(
            I::TAG,
            "Compare two revisions",
            "Field by field, what an earlier revision said and what this one says. Without `with` it is compared with the \
             revision before, and the first one with nothing. For members of the owning organisation and officers.",
        )
        .answers::<Comparison>(200, "The differences.")
}

/// What to compare with.
#[derive(Clone, Debug, Deserr, IntoParams)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ComparisonQuery {
    /// The version of another revision; by default the one before.
    #[deserr(default)]
    #[param(value_type = Option<i64>)]
    with: Option<Param<i64>>,
}

async fn compare<I: Item>(
    call: Call<Authenticated>,
    Path((id, version)): Path<(I::Id, i64)>,
    query: Query<ComparisonQuery>,
) -> Answer {
    call.read(move |conn, actor| {
        require_insider::<I>(conn, actor, id)?;
        let to = said::<I>(conn, id, version)?;
        let other = match query.params.with {
            Some(with) => Some(with.0),
            None => store::before(conn, id.into(), version)?,
        };
        let from = other.map(|other| said::<I>(conn, id, other)).transpose()?.unwrap_or_default();
        let changes = differences(&from, &to).into_iter();
        let changes = changes.map(|(name, from, to)| FieldChange { pointer: format!("/{name}"), from, to }).collect();
        Ok(Reply::ok(&Comparison { from: other, to: version, changes })?.content_tagged())
    })
    .await
}

fn said<I: Item>(conn: &mut Conn, id: I::Id, version: i64) -> Result<Said, Failure> {
    Ok(store::find(conn, id.into(), version)?.ok_or(Code::NotFound)?.1)
}
