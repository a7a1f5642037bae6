//! Reference lists: what the exchange brings, and versions that its operator loads.

use serde_json::{Value, json};
use techex::catalogue::{TransferForm, with_reference_descendants};
use techex::kernel::money::Currency;

use crate::catalogue::{LISTINGS, pages, with};
use crate::harness::{Exchange, PASSWORD, Run, file, listing, techex};
use crate::on_both;

const TREE: &str = "code\tlevel\tname_vi\tnote\nA\t1\tNông nghiệp\tx\n01\t2\tTrồng trọt\t\n011\t3\tCây hàng năm\t\nB\t1\tKhai khoáng\t\n05\t2\tThan\t\n";

/// Runs `techex reference load` for the list `vsic`, in force from this day.
fn load(x: &Exchange, version: &str, from: &str, files: &[&str], more: &[&str]) -> Run {
    let fixed = ["--list", "vsic", "--version", version, "--effective-from", from, "--parents", "levels"];
    techex(x, &[&["reference", "load"], files, &fixed, more].concat())
}

fn codes(answer: &Value) -> Vec<&str> {
    answer["items"].as_array().expect("items").iter().filter_map(|item| item["code"].as_str()).collect()
}

fn descendants(x: &Exchange, list: &'static str, codes: &[&str], on: &str) -> Vec<String> {
    let (codes, on) = (codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>(), on.parse().unwrap());
    x.system.app.database.read(|conn| Ok(with_reference_descendants(conn, list, &codes, on)?)).unwrap()
}

on_both! {
    fn the_exchange_brings_lists_of_its_own(x) {
        let lists = x.visitor().get("/v1/reference").expect(200).json();
        let count = |name: &str| {
            let list = lists["items"].as_array().unwrap().iter().find(|list| list["list"] == name).unwrap();
            assert_eq!(list["versions"], json!([list["in_force"]]), "{name}");
            list["codes"].as_i64().unwrap()
        };
        assert_eq!(["research_field", "province", "ipc", "sdg"].map(count), [6, 34, 8, 17]);
        let listed = |name: &str| {
            let answer = x.visitor().get(&format!("/v1/reference/{name}")).expect(200).json();
            codes(&answer).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(listed("transfer_form"), TransferForm::ALL.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(listed("currency"), Currency::ALL.iter().map(ToString::to_string).collect::<Vec<_>>());
        x.visitor().get("/v1/reference/nothing").expect(404).problem("not_found");
        x.visitor().get("/v1/reference/nothing/01").expect(404).problem("not_found");
    }

    fn a_list_is_read_in_pages_and_cached(x) {
        let visitor = x.visitor();
        let whole = visitor.get("/v1/reference/province").expect(200);
        assert_eq!(whole.header("cache-control"), Some("public, no-cache"));
        visitor.with("if-none-match", &whole.etag()).get("/v1/reference/province").expect(304);
        let whole = whole.json();
        let paged: Vec<_> = pages(&visitor, "/v1/reference/province?limit=10").into_iter().flatten().collect();
        assert_eq!(Value::from(paged), whole["items"]);
        assert_eq!(codes(&whole).len(), 34);
        visitor.get("/v1/reference/province?cursor=x").expect(422).field("/cursor", "invalid_format");
        visitor.get("/v1/reference/province?on=yesterday").expect(422).field("/on", "invalid_format");
    }

    fn entries_are_found_by_words_and_by_day(x) {
        let visitor = x.visitor();
        for words in ["ha+noi", "H%C3%A0%20N%E1%BB%99i", "HANOI"] {
            let found = visitor.get(&format!("/v1/reference/province?q={words}")).expect(200).json();
            assert_eq!(codes(&found), ["01"], "{words}");
        }
        assert_eq!(codes(&visitor.get("/v1/reference/province?q=%25").expect(200).json()), Vec::<&str>::new());
        assert_eq!(codes(&visitor.get("/v1/reference/province?on=2025-06-30").expect(200).json()), Vec::<&str>::new());
        let hanoi = visitor.get("/v1/reference/province/01").expect(200).json();
        assert_eq!((&hanoi["name_en"], &hanoi["valid_from"]), (&json!("Hanoi City"), &json!("2025-07-01")));
        visitor.get("/v1/reference/province/01?on=2025-06-30").expect(404).problem("not_found");
    }

    fn a_list_is_loaded_as_a_tree(x) {
        let tree = file(x, "vsic.tsv", TREE);
        load(x, "2025", "2026-01-01", &[&tree], &["--check"]).says("5 rows are good; nothing was written");
        x.visitor().get("/v1/reference/vsic").expect(404);
        load(x, "2025", "2026-01-01", &[&tree], &[]).says("vsic 2025: 5 added, 0 changed, 0 ended, 0 unchanged");
        load(x, "2025", "2026-01-01", &[&tree], &[]).says("0 added, 0 changed, 0 ended, 5 unchanged");
        let read = |query: &str| {
            let answer = x.visitor().get(&format!("/v1/reference/vsic{query}")).expect(200).json();
            codes(&answer).join(" ")
        };
        assert_eq!(read(""), "A 01 011 B 05");
        assert_eq!([read("?parent="), read("?parent=A"), read("?parent=01")], ["A B", "01", "011"]);
        assert_eq!(descendants(x, "vsic", &["A", "Z"], "2026-11-23"), ["01", "011", "A", "Z"]);
        assert_eq!(descendants(x, "vsic", &["A"], "2025-12-31"), ["A"]);
        assert!(descendants(x, "vsic", &[], "2026-11-23").is_empty());
    }

    fn a_new_version_ends_what_it_no_longer_has(x) {
        let (tree, next) = (file(x, "vsic.tsv", TREE), TREE.replace("05\t2\tThan\t\n", "06\t2\tDầu khí\t\n"));
        let next = file(x, "next.tsv", next.replace("Cây hàng năm", "Cây ngắn ngày"));
        load(x, "2025", "2026-01-01", &[&tree], &[]).says("5 added");
        load(x, "2027", "2027-01-01", &[&next], &[]).says("1 added, 1 changed, 1 ended, 3 unchanged");
        load(x, "2027", "2027-01-01", &[&next], &[]).says("0 added, 0 changed, 0 ended, 5 unchanged");
        let on = |day: &str| x.visitor().get(&format!("/v1/reference/vsic?on={day}")).expect(200).json();
        assert_eq!(codes(&on("2026-12-31")), ["A", "01", "011", "B", "05"]);
        assert_eq!(codes(&on("2027-01-01")), ["A", "01", "011", "B", "06"]);
        let name = |day: &str| {
            let entry = x.visitor().get(&format!("/v1/reference/vsic/011?on={day}")).expect(200).json();
            (entry["name_vi"].clone(), entry["valid_to"].clone(), entry["version"].clone())
        };
        assert_eq!(name("2026-12-31"), (json!("Cây hàng năm"), json!("2026-12-31"), json!("2025")));
        assert_eq!(name("2027-01-01"), (json!("Cây ngắn ngày"), Value::Null, json!("2027")));
        let lists = x.visitor().get("/v1/reference").expect(200).json();
        let vsic = lists["items"].as_array().unwrap().iter().find(|list| list["list"] == "vsic").unwrap().clone();
        assert_eq!((&vsic["in_force"]["version"], &vsic["codes"]), (&json!("2025"), &json!(5)));
        assert_eq!(vsic["versions"].as_array().unwrap().len(), 2);

        load(x, "2026", "2026-06-01", &[&tree], &[]).refuses("load versions in the order in which they take effect");
        load(x, "2027", "2027-02-01", &[&tree], &[]).refuses("another date needs another version");
        load(x, "2027", "2027-01-01", &[&tree], &[]).says("1 added, 1 changed, 1 ended, 3 unchanged");
        assert_eq!(codes(&on("2027-01-01")), ["A", "01", "011", "B", "05"], "the latest version is corrected");
        assert_eq!(codes(&on("2026-12-31")), ["A", "01", "011", "B", "05"]);
    }

    fn several_files_are_one_list(x) {
        let (top, below) = (file(x, "top.csv", "section,title\nA,\"One, two\"\n"), file(x, "below.csv", "class,title\nB01,b\nA01,a\n"));
        let map = ["--map", "code=class", "--map", "code=section", "--map", "name_en=title", "--parents", "prefix"];
        let fixed = ["reference", "load", &below, &top, "--list", "kind", "--version", "1", "--effective-from", "2026-01-01"];
        techex(x, &[&fixed[..], &map].concat()).says("3 added");
        let all = x.visitor().get("/v1/reference/kind").expect(200).json();
        assert_eq!(codes(&all), ["A", "A01", "B01"]);
        assert_eq!((&all["items"][0]["name_en"], &all["items"][1]["parent"]), (&json!("One, two"), &json!("A")));
        assert_eq!(all["items"][2].get("parent"), None);
    }

    fn bad_rows_are_told_by_line_and_nothing_is_loaded(x) {
        let bad = file(x, "bad.tsv", "code\tparent\tname_vi\n1\t\tMột\n\t\tHai\n3\t9\tBa\n1\t\tBốn\n5\t\t\n6\t7\tSáu\n7\t6\tBảy\n8\tx\n");
        let run = techex(x, &["reference", "load", &bad, "--list", "vsic", "--version", "1", "--effective-from", "2026-01-01"]);
        run.refuses("bad.tsv: line 3, code: it is missing").refuses("line 4, parent: there is no code 9 in the list");
        run.refuses("line 5, code: 1 is in line 2").refuses("line 6, name_vi, name_en: one of them is needed");
        run.refuses("line 7, parent: 6 is below itself").refuses("line 9, has 2 columns").refuses("nothing was loaded: 7 things");
        x.visitor().get("/v1/reference/vsic").expect(404);
    }

    fn content_is_held_against_whole_lists_as_they_are_today(x) {
        let member = x.researcher();
        let field = |code: &str| with(listing("Một công nghệ"), json!({"research_field": code, "ipc": ["C02F 1/28"]}));
        LISTINGS.draft(&member, &field("humanities"));
        let fields = file(x, "fields.csv", "code,parent,name_vi\nnatural_sciences,,Khoa học tự nhiên\nmathematics,natural_sciences,Toán học\n");
        let fixed = ["reference", "load", &fields, "--list", "research_field", "--version", "2027", "--effective-from", "2026-11-24"];
        techex(x, &fixed).says("1 added, 1 changed, 5 ended, 0 unchanged");
        LISTINGS.draft(&member, &field("humanities"));
        x.clock.advance(86_400);
        let (path, member) = (member.listings(), x.visitor().sign_in(&member.email, PASSWORD));
        member.post(&path, &field("humanities")).expect(422).field("/research_field", "unknown_reference");
        member.post(&path, &field("mathematics")).expect(201);
        assert_eq!(descendants(x, "research_field", &["natural_sciences"], "2026-11-24"), ["mathematics", "natural_sciences"]);

        let classes = file(x, "ipc.csv", "code,name_en\nC02,Water\nC02F,Treatment\n");
        let ipc = ["reference", "load", &classes, "--list", "ipc", "--effective-from", "2026-11-24", "--parents", "prefix"];
        techex(x, &[&ipc[..], &["--version", "extract", "--partial"]].concat()).says("2 added, 0 changed, 8 ended");
        let other = with(field("mathematics"), json!({"ipc": ["C02F 1/28", "A01B"]}));
        member.post(&path, &other).expect(201);
        techex(x, &[&ipc[..], &["--version", "extract"]].concat()).says("2 unchanged");
        member.post(&path, &other).expect(422).field("/ipc/1", "unknown_reference");
        member.post(&path, &field("mathematics")).expect(201);
    }
}
