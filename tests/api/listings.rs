//! Listings: the filters and orders of the public list, and what only listings have.

use serde_json::{Value, json};

use crate::catalogue::{LISTINGS, Shelved, pages, shelve, titles, with};
use crate::harness::{Exchange, Member, listing};
use crate::on_both;

fn vnd(amount: i64) -> Value {
    json!({"amount": amount, "currency": "VND"})
}

/// Six listings that differ in everything the list is filtered by, a minute apart, the last from another organisation.
fn shelf(x: &Exchange) -> (Member, Member) {
    let (one, other) = (x.researcher(), x.enterprise());
    let item = |letter: &str, minute: i64, fields: Value| {
        Shelved(with(listing(&format!("Mục {letter}")), fields), minute * 60)
    };
    let fixed = |amount| json!({"kind": "fixed", "from": vnd(amount)});
    let items = vec![
        item(
            "a",
            1,
            json!({"trl": 2, "price": fixed(10), "ipc": ["C02F 1/28"], "transfer_forms": ["assignment"],
            "development_stage": "pilot", "ip_rights": [{"kind": "patent", "status": "granted"}]}),
        ),
        item(
            "b",
            2,
            json!({"trl": 5, "price": {"kind": "range", "from": vnd(20), "to": vnd(40)}, "ipc": ["C02F"],
            "transfer_forms": ["assignment", "joint_venture"], "research_field": "natural_sciences"}),
        ),
        item(
            "c",
            3,
            json!({"trl": 9, "price": {"kind": "negotiable"}, "ipc": ["C02"], "transfer_forms": ["sub_licence"]}),
        ),
        item(
            "d",
            4,
            json!({"trl": 5, "price": {"kind": "fixed", "from": {"amount": 1, "currency": "USD"}},
            "ipc": ["H04W 40/24", "C12N"], "language": "en"}),
        ),
        item(
            "e",
            5,
            json!({"trl": null, "price": fixed(30), "ipc": [], "transfer_forms": [],
            "research_field": "humanities"}),
        ),
    ];
    shelve(x, &LISTINGS, &one.organization_id, items);
    let last = item(
        "f",
        6,
        json!({"trl": 7, "price": fixed(10), "ipc": ["C02G"], "transfer_forms": ["assignment"],
        "research_field": null}),
    );
    shelve(x, &LISTINGS, &other.organization_id, vec![last]);
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
            ("research_field=natural_sciences".into(), "b"),
            ("research_field=natural_sciences,humanities".into(), "be"),
            ("research_field=alchemy".into(), ""),
            ("ipc=C02".into(), "abcf"),
            ("ipc=C02F".into(), "ab"),
            ("ipc=c02f1/28".into(), "a"),
            ("ipc=C02F%201/28,H04W".into(), "ad"),
            ("ipc=C02F%201/2".into(), ""),
            ("ipc=C02F%201/00".into(), "a"),
            ("ipc=C".into(), "abcdf"),
            ("ip_kind=patent,trade_secret&ip_status=granted".into(), "a"),
            ("ip_status=filed".into(), ""),
            ("development_stage=pilot,concept".into(), "a"),
            ("organization_kind=institute".into(), "abcde"),
            ("organization_kind=enterprise,individual".into(), "f"),
            ("province=01".into(), "abcdef"),
            ("province=48".into(), ""),
            ("verified=true".into(), "abcdef"),
            ("transfer_form=assignment".into(), "abf"),
            ("transfer_form=joint_venture,sub_licence".into(), "bc"),
            ("transfer_form=assignment&ipc=C02F".into(), "ab"),
            ("trl_min=5".into(), "bcdf"),
            ("trl_max=5".into(), "abd"),
            ("trl_min=5&trl_max=7".into(), "bdf"),
            ("trl_min=1".into(), "abcdf"),
            ("price_min=11".into(), "be"),
            ("price_min=40".into(), "b"),
            ("price_max=10".into(), "af"),
            ("price_max=29".into(), "abf"),
            ("price_min=25&price_max=35".into(), "be"),
            ("price_min=41".into(), ""),
            (of(&one), "abcde"),
            (of(&other), "f"),
            ("language=en".into(), "d"),
            ("language=vi".into(), "abcef"),
            (format!("{}&transfer_form=assignment&trl_min=3&research_field=natural_sciences", of(&one)), "b"),
        ] {
            let mut found: Vec<_> = letters(x, &format!("/v1/listings?limit=2&{query}")).chars().collect();
            found.sort_unstable();
            assert_eq!(found.into_iter().collect::<String>(), expected, "{query}");
        }
    }

    fn every_order_sorts_as_it_says(x) {
        shelf(x);
        for (sort, expected) in [
            ("", "fedcba"),
            ("sort=-published_at", "fedcba"),
            ("sort=published_at", "abcdef"),
            // Without a price in đồng last; ties in the order of creation.
            ("sort=price", "afbecd"),
            // Without a level last; ties newest first.
            ("sort=-trl", "cfdbae"),
        ] {
            assert_eq!(letters(x, &format!("/v1/listings?{sort}")), expected, "{sort}");
            assert_eq!(letters(x, &format!("/v1/listings?{sort}&limit=2")), expected, "{sort} in pages");
        }
    }

    fn a_filter_that_cannot_be_is_refused(x) {
        for (query, field, code) in [
            ("trl_min=0", "/trl_min", "invalid_format"),
            ("trl_max=ten", "/trl_max", "invalid_format"),
            ("price_min=1e9", "/price_min", "invalid_format"),
            ("ipc=Z", "/ipc", "invalid_format"),
            ("ip_kind=idea", "/ip_kind", "not_a_choice"),
            ("verified=yes", "/verified", "invalid_format"),
            ("confirmed_after=now", "/confirmed_after", "invalid_format"),
            ("transfer_form=gift", "/transfer_form", "not_a_choice"),
            ("organization_id=7", "/organization_id", "invalid_id"),
            ("language=fr", "/language", "not_a_choice"),
            ("cooperation_form=assignment", "/cooperation_form", "unknown_field"),
        ] {
            x.visitor().get(&format!("/v1/listings?{query}")).expect(422).problem("validation_failed").field(field, code);
        }
        let many = vec!["humanities"; 21].join(",");
        x.visitor().get(&format!("/v1/listings?research_field={many}")).expect(422).field("/research_field", "too_many");
    }

    fn a_filter_follows_a_change_of_the_listing(x) {
        let (member, officer) = (x.researcher(), x.officer());
        let piece = LISTINGS.at(&member, &officer, "withdrawn");
        let patch = json!({"ipc": ["H01L"], "transfer_forms": ["assignment"], "price": null});
        let etag = member.patch(&piece.path, &piece.etag, &patch).expect(200).etag();
        let etag = member.post_at(&format!("{}/submission", piece.path), &etag, &json!({})).expect(200).etag();
        officer.post_at(&format!("{}/publication", piece.path), &etag, &json!({})).expect(200);
        for (query, found) in [
            ("ipc=H01L", 1), ("ipc=C02F", 0), ("transfer_form=assignment", 1), ("transfer_form=non_exclusive_licence", 0),
            ("price_max=999999999999", 0),
        ] {
            assert_eq!(x.visitor().get(&format!("/v1/listings?{query}")).expect(200).titles().len(), found, "{query}");
        }
    }

    fn a_listing_in_the_list_says_what_it_says_itself(x) {
        let member = x.researcher();
        let path = member.publish_listing(x, &listing("Máy sấy"));
        let whole = x.visitor().get(&path).expect(200).json();
        let list = x.visitor().get("/v1/listings").expect(200).json();
        for (name, value) in list["items"][0].as_object().expect("an item") {
            assert_eq!(value, &whole[name], "{name}");
        }
    }
}
