//! `techex doctor`: says what is wrong and what to do, in both languages, and changes nothing.

use serde_json::Value;

use crate::harness::{Engine, Exchange, Run, techex, techex_on};
use crate::{on_both, rows};

/// The codes found, each with its level.
fn findings(run: &Run) -> Vec<(String, String)> {
    let report: Value = serde_json::from_str(&run.told).unwrap_or_else(|error| panic!("{error}: {}", run.told));
    let findings = report["findings"].as_array().expect("findings");
    let text = |finding: &Value, name: &str| finding[name].as_str().expect("text").to_owned();
    for finding in findings {
        assert!(!text(finding, "text").contains('{'), "a text is not filled in: {finding}");
    }
    findings.iter().map(|finding| (text(finding, "code"), text(finding, "level"))).collect()
}

#[track_caller]
fn finds(x: &Exchange, code: &str, level: &str) {
    let found = findings(&techex(x, &["doctor", "--json"]));
    assert!(found.contains(&(code.to_owned(), level.to_owned())), "no {level} {code} among {found:?}");
}

on_both! {
    fn what_is_well_is_told_in_either_language(x) {
        x.researcher();
        x.eventually("all is delivered", || rows::count(x.database_url(), "outbox") == 0);
        let run = techex(x, &["doctor", "--language", "en"]);
        run.says("ok       database: ").says("migrations are applied").says("ok       outbox: ").says("ok       clock: ");
        techex(x, &["doctor", "--language", "vi"]).says("tốt      database: ").says("bước chuyển đổi");
        for code in ["database_answers", "migrations_complete", "clock_right", "disk_roomy", "outbox_flowing"] {
            finds(x, code, "ok");
        }
        finds(x, "mode_development", "warning");
        finds(x, "mail_to_folder", "warning");
    }

    fn a_clock_behind_the_audit_log_is_an_error(x) {
        x.clock.advance(100 * 365 * 86_400);
        x.researcher();
        finds(x, "clock_early", "error");
        techex(x, &["doctor", "--language", "en"]).fails_saying("Set it (NTP)");
    }

    fn missing_and_unknown_migrations_are_told(x) {
        let execute = |sql: &str| rows::execute(x.database_url(), sql).expect("a statement");
        execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000001')");
        finds(x, "migrations_unknown", "error");
        techex(x, &["migrate"]).refuses("a newer version of techex made this database (29990101000001)");
        execute("DELETE FROM __diesel_schema_migrations WHERE version > '20261123000002'");
        finds(x, "migrations_pending", "warning");
        execute("DELETE FROM __diesel_schema_migrations");
        finds(x, "database_empty", "warning");
    }

    fn deliveries_that_are_stuck_are_told(x) {
        let execute = |sql: &str| rows::execute(x.database_url(), sql).expect("a statement");
        let id = if x.database_url().starts_with("sqlite:") { "randomblob(16)" } else { "gen_random_uuid()" };
        let row = |consumer: &str, dead: &str| {
            execute(&format!(
                "INSERT INTO outbox (id, consumer, event_id, event, object_id, attempts, available_at, last_error, dead_at, created_at) \
                 VALUES ({id}, '{consumer}', {id}, 'x.done', {id}, 3, '2999-01-01T00:00:00.000000Z', 'no answer', {dead}, \
                 '2026-11-01T00:00:00.000000Z')"
            ));
        };
        row("late", "NULL");
        row("dead", "'2026-11-02T00:00:00.000000Z'");
        finds(x, "outbox_late", "warning");
        finds(x, "outbox_dead", "warning");
        techex(x, &["doctor", "--language", "en"]).says("deliveries to dead were given up, the last because: no answer");
    }
}

#[test]
fn a_job_that_fails_is_told() {
    let x = Exchange::start_with(Engine::Sqlite, |_| {});
    let failing = "INSERT INTO jobs (name, due_at, failures, last_error) VALUES ('mend', '2026-11-23T02:00:00.000000Z', 3, 'broken')";
    rows::execute(x.database_url(), failing).expect("a statement");
    finds(&x, "job_failing", "warning");
}

#[test]
fn what_cannot_be_reached_is_told() {
    let x = Exchange::start_with(Engine::Sqlite, |_| {});
    let run = techex_on(&x, &["doctor", "--json", "--database-url", "postgres://127.0.0.1:1/none"]);
    assert!(findings(run.fails_saying("database_unreachable")).len() > 3);
    techex_on(&x, &["doctor", "--language", "en", "--database-url", "sqlite:nowhere.db"])
        .fails_saying("there is no file");
    let typo = techex_on(&x, &["doctor", "--json", "--set", "server.adress=1"]);
    assert_eq!(findings(&typo)[0].0, "configuration_wrong");
    let mail = ["doctor", "--json", "--set", "mail.smtp_url=smtp://127.0.0.1:1"];
    assert!(findings(&techex(&x, &mail)).contains(&("mail_unreachable".into(), "error".into())));
}
