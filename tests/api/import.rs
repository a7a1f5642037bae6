//! `techex import`, run as operators run it: beside a server, on its database.

use serde_json::{Value, json};

use crate::catalogue::{pages, titles, with};
use crate::harness::{Exchange, Member, Run, file, listing, order, techex, xlsx};
use crate::{on_both, rows};

/// Runs `techex import` with these arguments.
fn import(x: &Exchange, arguments: &[&str]) -> Run {
    techex(x, &[&["import"], arguments].concat())
}

fn lines(rows: &[Value]) -> String {
    rows.iter().map(|row| format!("{row}\n")).collect()
}

/// A complete listing as a row of a JSON Lines file.
fn row(id: &str, title: &str) -> Value {
    with(listing(title), json!({"external_id": id}))
}

fn own(member: &Member) -> Vec<String> {
    let mut all = titles(&pages(member, &member.listings()));
    all.sort();
    all
}

fn drafted(member: &Member, list: &str) -> Value {
    let id = member.get(list).expect(200).json()["items"][0]["id"].clone();
    let kind = list.rsplit('/').next().unwrap_or_default();
    member.get(&format!("/v1/{kind}/{}", id.as_str().expect("an item"))).expect(200).json()
}

const COLUMNS: [&str; 17] = [
    "external_id",
    "organization",
    "language",
    "title",
    "description",
    "problem_solved",
    "existing_solution",
    "measured_advantage",
    "economics",
    "trl",
    "transfer_forms",
    "price_from",
    "price_to",
    "research_field",
    "ipc",
    "keywords",
    "note",
];

/// One row of a spreadsheet in the order of [`COLUMNS`].
fn cells(organization: &str) -> [String; 17] {
    [
        "T-1",
        organization,
        "vi",
        "Máy sấy, loại \"nhỏ\"",
        "Dòng một.\nDòng hai.",
        "Nông sản hỏng.",
        "Phơi nắng.",
        "Nhanh gấp ba.",
        "Hoàn vốn sau hai năm.",
        "7",
        "assignment; joint_venture",
        "250 000 000",
        "300000000",
        "agricultural_sciences",
        "F26B 3/28;F26B",
        "sấy; nông sản",
        "không dùng",
    ]
    .map(str::to_owned)
}

/// What [`cells`] become.
fn shaped() -> Value {
    json!({
        "status": "draft", "language": "vi", "title": "Máy sấy, loại \"nhỏ\"", "summary": "Dòng một.\nDòng hai.",
        "description": "Dòng một.\nDòng hai.", "trl": 7, "transfer_forms": ["assignment", "joint_venture"],
        "price": {"kind": "range", "from": {"amount": 250_000_000, "currency": "VND"},
            "to": {"amount": 300_000_000, "currency": "VND"}},
        "ipc": ["F26B 3/28", "F26B"], "keywords": ["sấy", "nông sản"], "research_field": "agricultural_sciences",
    })
}

#[track_caller]
fn holds(shown: &Value, expected: &Value) {
    for (name, value) in expected.as_object().expect("an object") {
        assert_eq!(&shown[name], value, "{name}");
    }
}

fn csv(rows: &[[String; 17]]) -> String {
    let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    let line = |cells: Vec<String>| cells.join(",") + "\r\n";
    let head = line(COLUMNS.map(str::to_owned).to_vec());
    let body: String = rows.iter().map(|row| line(row.iter().map(|cell| quoted(cell)).collect())).collect();
    // The mark that spreadsheets write in front.
    format!("\u{feff}{head}{body}")
}

on_both! {
    fn a_csv_file_becomes_drafts(x) {
        let member = x.researcher();
        let file = file(x, "rows.csv", csv(&[cells(&member.organization_id)]));
        import(x, &["listings", &file, "--source", "so"])
            .says("1 created, 0 changed, 0 unchanged, 0 skipped; 1 rows")
            .complains("columns without a field of that name are ignored: note");
        holds(&drafted(&member, &member.listings()), &shaped());
        assert!(x.visitor().get("/v1/listings").expect(200).titles().is_empty());
    }

    fn an_xlsx_file_becomes_drafts(x) {
        let member = x.researcher();
        let name = member.get(&format!("/v1/organizations/{}", member.organization_id)).expect(200).text_at("/name");
        let file = file(x, "rows.xlsx", xlsx::workbook(&[COLUMNS.map(str::to_owned), cells(&name)]));
        import(x, &["listings", &file, "--source", "so"]).says("1 created");
        holds(&drafted(&member, &member.listings()), &shaped());
    }

    fn a_json_lines_file_becomes_orders(x) {
        let member = x.enterprise();
        let row = with(order("Cần máy sấy"), json!({"external_id": "O-1", "requirements": "Rẻ; nice: đẹp", "source": "so"}));
        let file = file(x, "rows.jsonl", format!("{}\n\n", lines(&[row])));
        import(x, &["orders", &file, "--organization", &member.organization_id]).says("1 created");
        let shown = drafted(&member, &member.orders());
        assert_eq!(shown["requirements"], json!([{"text": "Rẻ", "level": "must"}, {"text": "đẹp", "level": "nice"}]));
        holds(&shown, &json!({"title": "Cần máy sấy", "budget": order("")["budget"], "deadline_on": "2027-03-31"}));
    }

    fn what_is_published_is_found_by_the_running_server(x) {
        let member = x.researcher();
        let file = file(x, "rows.jsonl", lines(&[row("1", "Pin nhiên liệu rắn")]));
        import(x, &["listings", &file, "--source", "so", "--organization", &member.organization_id, "--publish"])
            .says("1 created");
        assert_eq!(x.visitor().get("/v1/listings").expect(200).titles(), ["Pin nhiên liệu rắn"]);
        x.eventually("it is found", || {
            // The command stamps what it queues with the real time, which the test's clock has to reach.
            x.clock.advance(86_400 * 30);
            x.visitor().get("/v1/search?q=pin%20nhien%20lieu").expect(200).titles() == ["Pin nhiên liệu rắn"]
        });
    }

    fn a_file_is_taken_whole_or_not_at_all_and_every_bad_row_is_told(x) {
        let member = x.researcher();
        let rows = lines(&[
            row("1", "Một cái tốt"),
            with(row("2", "Sai nhiều"), json!({"trl": 12, "ipc": ["Z9"], "language": "fr"})),
            json!({"external_id": "3", "language": "vi"}),
            json!([]),
            with(row("", "Không có mã"), json!({"price": {"kind": "fixed"}})),
        ]);
        let file = file(x, "rows.jsonl", format!("{rows}not json\n"));
        let arguments = ["listings", &file, "--source", "so", "--organization", &member.organization_id];
        import(x, &arguments)
            .refuses("line 2, trl: ").complains("line 2, ipc/0: ").complains("line 2, language: ")
            .complains("line 3, title: ").complains("line 4: is not a JSON object").complains("line 5, external_id: ")
            .complains("line 5, price/from: ").complains("line 6: is not JSON")
            .complains("nothing was loaded: 5 of 6 rows are bad");
        assert!(own(&member).is_empty());
        assert!(!import(x, &arguments).complaints.contains("line 1,"));
    }

    fn bad_rows_are_skipped_when_told_to(x) {
        let member = x.researcher();
        let file = file(x, "rows.jsonl", lines(&[row("1", "Thứ nhất"), with(row("2", "x"), json!({})), row("3", "Thứ ba")]));
        let arguments = ["listings", &file, "--source", "so", "--organization", &member.organization_id, "--skip-bad"];
        import(x, &arguments).says("2 created, 0 changed, 0 unchanged, 1 skipped; 2 rows").complains("line 2, title: ");
        assert_eq!(own(&member), ["Thứ ba", "Thứ nhất"]);
    }

    fn bad_rows_of_a_csv_file_are_told_by_line(x) {
        let member = x.researcher();
        let mut wrong = cells(&member.organization_id);
        wrong[9] = "bảy".into();
        let text = format!("{}a,b\r\n", csv(&[cells(&member.organization_id), wrong]));
        let file = file(x, "rows.csv", text);
        // The first row has a line break inside, so the second begins in line 4 and the third in line 6.
        import(x, &["listings", &file, "--source", "so"])
            .refuses("line 4, trl: ").complains("line 6: has 2 columns, the header has 17").complains("2 of 3 rows are bad");
        assert!(own(&member).is_empty());
    }

    fn lines_are_counted_whatever_ends_them(x) {
        let member = x.researcher();
        let text = "external_id,title,language\n1,x,vi\n\n2,y,vi\n\"3\n\",z,vi\n4,w,vi\n\n";
        for text in [text.to_owned(), text.replace('\n', "\r\n")] {
            let file = file(x, "rows.csv", text);
            import(x, &["listings", &file, "--source", "so", "--organization", &member.organization_id])
                .refuses("line 2, title: ").complains("line 4, title: ").complains("line 5, title: ")
                .complains("line 7, title: ").complains("4 of 4 rows are bad");
        }
    }

    fn doing_it_again_changes_nothing(x) {
        let member = x.researcher();
        let file = file(x, "rows.jsonl", lines(&[row("1", "Thứ nhất"), row("2", "Thứ hai")]));
        let arguments = ["listings", &file, "--source", "so", "--organization", &member.organization_id];
        import(x, &arguments).says("2 created, 0 changed, 0 unchanged");
        let audited = rows::count(x.database_url(), "audit_log");
        import(x, &arguments).says("0 created, 0 changed, 2 unchanged");
        assert_eq!(own(&member), ["Thứ hai", "Thứ nhất"]);
        assert_eq!(rows::count(x.database_url(), "audit_log"), audited);
    }

    fn a_row_that_says_something_else_changes_its_item(x) {
        let member = x.researcher();
        let arguments = |file: &str| {
            import(x, &["listings", file, "--source", "so", "--organization", &member.organization_id])
        };
        arguments(&file(x, "1.jsonl", lines(&[row("1", "Thứ nhất"), row("2", "Thứ hai")])));
        let before = drafted(&member, &member.listings());
        arguments(&file(x, "2.jsonl", lines(&[row("1", "Thứ nhất"), row("2", "Thứ hai, sửa")])))
            .says("0 created, 1 changed, 1 unchanged");
        assert_eq!(own(&member), ["Thứ hai, sửa", "Thứ nhất"]);
        let after = drafted(&member, &member.listings());
        assert_eq!(after["id"], before["id"]);
        let changes = rows::select(x.database_url(), "{text:changes}", "audit_log WHERE event = 'listing.imported' AND object_version = 2");
        assert_eq!(changes.len(), 1);
        assert!(changes[0].contains("Thứ hai, sửa"));
    }

    fn the_same_identifier_of_another_source_is_another_item(x) {
        let member = x.researcher();
        let file = file(x, "rows.jsonl", lines(&[row("1", "Thứ nhất")]));
        for source in ["so", "vien"] {
            import(x, &["listings", &file, "--source", source, "--organization", &member.organization_id]).says("1 created");
        }
        assert_eq!(own(&member), ["Thứ nhất", "Thứ nhất"]);
    }

    fn of_repeated_rows_the_last_counts(x) {
        let member = x.researcher();
        let file = file(x, "rows.jsonl", lines(&[row("1", "Bản cũ"), row("1", "Bản mới")]));
        import(x, &["listings", &file, "--source", "so", "--organization", &member.organization_id])
            .says("1 created").complains("1 rows are repeated further down; the last of each counts");
        assert_eq!(own(&member), ["Bản mới"]);
    }

    fn what_other_systems_write_is_read(x) {
        let member = x.researcher();
        let row = with(row("1", "Máy\u{b}sấy"), json!({"ipc": ["A23C 19/082 (2006.01)", "G07F 11/70 20060101AFI20130702VHKR"]}));
        let file = file(x, "rows.jsonl", lines(&[row]));
        import(x, &["listings", &file, "--source", "so", "--organization", &member.organization_id])
            .says("1 created").complains("control characters in 1 rows gave way to spaces");
        holds(&drafted(&member, &member.listings()), &json!({"title": "Máy sấy", "ipc": ["A23C 19/082", "G07F 11/70"]}));
    }

    fn checking_writes_nothing(x) {
        let member = x.researcher();
        let good = file(x, "good.jsonl", lines(&[row("1", "Thứ nhất")]));
        let bad = file(x, "bad.jsonl", lines(&[row("1", "Thứ nhất"), row("2", "x")]));
        let check = |file: &str| {
            import(x, &["listings", file, "--source", "so", "--organization", &member.organization_id, "--check"])
        };
        check(&good).says("1 rows are good, 0 bad; nothing was written");
        check(&bad).refuses("line 2, title: ");
        assert!(own(&member).is_empty());
    }

    fn an_unknown_owner_is_told_with_its_line(x) {
        let member = x.researcher();
        let stranger = with(row("2", "Của ai"), json!({"organization": "Viện Không Có"}));
        let file = file(x, "rows.jsonl", lines(&[row("1", "Thứ nhất"), stranger]));
        import(x, &["listings", &file, "--source", "so", "--organization", &member.organization_id])
            .refuses("nothing was loaded").complains("line 2, organization: ");
        assert!(own(&member).is_empty());
        import(x, &["listings", &file, "--source", "so"]).refuses("line 1, organization: ");
    }

    fn an_unknown_field_of_research_is_told_with_its_line(x) {
        let member = x.researcher();
        let file = file(x, "rows.jsonl", lines(&[row("1", "Thứ nhất"), with(row("2", "Thứ hai"), json!({"research_field": "alchemy"}))]));
        import(x, &["listings", &file, "--source", "so", "--organization", &member.organization_id])
            .refuses("nothing was loaded").complains("line 2, ").complains("research_field: ");
        assert!(own(&member).is_empty());
    }

    fn owners_are_created_when_told_to(x) {
        let rows = lines(&["1", "2"].map(|id| with(row(id, "Máy sấy"), json!({"organization": "Viện Mới Lập"}))));
        let file = file(x, "rows.jsonl", rows);
        import(x, &["listings", &file, "--source", "so", "--create-organizations", "institute", "--publish"]).says("2 created");
        let list = x.visitor().get("/v1/listings").expect(200).json();
        let owner = list["items"][0]["organization"].clone();
        holds(&owner, &json!({"name": "Viện Mới Lập", "kind": "institute", "verification": "unverified"}));
        assert_eq!(list["items"][1]["organization"], owner);
        // The second time it is known, by its name without diacritics too.
        import(x, &["listings", &file, "--source", "so"]).says("2 unchanged");
    }

    fn columns_of_other_names_and_values_for_all_rows(x) {
        let member = x.researcher();
        let file = file(x, "rows.jsonl", lines(&[json!({"ext_id": "9", "name": "Bơm nhiệt", "abstract": "Sưởi ấm.", "lang": "en"}),
            json!({"ext_id": "10", "name": "Bơm tay", "abstract": "Tưới ruộng."})]));
        import(x, &[
            "listings", &file, "--source", "so", "--organization", &member.organization_id, "--map", "external_id=ext_id",
            "--map", "title=name", "--map", "description=abstract", "--map", "language=lang", "--default", "language=vi",
        ]).says("2 created");
        let list = member.get(&member.listings()).expect(200).json();
        let languages: Vec<_> = list["items"].as_array().expect("items").iter()
            .map(|item| (item["title"].as_str().expect("a title"), item["language"].as_str().expect("a language"))).collect();
        assert!(languages.contains(&("Bơm nhiệt", "en")) && languages.contains(&("Bơm tay", "vi")), "{languages:?}");
    }

    fn what_cannot_be_read_is_told_in_one_line(x) {
        for (name, content, complaint) in [
            ("rows.txt", "", "names no known format"),
            ("rows.xlsx", "no zip", "rows.xlsx: "),
        ] {
            let run = import(x, &["listings", &file(x, name, content), "--source", "so"]);
            run.refuses(complaint);
            assert_eq!(run.complaints.lines().count(), 1, "{}", run.complaints);
        }
        import(x, &["listings", "/nowhere/rows.jsonl"]).refuses("/nowhere/rows.jsonl: ");
        import(x, &["gifts", "rows.jsonl"]).refuses("gifts");
    }

    fn real_offers_are_taken_over(x) {
        let offers = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/offers/offers.jsonl");
        if !offers.exists() {
            println!("skipped: there is no {}", offers.display());
            return;
        }
        let offers = offers.display().to_string();
        let arguments = [
            "listings", &offers, "--map", "external_id=ext_id", "--map", "language=lang", "--map", "description=abstract",
            "--map", "organization=org", "--default", "organization=Không rõ", "--create-organizations", "institute",
            "--publish", "--skip-bad",
        ];
        import(x, &arguments).says(" created, 0 changed, 0 unchanged, ").complains("are ignored: category, country");
        let published = rows::count(x.database_url(), "listings WHERE status = 'published'");
        assert!(published > 5_000, "{published}");
        import(x, &arguments).says(&format!(": 0 created, 0 changed, {published} unchanged"));
        let mut seen = 0;
        let mut next = Some("/v1/listings?limit=100".to_owned());
        while let Some(url) = next {
            let answer = x.visitor().get(&url).expect(200);
            seen += answer.titles().len();
            next = answer.json()["next_cursor"].as_str().map(|cursor| format!("/v1/listings?limit=100&cursor={cursor}"));
        }
        assert_eq!(seen, published);
    }
}
