//! Listings and orders for the tests: what the two have in common as a value, and shelves filled without the API.

use deserr::Deserr;
use serde_json::{Value, json};
use techex::catalogue::{Incoming, Item, Listing, Order, Origin as From, Status, import};
use techex::events::{Origin, Tx};
use techex::kernel::validate::FieldErrors;

use crate::harness::{self, Client, Exchange, Member, number};

/// One of the two kinds.
pub struct Kind {
    pub name: &'static str,
    /// The public list.
    pub list: &'static str,
    pub wrong_state: &'static str,
    /// What it may not be submitted without.
    pub needed: &'static [&'static str],
    /// A field that holds a list.
    pub listed: &'static str,
    /// A complete content.
    pub content: fn(&str) -> Value,
}

pub const LISTINGS: Kind = Kind {
    name: "listing",
    list: "/v1/listings",
    wrong_state: "listing_wrong_state",
    needed: &[
        "summary",
        "description",
        "problem_solved",
        "existing_solution",
        "measured_advantage",
        "economics",
        "trl",
        "transfer_forms",
        "research_field",
    ],
    listed: "transfer_forms",
    content: harness::listing,
};

pub const ORDERS: Kind = Kind {
    name: "order",
    list: "/v1/orders",
    wrong_state: "order_wrong_state",
    needed: &["summary", "problem", "requirements", "success_criteria", "cooperation_forms", "research_field"],
    listed: "cooperation_forms",
    content: harness::order,
};

pub const KINDS: [&Kind; 2] = [&LISTINGS, &ORDERS];

/// A listing or an order as a test holds it.
pub struct Piece {
    pub path: String,
    pub etag: String,
}

impl Kind {
    /// An organisation's own.
    pub fn own(&self, member: &Member) -> String {
        format!("/v1/organizations/{}/{}s", member.organization_id, self.name)
    }

    /// A draft that says this.
    pub fn draft(&self, member: &Member, content: &Value) -> Piece {
        let answer = member.post(&self.own(member), content).expect(201);
        Piece { path: format!("{}/{}", self.list, answer.id()), etag: answer.etag() }
    }

    /// A complete draft.
    pub fn complete(&self, member: &Member, title: &str) -> Piece {
        self.draft(member, &(self.content)(title))
    }

    /// A complete one that has been brought to this status.
    pub fn at(&self, member: &Member, officer: &Client, status: &str) -> Piece {
        let mut piece = self.complete(member, &format!("Ở trạng thái {status}"));
        let steps: &[(&Client, &str)] = match status {
            "draft" => &[],
            "submitted" => &[(member, "submission")],
            "published" => &[(member, "submission"), (officer, "publication")],
            "changes_requested" => &[(member, "submission"), (officer, "change-request")],
            "rejected" => &[(member, "submission"), (officer, "rejection")],
            "suspended" => &[(member, "submission"), (officer, "publication"), (officer, "suspension")],
            "withdrawn" => &[(member, "submission"), (member, "withdrawal")],
            other => panic!("no such status: {other}"),
        };
        for (who, step) in steps {
            piece.etag = piece.step(who, step).expect(200).etag();
        }
        piece
    }
}

impl Piece {
    /// Takes a step at the version the piece is held at.
    pub fn step(&self, who: &Client, step: &str) -> harness::Answer {
        let body = match step {
            "change-request" | "rejection" => reasons(),
            "suspension" => json!({"code": "complaint", "text": "Có khiếu nại đang được xem xét."}),
            _ => json!({}),
        };
        if step == "change" {
            return who.patch(&self.path, &self.etag, &json!({"title": "Tên đã sửa"}));
        }
        who.post_at(&format!("{}/{step}", self.path), &self.etag, &body)
    }

    pub fn id(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}

/// An officer's reasons.
pub fn reasons() -> Value {
    json!({"reasons": [{"field": "/economics", "text": "Hãy nêu cách tính thời gian hoàn vốn."}]})
}

/// A published item: what it says, and how many seconds after the exchange's now.
pub struct Shelved(pub Value, pub i64);

/// Puts published items on a shelf all at once, as an import does.
pub fn shelve(x: &Exchange, kind: &Kind, organization_id: &str, items: Vec<Shelved>) {
    match kind.name {
        "listing" => take_over::<Listing>(x, organization_id, items),
        _ => take_over::<Order>(x, organization_id, items),
    }
}

fn take_over<I: Item>(x: &Exchange, organization_id: &str, items: Vec<Shelved>)
where
    I::Content: Deserr<FieldErrors>,
{
    let now = x.now();
    let organization = organization_id.parse().expect("an id");
    let incoming: Vec<_> = items
        .into_iter()
        .map(|Shelved(content, seconds)| Incoming::<I::Content> {
            origin: From { source: "test".into(), external_id: number().to_string() },
            organization,
            content: deserr::deserialize::<_, _, FieldErrors>(content).expect("a content"),
            status: Status::Published,
            since: now.plus_seconds(seconds),
        })
        .collect();
    let app = std::sync::Arc::clone(&x.system.app);
    let origin = Origin { actor: None, request_id: "test".into(), address: String::new() };
    let written = x.system.app.database.write(techex::db::Isolation::Serializable, move |conn| {
        let mut tx = Tx::new(conn, now, &app.writing, &origin);
        incoming.iter().try_for_each(|one| import::<I>(&mut tx, one).map(|_| ()))
    });
    written.expect("they are on the shelf");
    x.system.app.wake_workers();
}

/// All pages of a list, one after the other; each page but the last links to the next.
pub fn pages(client: &Client, first: &str) -> Vec<Vec<Value>> {
    let (mut pages, mut next) = (Vec::new(), Some(first.to_owned()));
    while let Some(url) = next {
        let answer = client.get(&url).expect(200);
        let body = answer.json();
        next = answer.header("link").map(|link| {
            let url = link.strip_prefix('<').and_then(|rest| rest.strip_suffix(">; rel=\"next\""));
            url.unwrap_or_else(|| panic!("a strange link: {link}")).to_owned()
        });
        assert_eq!(next.is_some(), body["next_cursor"].is_string(), "link and cursor belong together: {url}");
        pages.push(body["items"].as_array().cloned().unwrap_or_default());
        assert!(pages.len() < 100, "the pages do not end: {first}");
    }
    pages
}

/// The titles on all pages.
pub fn titles(pages: &[Vec<Value>]) -> Vec<String> {
    let title = |item: &Value| item["title"].as_str().map(str::to_owned);
    pages.iter().flatten().filter_map(title).collect()
}

/// `base` with these fields set.
pub fn with(mut base: Value, fields: Value) -> Value {
    for (name, value) in fields.as_object().cloned().unwrap_or_default() {
        base[name] = value;
    }
    base
}

/// A member of the organisation with this role.
pub fn colleague(x: &Exchange, owner: &Member, role: &str) -> Client {
    harness::member_of(x, &owner.organization_id, role).0
}
