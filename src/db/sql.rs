//! SQL that the common subset of the engines lacks, written once as expressions.

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Bool;

/// The pattern of a `LIKE … ESCAPE '\\'` that finds `text` anywhere, with what has a meaning in patterns escaped.
#[must_use]
pub fn containing(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

/// `(a, b) < (x, y)` or `>`: the row comparison of keyset pages, which uses a composite index on both engines.
#[derive(Debug, Clone, Copy, QueryId)]
pub struct RowCompare<A, B, X, Y> {
    left: (A, B),
    right: (X, Y),
    descending: bool,
}

/// Rows that come after `(x, y)` where the order is by `a`, then `b`, both descending or both ascending.
pub fn after<A, B, X, Y>(a: A, b: B, x: X, y: Y, descending: bool) -> RowCompare<A, B, X::Expression, Y::Expression>
where
    A: Expression,
    B: Expression,
    A::SqlType: diesel::sql_types::SqlType + diesel::expression::TypedExpressionType,
    B::SqlType: diesel::sql_types::SqlType + diesel::expression::TypedExpressionType,
    X: AsExpression<A::SqlType>,
    Y: AsExpression<B::SqlType>,
{
    RowCompare { left: (a, b), right: (x.as_expression(), y.as_expression()), descending }
}

use diesel::expression::AsExpression;

impl<A: Expression, B: Expression, X: Expression, Y: Expression> Expression for RowCompare<A, B, X, Y> {
    type SqlType = Bool;
}
impl<A, B, X, Y, QS> AppearsOnTable<QS> for RowCompare<A, B, X, Y>
where
    Self: Expression,
    A: AppearsOnTable<QS>,
    B: AppearsOnTable<QS>,
    X: AppearsOnTable<QS>,
    Y: AppearsOnTable<QS>,
{
}
impl<A, B, X, Y, QS> SelectableExpression<QS> for RowCompare<A, B, X, Y>
where
    Self: AppearsOnTable<QS>,
    A: SelectableExpression<QS>,
    B: SelectableExpression<QS>,
{
}
impl<A, B, X, Y, G> ValidGrouping<G> for RowCompare<A, B, X, Y> {
    type IsAggregate = is_aggregate::No;
}
impl<A, B, X, Y, DB: Backend> QueryFragment<DB> for RowCompare<A, B, X, Y>
where
    A: QueryFragment<DB>,
    B: QueryFragment<DB>,
    X: QueryFragment<DB>,
    Y: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        // The operator is not part of the type, so the statement must not be cached under it.
        out.unsafe_to_cache_prepared();
        out.push_sql("(");
        self.left.0.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        self.left.1.walk_ast(out.reborrow())?;
        out.push_sql(if self.descending { ") < (" } else { ") > (" });
        self.right.0.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        self.right.1.walk_ast(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}
