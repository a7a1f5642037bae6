//! Who may do what with somebody's things: every operation on a thing, as declared, against everybody who might ask, once
//! with things nobody outside may see and once with published ones.
//!
//! Those who may not are asked for first, at the right version and with a good body: they have to be refused as declared, and
//! the database has to be as it was, to the last byte. Those who may are refused for nothing but the state of things.

use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use techex::http::{Level, Operation};

use crate::catalogue::{Kind, LISTINGS, ORDERS};
use crate::harness::{App, Client, Exchange, Member, PDF, may_sign, member_of, pdf, person, stepped_up_officer};
use crate::{on_both, rows};

/// Each operation on a thing: the least role of members (`self`: the one whose it is; `signs`: who may sign;
/// `as others`; the status of their refusal), then officers and all
/// others, with things that are not public and with things that are. `yes`, or the status of the refusal. What the access
/// level of the operation already says (no visitor, no machine, no officer, no second factor) comes before.
const TABLE: &str = "
    api_keys_create             owner   404 404   404 404
    api_keys_list               owner   404 404   404 404
    api_keys_revoke             owner   404 404   404 404
    api_keys_show               owner   404 404   404 404
    approaches_accept           editor  404 404   404 404
    approaches_acknowledge      editor  404 404   404 404
    approaches_decline          editor  404 404   404 404
    approaches_express_interest viewer  404 404   yes yes
    approaches_list             viewer  404 404   404 404
    approaches_propose          viewer  404 404   yes yes
    approaches_show             viewer  404 404   404 404
    approaches_withdraw         403     404 404   404 404
    confidential_change         editor  404 404   403 404
    confidential_grants_create  owner   404 404   404 404
    confidential_grants_list    viewer  404 404   404 404
    confidential_grants_revoke  owner   404 404   404 404
    confidential_grants_show    viewer  404 404   404 404
    confidential_show           viewer  404 404   yes 404
    confidential_views_list     viewer  404 404   404 404
    files_download              viewer  yes yes   yes yes
    invitations_create          owner   404 404   404 404
    invitations_list            owner   404 404   404 404
    invitations_resend          owner   404 404   404 404
    invitations_show            owner   404 404   404 404
    invitations_withdraw        owner   404 404   404 404
    listings_attachments_create editor  404 404   403 403
    listings_attachments_link   viewer  404 404   yes yes
    listings_attachments_list   viewer  404 404   yes yes
    listings_attachments_remove editor  404 404   403 403
    listings_attachments_show   viewer  404 404   yes yes
    listings_change             editor  404 404   403 403
    listings_close              editor  404 404   403 403
    listings_compare            viewer  404 404   yes 404
    listings_confirm            editor  404 404   403 403
    listings_create             editor  404 404   404 404
    listings_discard            editor  404 404   403 403
    listings_json_ld            others  404 404   yes yes
    listings_list_own           viewer  404 404   404 404
    listings_open               editor  404 404   403 403
    listings_publish            viewer  404 404   yes yes
    listings_reinstate          viewer  404 404   yes yes
    listings_reject             viewer  404 404   yes yes
    listings_request_changes    viewer  404 404   yes yes
    listings_restore            editor  404 404   403 403
    listings_reviews            viewer  404 404   yes 404
    listings_revision           viewer  404 404   yes 404
    listings_revisions          viewer  404 404   yes 404
    listings_revoke_evidence    viewer  404 404   yes yes
    listings_show               viewer  404 404   yes yes
    listings_similar            viewer  404 404   yes yes
    listings_submit             editor  404 404   403 403
    listings_suspend            viewer  404 404   yes yes
    listings_verify_evidence    viewer  404 404   yes yes
    listings_withdraw           editor  404 404   403 403
    memberships_change          owner   404 404   404 404
    memberships_list            viewer  yes 404   yes 404
    memberships_remove          owner   404 404   404 404
    memberships_show            viewer  yes 404   yes 404
    ndas_list                   viewer  404 404   404 404
    ndas_offer                  editor  404 404   404 404
    ndas_show                   viewer  404 404   404 404
    ndas_sign                   signs   404 404   404 404
    ndas_terminate              signs   404 404   404 404
    ndas_withdraw               editor  404 404   404 404
    negotiations_end            editor  404 404   404 404
    negotiations_event          viewer  yes 404   yes 404
    negotiations_events         viewer  yes 404   yes 404
    negotiations_export         viewer  yes 404   yes 404
    negotiations_list           viewer  404 404   404 404
    negotiations_mark           viewer  404 404   404 404
    negotiations_post           editor  404 404   404 404
    negotiations_show           viewer  yes 404   yes 404
    offers_accept               signs   404 404   404 404
    offers_counter              editor  404 404   404 404
    offers_list                 viewer  404 404   404 404
    offers_propose              editor  404 404   404 404
    offers_reject               editor  404 404   404 404
    offers_show                 viewer  404 404   404 404
    offers_withdraw             403     404 404   404 404
    orders_attachments_create   editor  404 404   403 403
    orders_attachments_link     viewer  404 404   yes yes
    orders_attachments_list     viewer  404 404   yes yes
    orders_attachments_remove   editor  404 404   403 403
    orders_attachments_show     viewer  404 404   yes yes
    orders_change               editor  404 404   403 403
    orders_close                editor  404 404   403 403
    orders_compare              viewer  404 404   yes 404
    orders_confirm              editor  404 404   403 403
    orders_create               editor  404 404   404 404
    orders_discard              editor  404 404   403 403
    orders_json_ld              others  404 404   yes yes
    orders_list_own             viewer  404 404   404 404
    orders_open                 editor  404 404   403 403
    orders_publish              viewer  404 404   yes yes
    orders_reinstate            viewer  404 404   yes yes
    orders_reject               viewer  404 404   yes yes
    orders_request_changes      viewer  404 404   yes yes
    orders_restore              editor  404 404   403 403
    orders_reviews              viewer  404 404   yes 404
    orders_revision             viewer  404 404   yes 404
    orders_revisions            viewer  404 404   yes 404
    orders_show                 viewer  404 404   yes yes
    orders_submit               editor  404 404   403 403
    orders_suspend              viewer  404 404   yes yes
    orders_withdraw             editor  404 404   403 403
    organizations_change        owner   403 404   403 403
    organizations_deactivate    owner   yes 404   yes 403
    organizations_json_ld       others  404 404   yes yes
    organizations_page          others  404 404   yes yes
    organizations_reactivate    owner   yes 404   yes 403
    organizations_show          viewer  yes 404   yes yes
    organizations_verify        viewer  yes 404   yes 404
    reference_list              viewer  yes yes   yes yes
    reference_show              viewer  yes yes   yes yes
    saved_searches_change       self    404 404   404 404
    saved_searches_remove       self    404 404   404 404
    saved_searches_run          self    404 404   404 404
    saved_searches_show         self    404 404   404 404
    second_factor_reset         viewer  yes 404   yes 404
    sessions_end                self    404 404   404 404
    sessions_show               self    404 404   404 404
    signatories_grant           owner   404 404   404 404
    signatories_revoke          owner   404 404   404 404
    sitemap_part                viewer  yes yes   yes yes
    synonyms_change             viewer  yes yes   yes yes
    synonyms_remove             viewer  yes yes   yes yes
    synonyms_show               viewer  yes yes   yes yes
    users_reinstate             viewer  yes 404   yes 404
    users_show_suspension       viewer  yes 404   yes 404
    users_suspend               viewer  yes 404   yes 404
    verifications_list          viewer  yes 404   yes 404
";

/// Those among the operations of [`TABLE`] that change things though they demand no version, in an order in which none takes
/// away what a later one needs.
const LASTING: [&str; 27] = [
    "offers_propose",
    "ndas_offer",
    "negotiations_post",
    "negotiations_mark",
    "approaches_express_interest",
    "approaches_propose",
    "listings_create",
    "orders_create",
    "listings_attachments_create",
    "listings_attachments_link",
    "listings_attachments_remove",
    "orders_attachments_create",
    "orders_attachments_link",
    "orders_attachments_remove",
    "confidential_grants_create",
    "confidential_grants_revoke",
    "invitations_create",
    "api_keys_create",
    "api_keys_revoke",
    "saved_searches_remove",
    "synonyms_remove",
    "users_suspend",
    "users_show_suspension",
    "users_reinstate",
    "second_factor_reset",
    "memberships_remove",
    "sessions_end",
];

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Viewer,
    Editor,
    Owner,
}

/// What somebody is to the organisation whose things they are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Visitor,
    Other,
    Member(Rank),
    Officer,
}

struct Asker {
    name: &'static str,
    client: Client,
    standing: Standing,
    machine: bool,
    stepped_up: bool,
}

/// An organisation with everything an operation can be about.
struct Fixture {
    owner: Member,
    askers: Vec<Asker>,
    /// Whether outsiders may see organisation, listing and order.
    public: bool,
    values: BTreeMap<&'static str, String>,
}

fn key(x: &Exchange, owner: &Member, role: &str) -> (Client, String) {
    let body = json!({"name": "Máy", "role": role, "valid_days": 30});
    let made = owner.post(&format!("/v1/organizations/{}/api-keys", owner.organization_id), &body).expect(201);
    (x.visitor().with_token(&made.text_at("/secret")), made.json()["key"]["id"].as_str().expect("an id").to_owned())
}

fn stepped_up(x: &Exchange, member: Member) -> Member {
    App::of(x, &member, &member.email);
    member
}

/// A listing or an order with a file: its path, and that of the file.
fn thing(x: &Exchange, owner: &Member, kind: &Kind, public: bool) -> (String, String) {
    let piece = kind.complete(owner, "Máy sấy");
    let file = owner.attach_pdf(&piece.path, "public");
    if public {
        let etag = piece.step(owner, "submission").expect(200).etag();
        x.officer().post_at(&format!("{}/publication", piece.path), &etag, &json!({})).expect(200);
    }
    (piece.path, file)
}

/// An expression of interest that waits for the owner's answer, in a listing that is not public any more.
fn approach(x: &Exchange, owner: &Member, sender: &Member) -> String {
    let piece = LISTINGS.at(owner, &x.officer(), "published");
    let interest = json!({"organization_id": sender.organization_id, "message": "Xin cho biết chi phí vận hành."});
    let sent = sender.post(&format!("{}/interests", piece.path), &interest).expect(201).id();
    piece.step(owner, "withdrawal").expect(200);
    sent
}

/// A negotiation that the owner's acceptance opened.
fn negotiation(x: &Exchange, owner: &Member, sender: &Member) -> String {
    let path = format!("/v1/approaches/{}", approach(x, owner, sender));
    let etag = owner.get(&path).expect(200).etag();
    owner.post_at(&format!("{path}/acceptance"), &etag, &json!({})).expect(200).text_at("/negotiation_id")
}

/// A non-disclosure agreement that the owner, who may sign, has offered.
fn nda(owner: &Member, negotiation: &str) -> String {
    may_sign(owner);
    let new = json!({"template": "mutual_vi", "valid_days": 30});
    owner.post(&format!("/v1/negotiations/{negotiation}/ndas"), &new).expect(201).id()
}

/// An offer that waits for the owner's answer.
fn offer(x: &Exchange, buyer: &Member, negotiation: &str) -> String {
    buyer.post(&format!("/v1/negotiations/{negotiation}/offers"), &crate::offers::offer(x)).expect(201).id()
}

/// An organisation that says another name than the one that was verified.
fn unverify(owner: &Member) {
    let path = format!("/v1/organizations/{}", owner.organization_id);
    let etag = owner.get(&path).expect(200).etag();
    owner.patch(&path, &etag, &json!({"name": "Một tên khác"})).expect(200);
}

fn fixture(x: &Exchange, public: bool) -> Fixture {
    let owner = stepped_up(x, x.enterprise());
    let approach = approach(x, &owner, &x.researcher());
    let buyer = x.researcher();
    let negotiation = negotiation(x, &owner, &buyer);
    let nda = nda(&owner, &negotiation);
    let offer = offer(x, &buyer, &negotiation);
    if !public {
        unverify(&owner);
    }
    let ((listing, listed), (order, ordered)) =
        (thing(x, &owner, &LISTINGS, public), thing(x, &owner, &ORDERS, public));
    let part = format!("{listing}/confidential");
    let etag = owner.get(&part).expect(200).etag();
    let secret = json!({"sections": [{"title": "Thông số", "text": "Bí mật."}]});
    owner.patch(&part, &etag, &secret).expect(200);
    let other = stepped_up(x, x.researcher());
    let reader = x.enterprise();
    let grant = json!({
        "organization_id": reader.organization_id, "purpose": "Đánh giá.", "expires_at": x.now().plus_days(9).to_string(),
    });
    let grant = owner.post(&format!("{part}/grants"), &grant).expect(201).id();
    let organization = format!("/v1/organizations/{}", owner.organization_id);
    let invitation = json!({"email": "duoc-moi@example.com", "role": "viewer"});
    let invitation = owner.post(&format!("{organization}/invitations"), &invitation).expect(201).id();
    let search = json!({"name": "Của tôi", "query": {"q": "may"}});
    let search = owner.post("/v1/saved-searches", &search).expect(201).id();
    let session = owner.get("/v1/sessions").expect(200).text_at("/items/0/id");
    let victim = member_of(x, &owner.organization_id, "viewer").2;
    let officer = stepped_up_officer(x);
    let synonym = officer.post("/v1/search/synonyms", &json!({"words": ["máy sấy", "lò sấy", public.to_string()]}));
    let authority = officer.get("/v1/me").expect(200).text_at("/organizations/0/id");
    let (_, key_id) = key(x, &owner, "viewer");
    let asker = |name, client, standing| Asker { name, client, standing, machine: false, stepped_up: false };
    let machine = |name, client, standing| Asker { name, client, standing, machine: true, stepped_up: false };
    let sure = |name, client, standing| Asker { name, client, standing, machine: false, stepped_up: true };
    let member = |role: &str| member_of(x, &owner.organization_id, role).0;
    let askers = vec![
        asker("a visitor", x.visitor(), Standing::Visitor),
        asker("a person alone", person(x).0, Standing::Other),
        sure("the owner of another organisation", other.client.clone(), Standing::Other),
        asker("an editor of another organisation", member_of(x, &other.organization_id, "editor").0, Standing::Other),
        asker("a reader of the authority", member_of(x, &authority, "viewer").0, Standing::Other),
        machine("another's machine", key(x, &other, "editor").0, Standing::Other),
        asker("a viewer", member("viewer"), Standing::Member(Rank::Viewer)),
        machine("a reading machine", key(x, &owner, "viewer").0, Standing::Member(Rank::Viewer)),
        asker("an editor", member("editor"), Standing::Member(Rank::Editor)),
        machine("a writing machine", key(x, &owner, "editor").0, Standing::Member(Rank::Editor)),
        sure("an officer", officer, Standing::Officer),
        sure("the owner", owner.client.clone(), Standing::Member(Rank::Owner)),
    ];
    let id = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let values = BTreeMap::from([
        ("approaches", approach),
        ("negotiations", negotiation),
        ("ndas", nda),
        ("offers", offer),
        ("{seq}", "1".into()),
        ("listings", id(&listing)),
        ("orders", id(&order)),
        ("files", id(&listed)),
        ("listings/{attachment_id}", id(&listed)),
        ("orders/{attachment_id}", id(&ordered)),
        ("organizations", owner.organization_id.clone()),
        ("users", victim.clone()),
        ("saved-searches", search),
        ("sessions", session),
        ("synonyms", synonym.expect(201).id()),
        ("{grant_id}", grant),
        ("{invitation_id}", invitation),
        ("{key_id}", key_id),
        ("{user_id}", victim),
        ("{version}", "1".into()),
        ("{fingerprint}", "0".repeat(64)),
        ("{list}", "currency".into()),
        ("{code}", "VND".into()),
        ("{part}", "listings-00000000-0000-0000-0000-000000000000.xml".into()),
    ]);
    Fixture { owner, askers, public, values }
}

impl Fixture {
    fn fill(&self, path: &str) -> String {
        let mut filled = String::new();
        let mut kind = "";
        for part in path.split('/').skip(1) {
            let value = if part == "{id}" {
                self.values.get(kind)
            } else {
                let of_thing = |thing: &str| self.values.get(format!("{thing}/{part}").as_str());
                let own = ["listings", "orders"].into_iter().filter(|thing| path.contains(thing)).find_map(of_thing);
                own.or_else(|| self.values.get(part)).filter(|_| part.starts_with('{'))
            };
            assert!(value.is_some() || !part.starts_with('{'), "nothing for {part} of {path}");
            filled = format!("{filled}/{}", value.map_or(part, String::as_str));
            kind = part;
        }
        filled
    }

    /// The tag of what an address is about: of the nearest thing above it that has one.
    fn etag(&self, path: &str) -> String {
        let mut at = path;
        loop {
            let answer = self.owner.get(at);
            if answer.status == 200 {
                return answer.etag();
            }
            at = at.rsplit_once('/').map(|(above, _)| above).unwrap_or_else(|| panic!("nothing to read above {path}"));
        }
    }

    /// The status of the refusal the table tells, or none for who may.
    fn refusal(&self, operation: &Operation, row: &[&str], asker: &Asker) -> Option<u16> {
        let (level, step_up) = operation.access();
        let [members, officers, others] = match self.public {
            false => [row[1], row[2], row[3]],
            true => [row[1], row[4], row[5]],
        };
        let told = |cell: &str| (cell != "yes").then(|| cell.parse().expect("a status"));
        let least = match members {
            "viewer" => Some(Rank::Viewer),
            "editor" => Some(Rank::Editor),
            "owner" => Some(Rank::Owner),
            _ => None,
        };
        match asker.standing {
            Standing::Visitor if level != Level::Public => Some(401),
            _ if asker.machine && matches!(level, Level::SignedIn | Level::Officer) => Some(403),
            standing if level == Level::Officer && standing != Standing::Officer => Some(403),
            _ if step_up && !asker.stepped_up => Some(403),
            Standing::Officer => told(officers),
            Standing::Member(rank) => match least {
                Some(least) => (rank < least).then_some(403),
                // The owner of the fixture is the one who may sign.
                None if members == "signs" => (rank < Rank::Owner).then_some(403),
                // What the other side does.
                None if members.parse::<u16>().is_ok() => told(members),
                None if members == "self" && rank == Rank::Owner => None,
                None => told(others),
            },
            Standing::Visitor | Standing::Other => told(others),
        }
    }
}

fn ask(asker: &Asker, operation: &Operation, path: &str, etag: &str) -> crate::harness::Answer {
    let (method, _) = operation.address();
    let client = if operation.demands_version() { asker.client.with("if-match", etag) } else { asker.client.clone() };
    match operation.example() {
        Some(("*/*", _)) => {
            let path = format!("{path}?name=a.pdf&disclosure=public");
            client.send(method.as_str(), &path, Some(PDF), &pdf(50))
        }
        Some((media_type, body)) => client.send(method.as_str(), path, Some(media_type), body.to_string().as_bytes()),
        None => client.send(method.as_str(), path, None, b""),
    }
}

/// The operations on a thing, each with its row.
fn operations() -> Vec<(Operation, Vec<&'static str>)> {
    let rows = TABLE.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).filter(|row| !row.is_empty());
    let mut rows: BTreeMap<_, _> = rows.map(|row| (row[0], row)).collect();
    let mut all: Vec<_> = techex::wiring::operations()
        .into_iter()
        .filter(|operation| operation.address().1.contains('{'))
        .map(|operation| {
            let row = rows.remove(operation.id()).unwrap_or_else(|| panic!("{} is not in the table", operation.id()));
            (operation, row)
        })
        .collect();
    assert!(rows.is_empty(), "there are no such operations: {rows:?}");
    let place = |operation: &Operation| LASTING.iter().position(|id| *id == operation.id());
    let changes = |operation: &Operation| operation.address().0 != "GET" && !operation.demands_version();
    for (operation, _) in &all {
        assert!(!changes(operation) || place(operation).is_some(), "{} changes things", operation.id());
    }
    all.sort_by_key(|(operation, _)| place(operation).map_or(0, |place| place + 1));
    all
}

/// Everything but what a refused request may leave behind, which is nothing.
fn database(x: &Exchange) -> BTreeSet<String> {
    rows::everything(x.database_url(), &[]).lines().map(str::to_owned).collect()
}

fn check(x: &Exchange, public: bool) {
    let fixture = fixture(x, public);
    x.eventually("all is delivered", || rows::count(x.database_url(), "outbox") == 0);
    let operations = operations();
    let mut wrong = Vec::new();
    let before = database(x);
    let mut cells = 0;
    for (operation, row) in &operations {
        let path = fixture.fill(operation.address().1);
        let etag = if operation.demands_version() { fixture.etag(&path) } else { String::new() };
        for asker in &fixture.askers {
            let Some(refusal) = fixture.refusal(operation, row, asker) else { continue };
            let answer = ask(asker, operation, &path, &etag);
            cells += 1;
            if answer.status != refusal {
                wrong.push(format!("{} by {}: {} instead of {refusal}", operation.id(), asker.name, answer.status));
            }
        }
    }
    let after = database(x);
    let changed: Vec<_> = before.symmetric_difference(&after).collect();
    assert!(wrong.is_empty() && changed.is_empty(), "{}\n{changed:?}", wrong.join("\n"));
    for (operation, row) in &operations {
        let path = fixture.fill(operation.address().1);
        for asker in fixture.askers.iter().filter(|asker| fixture.refusal(operation, row, asker).is_none()) {
            let answer = ask(asker, operation, &path, "\"999-0\"");
            cells += 1;
            if [401, 403, 404].contains(&answer.status) && !is_gone(operation, &answer) {
                wrong.push(format!("{} by {}: {} {}", operation.id(), asker.name, answer.status, answer.text));
            }
            assert!(answer.status < 500, "{}", answer.text);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cells > 1_000, "{cells} cells");
}

/// Nothing was there to end, which is no refusal.
fn is_gone(operation: &Operation, answer: &crate::harness::Answer) -> bool {
    let may_be_missing = [
        "users_show_suspension",
        "listings_revoke_evidence",
        "listings_attachments_remove",
        "orders_attachments_remove",
    ];
    answer.status == 404 && may_be_missing.contains(&operation.id())
}

on_both! {
    fn with_what_nobody_outside_may_see(x) {
        check(x, false);
    }

    fn with_what_is_published(x) {
        check(x, true);
    }
}
