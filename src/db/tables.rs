//! What tables there are, read from the database itself, and how their rows are written down so that the other engine
//! can read them: one JSON array a row, in which numbers are numbers, everything else is text, and identifiers and
//! bytes are hexadecimal.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use std::collections::BTreeSet;

use super::conn::Conn;
use super::error::DbError;

/// A table as a copy needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns by name, for their order may differ between the databases, without those the database computes.
    pub columns: Vec<Column>,
    /// The columns of its primary key.
    key: Vec<String>,
}

/// A column as a copy needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    form: Form,
}

/// How a type is read into the common form and written from it; `{}` is the column or the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Form {
    kind: &'static str,
    read: &'static str,
    write: &'static str,
}

const fn form(kind: &'static str, read: &'static str, write: &'static str) -> Form {
    Form { kind, read, write }
}

const POSTGRES_FORMS: &[Form] = &[
    form("int2", "{}", "({})::int2"),
    form("int4", "{}", "({})::int4"),
    form("int8", "{}", "({})::int8"),
    form("float8", "{}", "({})::float8"),
    form("bool", "{}::int", "({})::int::bool"),
    form("text", "{}", "{}"),
    form("uuid", "replace({}::text, '-', '')", "({})::uuid"),
    form("bytea", "encode({}, 'hex')", "decode({}, 'hex')"),
    form("date", "to_char({}, 'YYYY-MM-DD')", "({})::date"),
    form("timestamptz", "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')", "({})::timestamptz"),
    form("jsonb", "{}::text", "({})::jsonb"),
];

const SQLITE_FORMS: &[Form] = &[
    form("INTEGER", "{}", "{}"),
    form("REAL", "{}", "{}"),
    form("TEXT", "{}", "{}"),
    form("BLOB", "iif({0} IS NULL, NULL, lower(hex({0})))", "unhex({})"),
];

impl Table {
    /// The query that gives each row as a line of JSON, in the order of the primary key.
    pub(super) fn read_sql(&self, conn: &Conn) -> String {
        let values: Vec<_> = self.columns.iter().map(|column| fill(column.form.read, &quoted(&column.name))).collect();
        let key: Vec<_> = self.key.iter().map(|name| quoted(name)).collect();
        let order = if key.is_empty() { String::new() } else { format!(" ORDER BY {}", key.join(", ")) };
        let (values, name) = (values.join(", "), quoted(&self.name));
        match conn {
            Conn::Pg(_) => format!("SELECT json_build_array({values})::text AS line FROM {name}{order}"),
            Conn::Sqlite(_) => format!("SELECT json_array({values}) AS line FROM {name}{order}"),
        }
    }

    /// The statement that writes rows, given as one JSON array of lines whose values are those of `columns`; or the name of
    /// a column the table does not have.
    pub(super) fn write_sql(&self, conn: &Conn, columns: &[String]) -> Result<String, String> {
        let mut values = Vec::with_capacity(columns.len());
        for (position, name) in columns.iter().enumerate() {
            let column = self.columns.iter().find(|column| column.name == *name).ok_or_else(|| name.clone())?;
            let value = match conn {
                Conn::Pg(_) => format!("line->>{position}"),
                Conn::Sqlite(_) => format!("json_extract(value, '$[{position}]')"),
            };
            values.push(fill(column.form.write, &value));
        }
        let names: Vec<_> = columns.iter().map(|name| quoted(name)).collect();
        let (name, names, values) = (quoted(&self.name), names.join(", "), values.join(", "));
        Ok(match conn {
            Conn::Pg(_) => {
                format!("INSERT INTO {name} ({names}) SELECT {values} FROM jsonb_array_elements($1::jsonb) AS line")
            }
            Conn::Sqlite(_) => format!("INSERT INTO {name} ({names}) SELECT {values} FROM json_each(?1)"),
        })
    }
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn fill(template: &str, value: &str) -> String {
    template.replace("{0}", value).replace("{}", value)
}

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    key_position: i64,
}

#[derive(QueryableByName)]
struct ReferenceRow {
    #[diesel(sql_type = Text)]
    child: String,
    #[diesel(sql_type = Text)]
    parent: String,
}

const POSTGRES_COLUMNS: &str =
    "SELECT c.relname::text AS table_name, a.attname::text AS column_name, t.typname::text AS kind,
        COALESCE(array_position(i.indkey::int2[], a.attnum), -1)::int8 AS key_position
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
    WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
        AND a.attgenerated = '' AND c.relname <> '__diesel_schema_migrations'
    ORDER BY c.relname, a.attname COLLATE \"C\"";
const POSTGRES_REFERENCES: &str = "SELECT c.relname::text AS child, p.relname::text AS parent
    FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class p ON p.oid = f.confrelid
    WHERE f.contype = 'f' AND c.relnamespace = current_schema()::regnamespace";
const SQLITE_COLUMNS: &str = "SELECT m.name AS table_name, c.name AS column_name, c.type AS kind,
        iif(c.pk = 0, -1, c.pk - 1) AS key_position
    FROM sqlite_schema m JOIN pragma_table_xinfo(m.name) c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND m.name <> '__diesel_schema_migrations' AND c.hidden = 0
    ORDER BY m.name, c.name";
const SQLITE_REFERENCES: &str = "SELECT m.name AS child, f.\"table\" AS parent
    FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'";

/// All tables of the product, those that others refer to before those that refer to them.
pub(super) fn tables(conn: &mut Conn) -> Result<Vec<Table>, DbError> {
    let (columns, references, forms) = match conn {
        Conn::Pg(_) => (POSTGRES_COLUMNS, POSTGRES_REFERENCES, POSTGRES_FORMS),
        Conn::Sqlite(_) => (SQLITE_COLUMNS, SQLITE_REFERENCES, SQLITE_FORMS),
    };
    let columns: Vec<ColumnRow> = diesel::sql_query(columns).load(conn)?;
    let references: Vec<ReferenceRow> = diesel::sql_query(references).load(conn)?;
    parents_first(collect(columns, forms)?, &references)
}

fn collect(rows: Vec<ColumnRow>, forms: &[Form]) -> Result<Vec<Table>, DbError> {
    let mut tables: Vec<Table> = Vec::new();
    for rows in rows.chunk_by(|a, b| a.table_name == b.table_name) {
        let mut key: Vec<_> = rows.iter().filter(|row| row.key_position >= 0).collect();
        key.sort_by_key(|row| row.key_position);
        let key = key.into_iter().map(|row| row.column_name.clone()).collect();
        let columns = rows.iter().map(|row| column(row, forms)).collect::<Result<_, _>>()?;
        let name = rows.first().map(|row| row.table_name.clone()).unwrap_or_default();
        tables.push(Table { name, columns, key });
    }
    Ok(tables)
}

fn column(row: &ColumnRow, forms: &[Form]) -> Result<Column, DbError> {
    let ColumnRow { table_name, column_name, kind, .. } = row;
    let form = forms.iter().find(|form| form.kind == *kind);
    let form =
        form.ok_or_else(|| DbError::Broken(format!("no copy is known of {table_name}.{column_name}: {kind}")))?;
    Ok(Column { name: column_name.clone(), form: *form })
}

fn parents_first(mut waiting: Vec<Table>, references: &[ReferenceRow]) -> Result<Vec<Table>, DbError> {
    let mut ordered: Vec<Table> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let missing: BTreeSet<_> = waiting.iter().map(|table| table.name.clone()).collect();
        let refers = |table: &Table| {
            references.iter().any(|r| r.child == table.name && r.parent != r.child && missing.contains(&r.parent))
        };
        let (later, next): (Vec<_>, Vec<_>) = waiting.into_iter().partition(refers);
        if next.is_empty() {
            return Err(DbError::Broken(format!("these tables refer to each other in a circle: {missing:?}")));
        }
        ordered.extend(next);
        waiting = later;
    }
    Ok(ordered)
}
