//! Pages for machines: an organisation's public page, linked data, the site map, the rules for crawlers.

use serde_json::json;
use std::collections::BTreeSet;

use crate::harness::{Exchange, listing, order};
use crate::on_both;

/// The addresses in the site map, followed from its index, below the configured public address.
fn mapped(x: &Exchange) -> BTreeSet<String> {
    let base = x.system.app.config.server.public_url.trim_end_matches('/').to_owned();
    let locations = |text: &str| -> Vec<String> {
        let parts = text.split("<loc>").skip(1).filter_map(|rest| rest.split_once("</loc>"));
        parts.map(|(url, _)| url.strip_prefix(&base).expect("an address of ours").to_owned()).collect()
    };
    let index = x.visitor().get("/sitemap.xml").expect(200);
    assert_eq!(index.header("content-type"), Some("application/xml; charset=utf-8"));
    let parts = locations(&index.text);
    parts.iter().flat_map(|part| locations(&x.visitor().get(part).expect(200).text)).collect()
}

on_both! {
    fn the_site_map_holds_what_is_public_and_nothing_else(x) {
        let owner = x.researcher();
        let public = owner.publish_listing(x, &listing("Máy lọc nước"));
        let wanted = owner.publish_order(x, &order("Cần máy lọc khí"));
        let (draft, _) = owner.draft_listing("Bản nháp");
        let organization = format!("/v1/organizations/{}", owner.organization_id);
        let authority = x.officer().get("/v1/me").expect(200).text_at("/organizations/0/id");
        let authority = format!("/v1/organizations/{authority}");
        let both = [organization, authority];
        let expected = |items: &[&String]| items.iter().copied().chain(&both).cloned().collect::<BTreeSet<_>>();
        x.eventually("it is mapped", || mapped(x) == expected(&[&public, &wanted]));
        assert!(!mapped(x).contains(&draft));
        let etag = owner.get(&public).expect(200).etag();
        owner.post_at(&format!("{public}/withdrawal"), &etag, &json!({})).expect(200);
        x.eventually("it is unmapped", || mapped(x) == expected(&[&wanted]));
        x.visitor().get("/sitemaps/listings-0198c5a1-f2b0-7cc0-8d3e-5f0a1b2c3d4e.xml").expect(404);
    }

    fn crawlers_are_told_where_the_map_is(x) {
        let rules = x.visitor().get("/robots.txt").expect(200);
        assert_eq!(rules.header("content-type"), Some("text/plain; charset=utf-8"));
        assert!(rules.text.contains("/sitemap.xml\n") && rules.text.contains("Disallow: /\n"), "{}", rules.text);
    }

    fn what_is_public_is_linked_data(x) {
        let owner = x.researcher();
        let public = owner.publish_listing(x, &listing("Máy lọc </script><b>nước"));
        let answer = x.visitor().get(&format!("{public}/json-ld")).expect(200);
        assert_eq!(answer.header("content-type"), Some("application/ld+json"));
        assert!(answer.header("last-modified").is_some_and(|date| date.ends_with("GMT")));
        assert!(!answer.text.contains(['<', '>']));
        let product = answer.json();
        assert_eq!((&product["@context"], &product["@type"]), (&json!("https://schema.org"), &json!("Product")));
        assert_eq!(product["name"], "Máy lọc </script><b>nước");
        assert_eq!((&product["offers"]["price"], &product["offers"]["priceCurrency"]), (&json!("250000000"), &json!("VND")));
        assert!(product["@id"].as_str().is_some_and(|id| id.ends_with(&public)));
        let wanted = owner.publish_order(x, &order("Cần máy lọc khí"));
        let demand = x.visitor().get(&format!("{wanted}/json-ld")).expect(200).json();
        assert_eq!((&demand["@type"], &demand["availabilityEnds"]), (&json!("Demand"), &json!("2027-03-31")));
        let organization = x.visitor().get(&format!("/v1/organizations/{}/json-ld", owner.organization_id)).expect(200).json();
        assert_eq!(organization["@type"], "ResearchOrganization");
    }

    fn what_is_not_public_has_no_page_even_for_its_owner(x) {
        let owner = x.researcher();
        let (draft, _) = owner.draft_listing("Bản nháp");
        owner.get(&format!("{draft}/json-ld")).expect(404).problem("not_found");
        let hidden = crate::harness::Member::of_unverified(x, "enterprise");
        for below in ["page", "json-ld"] {
            let path = format!("/v1/organizations/{}/{below}", hidden.organization_id);
            hidden.get(&path).expect(404).problem("not_found");
        }
    }

    fn an_organisation_shows_how_much_it_has_published(x) {
        let owner = x.researcher();
        owner.publish_listing(x, &listing("Máy lọc nước"));
        owner.publish_listing(x, &listing("Máy lọc khí"));
        owner.publish_order(x, &order("Cần máy lọc dầu"));
        owner.draft_listing("Bản nháp");
        let path = format!("/v1/organizations/{}/page", owner.organization_id);
        let page = x.visitor().get(&path).expect(200);
        assert_eq!((&page.json()["published_listings"], &page.json()["published_orders"]), (&json!(2), &json!(1)));
        assert_eq!(page.text_at("/organization/verified/method"), "business_register");
        assert_eq!(owner.get(&path).expect(200).text, page.text);
    }
}
