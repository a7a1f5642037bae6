//! Anonymous orders: whose they are is told to the members of the organisation and to officers, and to nobody else by any
//! way.

use serde_json::{Value, json};

use crate::catalogue::{ORDERS, Piece, colleague, with};
use crate::harness::{Client, Exchange, Member, order};
use crate::on_both;

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
            for list in [format!("/v1/orders?organization_id={id}"), format!("/v1/search?organization_id={id}"),
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
}
