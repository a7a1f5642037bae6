//! Who may import whom, and where things stand. Reads the lines of `src`, so it knows what a reader of the code sees: paths
//! written out as `crate::…` or `super::…`, not those that a macro puts together.

mod checker;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// A module of the top level and the ones it may name. A new one needs its row here.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("config", &["kernel"]),
    ("db", &["kernel"]),
    ("events", &["kernel db"]),
    ("search", &["kernel db events"]),
    ("http", &[SHARED]),
    ("app", &[SHARED]),
    ("accounts", &[SHARED]),
    ("files", &[SHARED]),
    ("catalogue", &[SHARED, "accounts files"]),
    ("matching", &[SHARED, "accounts files catalogue"]),
    ("negotiation", &[SHARED, "accounts files catalogue matching"]),
    ("transfer", &[SHARED, "accounts files catalogue matching negotiation"]),
    ("oversight", &[SHARED, "accounts files catalogue matching negotiation transfer"]),
    ("notifications", &[SHARED, "accounts catalogue negotiation"]),
    ("wiring", &[ANYTHING]),
    ("cli", &[ANYTHING]),
    ("lib", &[ANYTHING]),
    ("main", &[ANYTHING]),
];
const SHARED: &str = "kernel config db events search http app";
const ANYTHING: &str = "*";

/// Slices of features: from outside, only what their `mod.rs` re-exports.
const SLICES: [&str; 8] =
    ["accounts", "files", "catalogue", "matching", "negotiation", "transfer", "oversight", "notifications"];

/// Where tables may be named besides `store.rs`, and where the two engines may be told apart.
const TABLES: &[&str] = &["db/", "events/", "http/idempotency.rs"];
const ENGINES: &[&str] = &["db/", "events/queue.rs"];

const NO_PANIC: &[&str] = &[".unwrap()", ".expect(", "panic!(", "todo!(", "unimplemented!("];
const LONGEST: usize = 400;
const MAY_BE_LONGER: &[&str] = &["db/schema.rs"];

struct Source {
    /// Below `src`, such as `accounts/users/store.rs`.
    path: String,
    text: String,
}

impl Source {
    /// `accounts/users/store.rs` is `[accounts, users, store]`; `mod.rs` stands for its folder.
    fn module(&self) -> Vec<&str> {
        let path = self.path.trim_end_matches(".rs");
        path.strip_suffix("/mod").unwrap_or(path).split('/').collect()
    }

    fn within(&self, places: &[&str]) -> bool {
        places.iter().any(|place| self.path == *place || place.ends_with('/') && self.path.starts_with(place))
    }
}

/// Every violation as `src/file:line: what`.
fn violations(sources: &[Source]) -> Vec<String> {
    let modules: BTreeSet<String> = sources.iter().map(|source| source.module().join("::")).collect();
    let test_modules: BTreeSet<String> = sources.iter().flat_map(declared_test_modules).collect();
    let mut found = Vec::new();
    for source in sources {
        let whole: Vec<&str> = source.text.lines().collect();
        let mut report = |line: usize, what: &str| found.push(format!("src/{}:{}: {what}", source.path, line + 1));

        if !whole.first().is_some_and(|line| line.starts_with("//!")) {
            report(0, "does not start with a `//!` line that says what it is");
        }
        if whole.len() > LONGEST && !source.within(MAY_BE_LONGER) {
            report(LONGEST, &format!("has {} lines, more than {LONGEST}", whole.len()));
        }
        if is_below(&source.module(), &test_modules) {
            continue;
        }
        let end = start_of_tests(&whole).unwrap_or(whole.len());
        if let Some(line) = after_tests(&whole, end) {
            report(line, "stands after the test module, which belongs at the end");
        }
        let comment = |line: &&str| line.trim_start().starts_with("//");
        let code: Vec<&str> = whole[..end].iter().map(|line| if comment(line) { "" } else { *line }).collect();
        for (line, text) in code.iter().enumerate() {
            for call in NO_PANIC.iter().filter(|call| text.contains(**call)) {
                report(line, &format!("`{call}` outside tests"));
            }
            if (text.contains("Conn::Pg") || text.contains("Conn::Sqlite")) && !source.within(ENGINES) {
                report(line, "tells PostgreSQL and SQLite apart outside db/ and events/queue.rs");
            }
        }
        for (line, path) in paths(&source.module(), &code) {
            if let Some(what) = wrong_import(source, &path, &code, line, &modules) {
                report(line, &what);
            }
        }
    }
    found
}

/// What is wrong with this file's naming `path` (its segments after `crate::`), if anything.
fn wrong_import(
    source: &Source,
    path: &[String],
    code: &[&str],
    line: usize,
    modules: &BTreeSet<String>,
) -> Option<String> {
    let own = source.module()[0].to_owned();
    let target = &path[0];
    let written = format!("crate::{}", path.join("::"));
    let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == own) else {
        return Some(format!("`{own}` has no row in the table of tests/guards/architecture.rs"));
    };
    let of_tables = source.path.ends_with("/store.rs") || source.within(TABLES);
    if written.starts_with("crate::db::schema") && !of_tables && !only_names_its_row(path, code, code[line]) {
        return Some(format!("uses a table outside a store.rs: `{written}`"));
    }
    let known = MAY_IMPORT.iter().any(|(name, _)| name == target);
    if *target == own || !known {
        return None;
    }
    // The derives of diesel want the SQL type of a value beside the value.
    let sql_type =
        written.starts_with("crate::db::types::") && code[line].trim_start().starts_with("#[diesel(sql_type");
    let sql_type = own == "kernel" && sql_type;
    let mut allowed = allowed.iter().flat_map(|names| names.split_whitespace());
    if !allowed.any(|name| name == ANYTHING || name == target) && !sql_type {
        return Some(format!("`{own}` may not import `{target}`: `{written}`"));
    }
    let inner = path.get(1).map(|next| format!("{target}::{next}"));
    if SLICES.contains(&target.as_str()) && inner.is_some_and(|inner| modules.contains(&inner)) {
        return Some(format!("reaches into `{target}` past what its mod.rs re-exports: `{written}`"));
    }
    None
}

/// Whether `crate::db::schema::table` is there for `#[diesel(table_name = table)]` alone: an entity is also the row.
fn only_names_its_row(path: &[String], code: &[&str], import: &str) -> bool {
    let [_, _, table] = path else { return false };
    let attribute = |line: &&str| line.trim_start().starts_with("#[diesel(table_name");
    let names = |line: &&str| {
        attribute(line) && line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == table)
    };
    let columns = format!("{table}::");
    code.iter().any(names) && !import.contains(" as ") && !code.iter().any(|line| line.contains(&columns))
}

/// Every path of the code that starts at the crate's root, by line, as segments; `super::` is resolved, `{…}` taken apart.
fn paths(module: &[&str], code: &[&str]) -> Vec<(usize, Vec<String>)> {
    let mut all = Vec::new();
    for (line, text) in code.iter().enumerate() {
        for start in starts_of_paths(text) {
            // A path with braces may go on over several lines, up to the semicolon.
            let mut rest = text[start..].to_owned();
            for next in &code[line + 1..] {
                if rest.matches('{').count() <= rest.matches('}').count() || !is_use(text) {
                    break;
                }
                rest.push_str(next.trim());
            }
            let mut flat = Vec::new();
            expand(&[], &rest, &mut flat);
            all.extend(flat.into_iter().filter_map(|path| Some((line, from_root(module, &path)?))));
        }
    }
    all
}

fn is_use(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with("use ") || (text.starts_with("pub") && text.contains(" use "))
}

/// Where `crate::` or the first `super::` of a path begins, or the name of a slice that was imported before.
fn starts_of_paths(text: &str) -> Vec<usize> {
    let continues = |at: usize| text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
    let slices = SLICES.iter().filter(|_| !is_use(text)).flat_map(|slice| text.match_indices(slice));
    let slices = slices.filter(|(at, slice)| text[at + slice.len()..].starts_with("::"));
    let roots = ["crate::", "super::"].into_iter().flat_map(|word| text.match_indices(word));
    roots.chain(slices).map(|(at, _)| at).filter(|at| !continues(*at)).collect()
}

/// Takes `a::{b, c::d}` apart into `a::b` and `a::c::d`; returns what stands behind the tree.
fn expand<'a>(before: &[String], text: &'a str, into: &mut Vec<Vec<String>>) -> &'a str {
    let mut path = before.to_vec();
    let mut text = text.trim_start();
    loop {
        if let Some(mut inside) = text.strip_prefix('{') {
            loop {
                inside = inside.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
                match inside.strip_prefix('}') {
                    Some(rest) => return rest,
                    None if inside.is_empty() => return inside,
                    None => {
                        let rest = expand(&path, inside, into);
                        // What is no path ends the tree: better to see too little than to run forever.
                        if rest.len() == inside.len() {
                            return "";
                        }
                        inside = rest;
                    }
                }
            }
        }
        let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '*')).unwrap_or(text.len());
        if end > 0 && &text[..end] != "self" {
            path.push(text[..end].to_owned());
        }
        text = &text[end..];
        match text.strip_prefix("::") {
            Some(rest) if end > 0 => text = rest,
            _ => break,
        }
    }
    into.push(path);
    match text.strip_prefix(" as ") {
        Some(alias) => alias.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_'),
        None => text,
    }
}

/// `super::super::b` in the module `a::c::d` is `a::b`; none if it names the root itself.
fn from_root(module: &[&str], path: &[String]) -> Option<Vec<String>> {
    let up = path.iter().take_while(|segment| *segment == "super").count();
    let mut whole: Vec<String> = match up {
        0 => Vec::new(),
        _ => module[..module.len().saturating_sub(up)].iter().map(|segment| (*segment).to_owned()).collect(),
    };
    whole.extend(path[up..].iter().filter(|segment| *segment != "crate").cloned());
    (!whole.is_empty()).then_some(whole)
}

/// The line of `#[cfg(test)]` before a `mod … {` of the outermost level.
fn start_of_tests(lines: &[&str]) -> Option<usize> {
    lines.iter().enumerate().position(|(at, line)| {
        let item = lines[at + 1..].iter().find(|next| !next.starts_with("#["));
        line.starts_with("#[cfg(test)]") && item.is_some_and(|item| item.contains("mod ") && item.ends_with('{'))
    })
}

/// The first line with code after the closing brace of the test module.
fn after_tests(lines: &[&str], start: usize) -> Option<usize> {
    let close = start + lines[start..].iter().position(|line| line.starts_with('}'))?;
    (close + 1..lines.len()).find(|at| !lines[*at].trim().is_empty())
}

/// Modules declared as `#[cfg(test)] mod name;`: they and all below them are tests.
fn declared_test_modules(source: &Source) -> Vec<String> {
    let lines: Vec<&str> = source.text.lines().collect();
    let declared = lines.windows(2).filter(|pair| pair[0].trim() == "#[cfg(test)]");
    let names = declared.filter_map(|pair| pair[1].trim().strip_suffix(';')?.split_once("mod ").map(|(_, name)| name));
    names.map(|name| [source.module().join("::"), name.to_owned()].join("::")).collect()
}

fn is_below(module: &[&str], ancestors: &BTreeSet<String>) -> bool {
    (1..=module.len()).any(|depth| ancestors.contains(&module[..depth].join("::")))
}

fn read(folder: &Path, below: &str, into: &mut Vec<Source>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            read(&entry.path(), &format!("{name}/"), into)?;
        } else if name.ends_with(".rs") {
            into.push(Source { path: name, text: std::fs::read_to_string(entry.path())? });
        }
    }
    Ok(())
}

#[test]
fn the_source_keeps_the_architecture() {
    let mut sources = Vec::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut sources).expect("src can be read");
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(sources.len() > 40, "only {} files found", sources.len());
    let found = violations(&sources);
    let list = found.iter().fold(String::new(), |mut list, violation| {
        let _ = writeln!(list, "{violation}");
        list
    });
    assert!(found.is_empty(), "{} violations of the architecture:\n{list}", found.len());
}
