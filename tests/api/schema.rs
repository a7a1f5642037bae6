//! The tables as the code knows them against the tables as the migrations make them.

use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use techex::db::{self, Conn, Engine as Database};

use crate::harness::Exchange;
use crate::on_both;

/// Columns by table, each with whether it may be null.
type Tables = BTreeMap<String, BTreeSet<(String, bool)>>;

on_both! {
    fn the_code_knows_the_tables_as_they_are(x) {
        let live = live(x);
        for (table, columns) in declared() {
            assert_eq!(Some(&columns), live.get(&table), "table {table}");
        }
        let known: BTreeSet<_> = declared().into_keys().chain(["__diesel_schema_migrations".to_owned()]).collect();
        assert_eq!(live.into_keys().collect::<BTreeSet<_>>(), known);
    }

    fn migrations_go_down_and_up_again(x) {
        let before = live(x);
        db::down_all(x.database_url()).unwrap();
        assert_eq!(live(x).into_keys().collect::<Vec<_>>(), ["__diesel_schema_migrations"]);
        assert!(!db::migrate(x.database_url()).unwrap().is_empty());
        assert_eq!(live(x), before);
        assert!(db::migrate(x.database_url()).unwrap().is_empty());
    }
}

/// What `schema.rs` says.
fn declared() -> Tables {
    let mut tables = Tables::new();
    let mut table = String::new();
    for line in include_str!("../../src/db/schema.rs").lines().map(str::trim) {
        if let Some((column, kind)) = line.split_once(" -> ").filter(|_| line.ends_with(',')) {
            tables.entry(table.clone()).or_default().insert((column.to_owned(), kind.starts_with("Nullable")));
        } else if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with(") {")) {
            table = name.to_owned();
        }
    }
    tables
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = diesel::sql_types::Text)]
    table_name: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    column_name: String,
    #[diesel(sql_type = diesel::sql_types::Bool)]
    nullable: bool,
}

const POSTGRES: &str = "SELECT table_name::text, column_name::text, is_nullable = 'YES' AS nullable
    FROM information_schema.columns WHERE table_schema = 'public'";
const SQLITE: &str = "SELECT m.name AS table_name, c.name AS column_name, c.\"notnull\" = 0 AS nullable
    FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'";

fn live(x: &Exchange) -> Tables {
    let app = &x.system.app;
    let sql = if app.database.engine() == Database::Postgres { POSTGRES } else { SQLITE };
    let load = |conn: &mut Conn| Ok(diesel::sql_query(sql).load::<Column>(conn)?);
    let mut tables = Tables::new();
    for column in app.database.read(load).unwrap() {
        tables.entry(column.table_name).or_default().insert((column.column_name, column.nullable));
    }
    tables
}
