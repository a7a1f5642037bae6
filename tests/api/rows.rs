//! The database behind an exchange, looked at with plain SQL.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    text: String,
}

/// A connection of the test's own.
enum Db {
    Pg(PgConnection),
    Sqlite(SqliteConnection),
}

fn open(url: &str) -> Db {
    match url.strip_prefix("sqlite:") {
        Some(path) => {
            let mut conn = SqliteConnection::establish(path).expect("the file opens");
            conn.batch_execute("PRAGMA busy_timeout = 20000").expect("a pragma");
            Db::Sqlite(conn)
        }
        None => Db::Pg(PgConnection::establish(url).expect("the server answers")),
    }
}

/// What `SELECT <expression> FROM <rest>` answers, as texts. In the expression `{id:column}` is an identifier's hex
/// digits and `{text:column}` anything else as text, on both engines.
pub fn select(url: &str, expression: &str, rest: &str) -> Vec<String> {
    let sql = format!("SELECT {expression} AS text FROM {rest}");
    let rows = match open(url) {
        Db::Pg(mut conn) => {
            let sql = replace(&sql, "id", |c| format!("coalesce(replace({c}::text, '-', ''), '')"));
            let sql = replace(&sql, "text", |c| format!("coalesce({c}::text, '')"));
            diesel::sql_query(sql).load::<Row>(&mut conn)
        }
        Db::Sqlite(mut conn) => {
            let sql = replace(&sql, "id", |c| format!("coalesce(lower(hex({c})), '')"));
            let sql = replace(&sql, "text", |c| format!("coalesce(CAST({c} AS TEXT), '')"));
            diesel::sql_query(sql).load::<Row>(&mut conn)
        }
    };
    rows.unwrap_or_else(|error| panic!("{sql}: {error}")).into_iter().map(|row| row.text).collect()
}

/// How many rows there are.
pub fn count(url: &str, rest: &str) -> usize {
    select(url, "{text:count(*)}", rest).first().and_then(|n| n.parse().ok()).expect("a number")
}

/// Runs a statement; the message of the database when it refuses.
pub fn execute(url: &str, sql: &str) -> Result<(), String> {
    match open(url) {
        Db::Pg(mut conn) => conn.batch_execute(sql),
        Db::Sqlite(mut conn) => conn.batch_execute(sql),
    }
    .map_err(|error| error.to_string())
}

/// Every row of every table but these, as text.
pub fn everything(url: &str, but: &[&str]) -> String {
    let (tables, text) = match url.starts_with("sqlite:") {
        true => ("sqlite_schema WHERE type = 'table'", "quote"),
        false => {
            ("(SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()) AS t", "quote_nullable")
        }
    };
    let names = select(url, "{text:name}", tables);
    let of_table = |name: &String| {
        let columns = match text {
            "quote" => select(url, "{text:name}", &format!("pragma_table_info('{name}')")),
            _ => select(url, "{text:column_name}", &format!("information_schema.columns WHERE table_name = '{name}'")),
        };
        let row = columns.iter().map(|column| format!("{text}(\"{column}\")")).collect::<Vec<_>>().join(" || ' ' || ");
        let rows = select(url, &row, &format!("\"{name}\""));
        rows.into_iter().map(|row| format!("{name}: {row}\n")).collect::<String>()
    };
    names.iter().filter(|name| !but.contains(&name.as_str())).map(of_table).collect()
}

/// An identifier as [`select`] shows it.
pub fn hex(id: &str) -> String {
    id.replace('-', "")
}

fn replace(sql: &str, kind: &str, cast: impl Fn(&str) -> String) -> String {
    let open = format!("{{{kind}:");
    let mut parts = sql.split(open.as_str());
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (column, rest) = part.split_once('}').expect("a closing brace");
        whole.push_str(&cast(column));
        whole.push_str(rest);
    }
    whole
}
