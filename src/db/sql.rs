//! SQL that the common subset of the engines lacks, written once as expressions.

use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, AsExpression, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{Array, Bool, HasSqlType, Text};
use diesel::sqlite::Sqlite;
use serde::Serialize;

use super::MultiBackend;
use super::types::Guid;

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

/// `a` is one of these values, given as one parameter (an array on PostgreSQL, JSON on SQLite): however many there are, it is
/// the same statement, which is prepared once. `eq_any` is another statement for each number of values, parsed at each use.
#[derive(Debug, Clone)]
pub struct AnyOf<A, V> {
    left: A,
    values: Vec<V>,
    json: String,
}

/// Rows whose `a` is one of `values`.
pub fn any_of<A, V>(a: A, values: &[V]) -> AnyOf<A, V>
where
    A: Expression,
    A::SqlType: Listed,
    V: Clone + Serialize,
{
    // Identifiers and codes are strings, which are always valid JSON.
    let json = serde_json::to_string(values).unwrap_or_default();
    AnyOf { left: a, values: values.to_vec(), json }
}

/// A type of values that are compared with a list.
pub trait Listed {
    /// What SQLite makes of an element of the JSON array.
    const ELEMENT: &str;
}
impl Listed for Guid {
    const ELEMENT: &str = "unhex(value, '-')";
}
impl Listed for Text {
    const ELEMENT: &str = "value";
}

impl<A: Expression, V> Expression for AnyOf<A, V> {
    type SqlType = Bool;
}
impl<A: AppearsOnTable<QS>, V, QS> AppearsOnTable<QS> for AnyOf<A, V> {}
impl<A: SelectableExpression<QS>, V, QS> SelectableExpression<QS> for AnyOf<A, V> {}
impl<A, V, G> ValidGrouping<G> for AnyOf<A, V> {
    type IsAggregate = is_aggregate::No;
}
impl<A: QueryId, V> QueryId for AnyOf<A, V> {
    type QueryId = AnyOf<A::QueryId, ()>;
    const HAS_STATIC_QUERY_ID: bool = A::HAS_STATIC_QUERY_ID;
}
impl<A, V> QueryFragment<Pg> for AnyOf<A, V>
where
    A: Expression<SqlType: 'static> + QueryFragment<Pg>,
    Pg: HasSqlType<Array<A::SqlType>>,
    Vec<V>: ToSql<Array<A::SqlType>, Pg>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.left.walk_ast(out.reborrow())?;
        out.push_sql(" = ANY(");
        out.push_bind_param::<Array<A::SqlType>, _>(&self.values)?;
        out.push_sql(")");
        Ok(())
    }
}
impl<A, V> QueryFragment<Sqlite> for AnyOf<A, V>
where
    A: Expression + QueryFragment<Sqlite>,
    A::SqlType: Listed,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.left.walk_ast(out.reborrow())?;
        out.push_sql(" IN (SELECT ");
        out.push_sql(<A::SqlType as Listed>::ELEMENT);
        out.push_sql(" FROM json_each(");
        out.push_bind_param::<Text, _>(&self.json)?;
        out.push_sql("))");
        Ok(())
    }
}
impl<A, V> QueryFragment<MultiBackend> for AnyOf<A, V>
where
    Self: QueryFragment<Pg> + QueryFragment<Sqlite>,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(self, out)
    }
}
