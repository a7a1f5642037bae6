//! The tables `reference_versions` and `reference_items`.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{Date, HasSqlType, Text};
use diesel::upsert::excluded;
use std::collections::{BTreeSet, HashMap};

use super::check::Usage;
use super::item::{Place, ReferenceItem};
use super::version::{ReferenceVersion, in_force};
use crate::db::schema::{reference_items, reference_versions};
use crate::db::sql::{after, any_of, containing};
use crate::db::{Both, Conn, DbError, MultiBackend};
use crate::kernel::clock::Day;
use crate::kernel::fold::fold;
use crate::kernel::text::Line;

/// An entry with all that is kept of it.
#[derive(Clone, PartialEq, Eq, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = reference_items, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct Row {
    pub list: String,
    pub code: String,
    pub version: String,
    pub parent: Option<String>,
    pub name_vi: Option<String>,
    pub name_en: Option<String>,
    /// Code and names, folded, for searching.
    pub folded: String,
    pub position: i32,
    pub valid_from: Option<Day>,
    pub valid_to: Option<Day>,
}

/// Which entries of a list.
pub struct Filter {
    pub on: Day,
    /// Below this code; empty for the top.
    pub parent: Option<Line<0, 50>>,
    pub q: Option<Line<1, 100>>,
    pub after: Option<Place>,
    pub limit: i64,
}

#[diesel::dsl::auto_type]
fn valid_on(day: Day) -> _ {
    let begun = reference_items::valid_from.is_null().or(reference_items::valid_from.le(day));
    let lasting = reference_items::valid_to.is_null().or(reference_items::valid_to.ge(day));
    begun.and(lasting)
}

/// A page of a list in its order.
pub fn list(conn: &mut Conn, list: &str, filter: &Filter) -> Result<Vec<ReferenceItem>, DbError> {
    let mut rows = reference_items::table
        .filter(reference_items::list.eq(list))
        .filter(valid_on(filter.on))
        .select(ReferenceItem::as_select())
        .into_boxed::<MultiBackend>();
    if let Some(parent) = &filter.parent {
        rows = match parent.as_str() {
            "" => rows.filter(reference_items::parent.is_null()),
            code => rows.filter(reference_items::parent.eq(code)),
        };
    }
    if let Some(words) = &filter.q {
        rows = rows.filter(reference_items::folded.like(containing(&fold(words.as_str()))).escape('\\'));
    }
    if let Some(Place { position, code }) = &filter.after {
        rows = rows.filter(after(reference_items::position, reference_items::code, *position, code.clone(), false));
    }
    Ok(rows.order((reference_items::position, reference_items::code)).limit(filter.limit).load(conn)?)
}

/// The entry of a code on a day.
pub fn find(conn: &mut Conn, list: &str, code: &str, on: Day) -> Result<Option<ReferenceItem>, DbError> {
    Ok(reference_items::table
        .filter(reference_items::list.eq(list))
        .filter(reference_items::code.eq(code))
        .filter(valid_on(on))
        .select(ReferenceItem::as_select())
        .first(conn)
        .optional()?)
}

/// The versions of one list, or of all.
pub fn versions(conn: &mut Conn, list: Option<&str>) -> Result<Vec<ReferenceVersion>, DbError> {
    let mut versions = reference_versions::table.select(ReferenceVersion::as_select()).into_boxed::<MultiBackend>();
    if let Some(list) = list {
        versions = versions.filter(reference_versions::list.eq(list));
    }
    Ok(versions.order((reference_versions::list, reference_versions::version)).load(conn)?)
}

/// How many codes each list has on a day.
pub fn counts(conn: &mut Conn, on: Day) -> Result<HashMap<String, i64>, DbError> {
    let counts: Vec<(String, i64)> = reference_items::table
        .filter(valid_on(on))
        .group_by(reference_items::list)
        .select((reference_items::list, diesel::dsl::count_star()))
        .load(conn)?;
    Ok(counts.into_iter().collect())
}

/// The lists whose version in force on a day is the whole list.
pub fn complete_lists(conn: &mut Conn, on: Day) -> Result<BTreeSet<String>, DbError> {
    let versions = versions(conn, None)?;
    let whole = versions.chunk_by(|a, b| a.list == b.list).filter_map(|versions| in_force(versions, on));
    Ok(whole.filter(|version| version.complete).map(|version| version.list.clone()).collect())
}

/// Those of the codes used that are valid on a day, each with its list.
pub fn valid_among(conn: &mut Conn, on: Day, usages: &[Usage<'_>]) -> Result<BTreeSet<(String, String)>, DbError> {
    let lists: Vec<&str> = usages.iter().map(|usage| usage.list).collect();
    let codes: Vec<&str> = usages.iter().map(|usage| usage.code).collect();
    let found: Vec<(String, String)> = reference_items::table
        .filter(any_of(reference_items::list, &lists))
        .filter(any_of(reference_items::code, &codes))
        .filter(valid_on(on))
        .select((reference_items::list, reference_items::code))
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// Everything a list ever had.
pub fn rows(conn: &mut Conn, list: &str) -> Result<Vec<Row>, DbError> {
    Ok(reference_items::table.filter(reference_items::list.eq(list)).select(Row::as_select()).load(conn)?)
}

/// Writes a version over the one of the same name.
pub fn save_version(conn: &mut Conn, version: &ReferenceVersion) -> Result<(), DbError> {
    let row = diesel::insert_into(reference_versions::table).values(version);
    let written = row.on_conflict((reference_versions::list, reference_versions::version)).do_update().set((
        reference_versions::source.eq(excluded(reference_versions::source)),
        reference_versions::effective_from.eq(excluded(reference_versions::effective_from)),
        reference_versions::complete.eq(excluded(reference_versions::complete)),
    ));
    Both(written).execute(conn)?;
    Ok(())
}

/// Codes in one statement.
const CHUNK: usize = 500;

/// Ends entries: `last` is their last day.
pub fn end(conn: &mut Conn, list: &str, rows: &[Row], last: Day) -> Result<(), DbError> {
    let codes: Vec<_> = rows.iter().map(|row| row.code.as_str()).collect();
    for codes in codes.chunks(CHUNK) {
        let open = reference_items::table
            .filter(reference_items::list.eq(list))
            .filter(any_of(reference_items::code, codes))
            .filter(reference_items::valid_to.is_null());
        diesel::update(open).set(reference_items::valid_to.eq(last)).execute(conn)?;
    }
    Ok(())
}

/// Writes entries over those of the same code and version.
pub fn save(conn: &mut Conn, rows: &[Row]) -> Result<(), DbError> {
    for row in rows {
        let key = (reference_items::list, reference_items::code, reference_items::version);
        let written = diesel::insert_into(reference_items::table).values(row).on_conflict(key).do_update().set((
            reference_items::parent.eq(excluded(reference_items::parent)),
            reference_items::name_vi.eq(excluded(reference_items::name_vi)),
            reference_items::name_en.eq(excluded(reference_items::name_en)),
            reference_items::folded.eq(excluded(reference_items::folded)),
            reference_items::position.eq(excluded(reference_items::position)),
            reference_items::valid_from.eq(excluded(reference_items::valid_from)),
            reference_items::valid_to.eq(excluded(reference_items::valid_to)),
        ));
        Both(written).execute(conn)?;
    }
    Ok(())
}

/// These codes of a list and all that stand below them on a day, in one query: what a filter by them finds. A code that has
/// ended stays below what it last stood below, for what was labelled with it keeps it. Codes that the list does not have
/// are among them.
///
/// # Errors
/// The database's failure.
pub fn with_descendants(conn: &mut Conn, list: &str, codes: &[String], on: Day) -> Result<Vec<String>, DbError> {
    let mut all: BTreeSet<String> = codes.iter().cloned().collect();
    if !codes.is_empty() {
        all.extend(Below { list, codes, on }.load::<String>(conn)?);
    }
    Ok(all.into_iter().collect())
}

/// Which code of these lists stands below which on a day; ended ones where they last stood.
pub fn parents(conn: &mut Conn, lists: &[&str], on: Day) -> Result<HashMap<(String, String), String>, DbError> {
    let later = diesel::alias!(reference_items as later);
    let replaced = later
        .filter(later.field(reference_items::list).eq(reference_items::list))
        .filter(later.field(reference_items::code).eq(reference_items::code))
        .filter(later.field(reference_items::valid_from).le(on))
        .filter(
            reference_items::valid_from
                .is_null()
                .or(later.field(reference_items::valid_from).gt(reference_items::valid_from).assume_not_null()),
        );
    let rows: Vec<(String, String, String)> = reference_items::table
        .filter(any_of(reference_items::list, lists))
        .filter(reference_items::parent.is_not_null())
        .filter(reference_items::valid_from.is_null().or(reference_items::valid_from.le(on).assume_not_null()))
        .filter(diesel::dsl::not(diesel::dsl::exists(replaced)))
        .select((reference_items::list, reference_items::code, reference_items::parent.assume_not_null()))
        .load(conn)?;
    Ok(rows.into_iter().map(|(list, code, parent)| ((list, code), parent)).collect())
}

/// The codes below others, by a recursive query, which diesel has no words for.
struct Below<'a> {
    list: &'a str,
    codes: &'a [String],
    on: Day,
}

impl<DB> QueryFragment<DB> for Below<'_>
where
    DB: diesel::backend::Backend + HasSqlType<Text> + HasSqlType<Date>,
    str: ToSql<Text, DB>,
    String: ToSql<Text, DB>,
    Day: ToSql<Date, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        // The number of codes is not part of the type, so the statement must not be cached under it.
        out.unsafe_to_cache_prepared();
        out.push_sql(
            "WITH RECURSIVE below (code) AS (SELECT item.code FROM reference_items item WHERE item.parent IN (",
        );
        for (index, code) in self.codes.iter().enumerate() {
            out.push_sql(if index == 0 { "" } else { ", " });
            out.push_bind_param::<Text, String>(code)?;
        }
        out.push_sql(")");
        self.last_known(out.reborrow())?;
        // UNION, not UNION ALL: a list that runs in a circle ends.
        out.push_sql(
            " UNION SELECT item.code FROM reference_items item JOIN below ON item.parent = below.code WHERE TRUE",
        );
        self.last_known(out.reborrow())?;
        out.push_sql(") SELECT code FROM below");
        Ok(())
    }
}

impl Below<'_> {
    /// Entries of the list that have begun and that no later one of the same code replaces.
    fn last_known<'b, DB>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: diesel::backend::Backend + HasSqlType<Text> + HasSqlType<Date>,
        str: ToSql<Text, DB>,
        Day: ToSql<Date, DB>,
    {
        out.push_sql(" AND item.list = ");
        out.push_bind_param::<Text, str>(self.list)?;
        out.push_sql(" AND (item.valid_from IS NULL OR item.valid_from <= ");
        out.push_bind_param::<Date, Day>(&self.on)?;
        out.push_sql(
            ") AND NOT EXISTS (SELECT 1 FROM reference_items later WHERE later.list = item.list AND later.code = item.code \
             AND (item.valid_from IS NULL OR later.valid_from > item.valid_from) AND later.valid_from <= ",
        );
        out.push_bind_param::<Date, Day>(&self.on)?;
        out.push_sql(")");
        Ok(())
    }
}

impl QueryId for Below<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Below<'_> {
    type SqlType = Text;
}

impl RunQueryDsl<Conn> for Below<'_> {}
