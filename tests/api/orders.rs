//! Orders: the filters and orders of the public list, and what only orders have.

use serde_json::{Value, json};

use crate::catalogue::{ORDERS, Shelved, pages, shelve, titles, with};
use crate::harness::{Exchange, Member, order};
use crate::on_both;

fn vnd(amount: i64) -> Value {
    json!({"amount": amount, "currency": "VND"})
}

/// Six orders that differ in everything the list is filtered by, a minute apart, the last from another organisation.
fn shelf(x: &Exchange) -> (Member, Member) {
    let (one, other) = (x.enterprise(), x.researcher());
    let item =
        |letter: &str, minute: i64, fields: Value| Shelved(with(order(&format!("Mục {letter}")), fields), minute * 60);
    let range = |from, to| json!({"kind": "range", "from": vnd(from), "to": vnd(to)});
    let items = vec![
        item(
            "a",
            1,
            json!({"trl_wanted": 2, "budget": range(10, 50), "ipc": ["C02F 1/28"], "cooperation_forms": ["assignment"]}),
        ),
        item(
            "b",
            2,
            json!({"trl_wanted": 5, "budget": range(20, 40), "ipc": ["C02F"],
            "cooperation_forms": ["assignment", "joint_venture"], "research_field": "natural_sciences"}),
        ),
        item(
            "c",
            3,
            json!({"trl_wanted": 9, "budget": {"kind": "negotiable"}, "ipc": ["C02"],
            "cooperation_forms": ["sub_licence"]}),
        ),
        item(
            "d",
            4,
            json!({"trl_wanted": 5, "budget": {"kind": "fixed", "from": {"amount": 1, "currency": "USD"}},
            "ipc": ["H04W 40/24"], "language": "en"}),
        ),
        item(
            "e",
            5,
            json!({"trl_wanted": null, "budget": {"kind": "fixed", "from": vnd(40)}, "ipc": [],
            "research_field": "humanities"}),
        ),
    ];
    shelve(x, &ORDERS, &one.organization_id, items);
    let last = item("f", 6, json!({"trl_wanted": 7, "budget": range(5, 9), "ipc": ["C02G"], "cooperation_forms": []}));
    shelve(x, &ORDERS, &other.organization_id, vec![last]);
    (one, other)
}

/// The letters of what is found, on all pages.
fn letters(x: &Exchange, list: &str) -> String {
    titles(&pages(&x.visitor(), list)).iter().filter_map(|title| title.chars().last()).collect()
}

on_both! {
    fn every_filter_finds_what_it_says(x) {
        let (one, other) = shelf(x);
        let of = |member: &Member| format!("organization_id={}", member.organization_id);
        for (query, expected) in [
            (String::new(), "abcdef"),
            ("research_field=natural_sciences,humanities".into(), "be"),
            ("ipc=C02".into(), "abcf"),
            ("ipc=C02F".into(), "ab"),
            ("ipc=C".into(), "abcf"),
            ("organization_kind=enterprise".into(), "abcde"),
            ("province=01".into(), "abcdef"),
            ("verified=true".into(), "abcdef"),
            ("ipc=C02F1/28,H04W".into(), "ad"),
            ("cooperation_form=assignment".into(), "ab"),
            ("cooperation_form=joint_venture,sub_licence".into(), "bc"),
            ("trl_min=5".into(), "bcdf"),
            ("trl_max=5".into(), "abd"),
            ("trl_min=6&trl_max=8".into(), "f"),
            ("budget_min=45".into(), "a"),
            ("budget_max=9".into(), "f"),
            ("budget_min=40&budget_max=20".into(), "ab"),
            (of(&one), "abcde"),
            (of(&other), "f"),
            ("language=en".into(), "d"),
            (format!("{}&cooperation_form=assignment&trl_min=3", of(&one)), "b"),
        ] {
            let mut found: Vec<_> = letters(x, &format!("/v1/orders?limit=2&{query}")).chars().collect();
            found.sort_unstable();
            assert_eq!(found.into_iter().collect::<String>(), expected, "{query}");
        }
    }

    fn every_order_sorts_as_it_says(x) {
        shelf(x);
        for (sort, expected) in [
            ("sort=-published_at", "fedcba"),
            ("sort=published_at", "abcdef"),
            // By the upper end; without a budget in đồng last; ties newest first.
            ("sort=-budget", "aebfdc"),
            ("sort=-trl", "cfdbae"),
        ] {
            assert_eq!(letters(x, &format!("/v1/orders?{sort}")), expected, "{sort}");
            assert_eq!(letters(x, &format!("/v1/orders?{sort}&limit=2")), expected, "{sort} in pages");
        }
    }

    fn a_filter_that_cannot_be_is_refused(x) {
        for (query, field, code) in [
            ("trl_min=10", "/trl_min", "invalid_format"),
            ("budget_max=x", "/budget_max", "invalid_format"),
            ("cooperation_form=gift", "/cooperation_form", "not_a_choice"),
            ("price_min=1", "/price_min", "unknown_field"),
            ("sort=price", "/sort", "not_a_choice"),
        ] {
            x.visitor().get(&format!("/v1/orders?{query}")).expect(422).problem("validation_failed").field(field, code);
        }
    }

    fn requirements_and_the_deadline_are_checked(x) {
        let member = x.enterprise();
        for (fields, pointer, code) in [
            (json!({"requirements": [{"text": "rẻ"}]}), "/requirements/0/level", "required"),
            (json!({"requirements": [{"text": "rẻ", "level": "maybe"}]}), "/requirements/0/level", "not_a_choice"),
            (json!({"requirements": [{"text": "rẻ", "level": "must", "weight": 1}]}), "/requirements/0/weight", "unknown_field"),
            (json!({"deadline_on": "2027-02-29"}), "/deadline_on", "invalid_format"),
            (json!({"deadline_on": "2027-03-31T00:00:00Z"}), "/deadline_on", "invalid_format"),
            (json!({"trl_wanted": 10}), "/trl_wanted", "out_of_range"),
        ] {
            let body = with(order("Cần máy sấy"), fields);
            member.post(&member.orders(), &body).expect(422).problem("validation_failed").field(pointer, code);
        }
    }

    fn an_order_in_the_list_says_what_it_says_itself(x) {
        let path = x.enterprise().publish_order(x, &order("Cần máy sấy"));
        let whole = x.visitor().get(&path).expect(200).json();
        let list = x.visitor().get("/v1/orders").expect(200).json();
        for (name, value) in list["items"][0].as_object().expect("an item") {
            assert_eq!(value, &whole[name], "{name}");
        }
    }
}
