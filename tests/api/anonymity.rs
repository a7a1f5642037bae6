//! Anonymous orders: whose they are is told to the members of the organisation and to officers, and to nobody else by any
//! way.

use serde_json::{Value, json};

use crate::catalogue::{ORDERS, Piece, colleague, with};
use crate::harness::{Client, Exchange, Member, order};
use crate::{on_both, rows};

fn hidden(title: &str) -> Value {
    with(order(title), json!({"anonymous": true}))
}

/// A name no other text has.
fn name_of(member: &Member) -> String {
    member.get(&format!("/v1/organizations/{}", member.organization_id)).expect(200).text_at("/name")
}

/// Waits until the search finds this many orders.
fn indexed(x: &Exchange, count: u64) {
    x.eventually("the orders are indexed", || {
        x.visitor().get("/v1/search?kind=order").expect(200).json()["total"] == count
    });
}

on_both! {
    fn nobody_outside_learns_whose_it_is(x) {
        let (member, other, officer) = (x.enterprise(), x.researcher(), x.officer());
        let path = member.publish_order(x, &hidden("Cần máy sấy"));
        indexed(x, 1);
        let (name, id) = (name_of(&member), member.organization_id.clone());
        let outsiders: [(&str, Client); 3] =
            [("a visitor", x.visitor()), ("another organisation", other.client.clone()), ("nobody's member", crate::harness::person(x).0)];
        for (who, client) in &outsiders {
            for url in [
                path.clone(), "/v1/orders".into(), format!("/v1/orders?organization_id={id}"), "/v1/search".into(),
                "/v1/search?q=m%C3%A1y".into(), format!("/v1/search?organization_id={id}"),
                format!("/v1/search?q=T%E1%BB%95%20ch%E1%BB%A9c%20{}", name.rsplit(' ').next().unwrap_or_default()), "/v1/search?organization_kind=enterprise".into(),
                "/v1/search?province=01".into(), "/v1/search?verified=true".into(), "/v1/search/suggestions?q=T".into(),
            ] {
                let answer = client.get(&url).expect(200);
                let text = answer.text.replace(&format!("organization_id={id}"), "");
                assert!(!text.contains(&name) && !text.contains(&id), "{who} reads it at {url}: {text}");
            }
            assert_eq!(client.get(&path).expect(200).json()["organization"], Value::Null);
            for list in [format!("/v1/orders?organization_id={id}"), "/v1/orders?organization_kind=enterprise".into(),
                "/v1/orders?province=01".into(), "/v1/orders?verified=true".into(), format!("/v1/search?organization_id={id}"),
                "/v1/search?organization_kind=enterprise".into(), "/v1/search?province=01&kind=order".into()] {
                assert_eq!(client.get(&list).expect(200).titles(), Vec::<String>::new(), "{who} {list}");
            }
            assert_eq!(client.get("/v1/search?q=m%C3%A1y").expect(200).titles(), ["Cần máy sấy"], "but it is found");
        }
        let facets = x.visitor().get("/v1/search?kind=order").expect(200).json()["facets"].clone();
        for name in ["organization_kind", "province"] {
            let facet = facets.as_array().and_then(|all| all.iter().find(|facet| facet["name"] == name).cloned());
            assert!(facet.is_none_or(|facet| facet["values"] == json!([])), "{facets}");
        }
        for client in [&member.client, &colleague(x, &member, "viewer"), &officer] {
            assert_eq!(client.get(&path).expect(200).json()["organization"]["name"], name.as_str());
        }
        let own = member.get(&member.orders()).expect(200).json();
        assert_eq!(own["items"][0]["organization"]["name"], name.as_str());
    }

    fn officers_see_in_their_queue_whose_it_is(x) {
        let (member, officer) = (x.enterprise(), x.officer());
        let piece = ORDERS.draft(&member, &hidden("Cần máy sấy"));
        piece.step(&member, "submission").expect(200);
        let queue = officer.get("/v1/moderation/orders").expect(200).json();
        assert_eq!(queue["items"][0]["organization"]["id"], member.organization_id.as_str());
        assert_eq!(queue["items"][0]["anonymous"], true);
    }

    fn it_can_become_known_and_hidden_again(x) {
        let (member, officer) = (x.enterprise(), x.officer());
        let path = member.publish_order(x, &hidden("Cần máy sấy"));
        let shown = |anonymous: bool| {
            let etag = member.get(&path).expect(200).etag();
            let etag = member.post_at(&format!("{path}/withdrawal"), &etag, &json!({})).expect(200).etag();
            let etag = member.patch(&path, &etag, &json!({"anonymous": anonymous})).expect(200).etag();
            let etag = member.post_at(&format!("{path}/submission"), &etag, &json!({})).expect(200).etag();
            officer.post_at(&format!("{path}/publication"), &etag, &json!({})).expect(200);
            x.visitor().get(&path).expect(200).json()["organization"]["id"] == member.organization_id.as_str()
        };
        let found = || {
            let list = format!("/v1/search?organization_id={}", member.organization_id);
            x.visitor().get(&list).expect(200).titles().len()
        };
        assert!(shown(false));
        x.eventually("the search knows whose it is", || found() == 1);
        assert!(!shown(true));
        x.eventually("the search knows it no more", || {
            let hidden = x.visitor().get("/v1/search?kind=order").expect(200).json()["total"] == 1;
            hidden && found() == 0
        });
    }

    fn a_stranger_cannot_tell_it_by_trying_to_change_it(x) {
        let (member, other) = (x.enterprise(), x.researcher());
        let (path, open) = (member.publish_order(x, &hidden("Cần máy sấy")), other.publish_order(x, &order("Cần bơm")));
        let stranger = x.enterprise();
        let piece = |path: &str| Piece { path: path.to_owned(), etag: x.visitor().get(path).expect(200).etag() };
        for step in ["withdrawal", "submission", "change"] {
            let (one, two) = (piece(&path).step(&stranger, step), piece(&open).step(&stranger, step));
            assert_eq!((one.status, one.text_at("/detail")), (two.status, two.text_at("/detail")), "{step}");
        }
    }

    fn what_happens_to_its_organisation_is_not_seen_on_it(x) {
        let (member, officer) = (x.enterprise(), x.officer());
        let hidden = member.publish_order(x, &hidden("Cần máy sấy"));
        let open = member.publish_order(x, &order("Cần bơm"));
        let id = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let delivered = || x.eventually("all is delivered", || rows::count(x.database_url(), "outbox") == 0);
        let feed = |since: &str| x.visitor().get(&format!("/v1/orders?updated_since={since}")).expect(200).json();
        let told = |feed: &Value| -> Vec<String> {
            let all = ["items", "gone"].map(|part| feed[part].as_array().cloned().unwrap_or_default()).concat();
            all.iter().filter_map(|item| item["id"].as_str().map(str::to_owned)).collect()
        };
        delivered();
        let first = feed("1970-01-01T00:00:00Z");
        assert_eq!(told(&first), [id(&hidden), id(&open)]);
        let path = format!("/v1/organizations/{}", member.organization_id);
        x.clock.advance(60);
        let etag = member.get(&path).expect(200).etag();
        member.patch(&path, &etag, &json!({"province": "79"})).expect(200);
        delivered();
        let since = first["synced_until"].as_str().expect("a time");
        let renamed = feed(since);
        assert_eq!(told(&renamed), [id(&open)], "its organisation moved, and that is all");

        x.clock.advance(60);
        let etag = officer.get(&path).expect(200).etag();
        let gone = officer.post_at(&format!("{path}/deactivation"), &etag, &json!({"reason": "Vì lý do."})).expect(200);
        delivered();
        let public = |path: &str| x.visitor().get(path).status;
        let sitemap = || {
            let index = x.visitor().get("/sitemap.xml").expect(200).text;
            let part = index.split("<loc>").find(|part| part.contains("/sitemaps/orders-")).expect("orders").to_owned();
            let path = part.split_once("/sitemaps/").and_then(|(_, rest)| rest.split_once('<')).expect("a part").0.to_owned();
            x.visitor().get(&format!("/sitemaps/{path}")).expect(200).text
        };
        for path in [hidden.clone(), format!("{hidden}/json-ld"), open.clone()] {
            assert_eq!(public(&path), 404, "{path}");
        }
        assert!(!sitemap().contains(&id(&hidden)) && x.visitor().get("/v1/orders").expect(200).titles().is_empty());
        let deactivated = feed(renamed["synced_until"].as_str().expect("a time"));
        assert_eq!(told(&deactivated), [id(&open)], "the feed says nothing of it at the time");
        assert_eq!(deactivated["gone"][0]["reason"], "organization_deactivated");
        x.run_jobs();
        x.clock.advance(86_400);
        x.run_jobs();
        let later = feed(deactivated["synced_until"].as_str().expect("a time"));
        assert_eq!((told(&later), &later["gone"][0]["reason"]), (vec![id(&hidden)], &json!("withdrawn")));

        let officer = x.officer();
        let back = format!("{path}/reactivation");
        officer.with("if-match", &gone.etag()).send("POST", &back, None, b"").expect(200);
        delivered();
        assert_eq!(public(&hidden), 200);
        let until = later["synced_until"].as_str().expect("a time");
        assert_eq!(told(&feed(until)), [id(&open)]);
        x.clock.advance(86_400);
        x.run_jobs();
        let all: std::collections::BTreeSet<_> = told(&feed(until)).into_iter().collect();
        assert_eq!(all, [id(&hidden), id(&open)].into_iter().collect());
        assert!(sitemap().contains(&id(&hidden)));
    }
}
