//! The demonstration data: a small, invented Hanoi of institutes, enterprises, a broker and an officer.

use deserr::Deserr;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::Arc;

use crate::accounts::{self, NewOfficer, NewUser, OrganizationContent, Password, PasswordHash};
use crate::catalogue::{Incoming, Item, Listing, Order, Origin, Status, import};
use crate::db::Failure;
use crate::events::{Origin as WriteOrigin, Tx};
use crate::kernel::access::{OrganizationKind, Role};
use crate::kernel::clock::Day;
use crate::kernel::id::{OrganizationId, UserId};
use crate::kernel::locale::Locale;
use crate::kernel::validate::FieldErrors;
use crate::wiring::{StartError, System};

/// Everybody's password.
const PASSWORD: &str = "thu-nghiem-techex";

#[derive(Clone, Deserialize)]
struct Organization {
    key: String,
    verified: bool,
    #[serde(flatten)]
    content: Value,
}

#[derive(Clone, Deserialize)]
struct Account {
    email: String,
    full_name: String,
    memberships: Vec<Membership>,
}

#[derive(Clone, Deserialize)]
struct Membership {
    organization: String,
    role: Role,
}

#[derive(Clone)]
struct Data {
    organizations: Vec<Organization>,
    accounts: Vec<Account>,
    listings: Vec<Map<String, Value>>,
    orders: Vec<Map<String, Value>>,
}

/// Loads the data unless it is there, and tells the logins.
pub async fn load(system: &System) -> Result<String, StartError> {
    let failed = |what: &dyn std::fmt::Display| StartError(format!("demonstration data: {what}"));
    let data = Data::read().map_err(|error| failed(&error))?;
    let hash = Password::new(PASSWORD).hash().map_err(|problem| failed(&problem))?;
    let logins = logins(&data);
    let app = Arc::clone(&system.app);
    let origin = WriteOrigin { actor: None, request_id: "techex serve --demo".into(), address: String::new() };
    let written = system.app.database.write_async(move |conn| {
        let mut tx = Tx::new(conn, app.clock.now(), &app.writing, &origin);
        write(&mut tx, &data, &hash)
    });
    written.await.map_err(|failure| failed(&format!("{failure:?}")))?;
    Ok(logins)
}

fn logins(data: &Data) -> String {
    let line = |account: &Account| format!("  {:<36} {}", account.email, account.full_name);
    let lines = data.accounts.iter().map(line).collect::<Vec<_>>().join("\n");
    format!("Demonstration accounts, all with the password {PASSWORD}:\n{lines}")
}

impl Data {
    fn read() -> serde_json::Result<Self> {
        Ok(Self {
            organizations: serde_json::from_str(include_str!("organizations.json"))?,
            accounts: serde_json::from_str(include_str!("accounts.json"))?,
            listings: serde_json::from_str(include_str!("listings.json"))?,
            orders: serde_json::from_str(include_str!("orders.json"))?,
        })
    }
}

fn write(tx: &mut Tx<'_>, data: &Data, hash: &PasswordHash) -> Result<(), Failure> {
    let first = data.organizations.first().and_then(|organization| organization.content.get("name")?.as_str());
    if let Some(name) = first
        && accounts::find_organization(tx.conn, name)?.is_some()
    {
        return Ok(());
    }
    let users =
        data.accounts.iter().map(|account| Ok((account, user(account, hash)?))).collect::<Result<Vec<_>, Failure>>()?;
    let officer = create_officer(tx, data, &users)?;
    let mut organizations = HashMap::new();
    for organization in &data.organizations {
        let content: OrganizationContent = parse(organization.content.clone())?;
        let id = match (content.kind, officer) {
            (OrganizationKind::Authority, (_, id)) => id,
            (_, (officer, _)) => accounts::create_organization(tx, content, organization.verified.then_some(officer))?,
        };
        organizations.insert(organization.key.as_str(), id);
    }
    for (account, user) in &users {
        let id = accounts::create_verified_user(tx, user)?;
        for membership in &account.memberships {
            if let Some(organization) = organizations.get(membership.organization.as_str()) {
                accounts::add_member(tx, *organization, id, membership.role)?;
            }
        }
    }
    data.listings.iter().try_for_each(|row| item::<Listing>(tx, &organizations, row.clone()))?;
    data.orders.iter().try_for_each(|row| item::<Order>(tx, &organizations, row.clone()))
}

fn user(account: &Account, hash: &PasswordHash) -> Result<NewUser, Failure> {
    Ok(NewUser {
        email: parse(Value::from(account.email.as_str()))?,
        full_name: parse(Value::from(account.full_name.as_str()))?,
        locale: Locale::Vi,
        password_hash: hash.clone(),
    })
}

/// The officer comes first: the others are verified by somebody.
fn create_officer(
    tx: &mut Tx<'_>,
    data: &Data,
    users: &[(&Account, NewUser)],
) -> Result<(UserId, OrganizationId), Failure> {
    let authority =
        data.organizations.iter().find(|one| one.content.get("kind").is_some_and(|kind| kind == "authority"));
    let (Some(authority), Some((_, user))) =
        (authority, users.iter().find(|(account, _)| account.email.starts_with("officer@")))
    else {
        return Err(FieldErrors::default().into());
    };
    let name = authority.content.get("name").cloned().unwrap_or_default();
    accounts::create_officer(tx, &NewOfficer { authority: parse(name)?, user: user.clone() })
}

/// A listing or an order as it stands in the data, with its owner's key, its status and its age.
fn item<I: Item>(
    tx: &mut Tx<'_>,
    organizations: &HashMap<&str, OrganizationId>,
    mut row: Map<String, Value>,
) -> Result<(), Failure> {
    let mut text =
        |name: &str| row.remove(name).and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
    let (owner, external_id, status) = (text("organization"), text("external_id"), text("status"));
    let days_ago = row.remove("days_ago").and_then(|value| value.as_i64()).unwrap_or_default();
    if let Some(days) = row.remove("deadline_in_days").and_then(|value| value.as_u64()) {
        row.insert("deadline_on".into(), Day::after(tx.now, days).to_string().into());
    }
    let Some(organization) = organizations.get(owner.as_str()).copied() else {
        return Err(FieldErrors::default().into());
    };
    let incoming = Incoming::<I::Content> {
        origin: Origin { source: "demo".into(), external_id },
        organization,
        content: parse(Value::Object(row))?,
        status: parse::<Status>(status.into())?,
        since: tx.now.plus_days(-days_ago),
    };
    import::<I>(tx, &incoming).map(|_| ())
}

fn parse<T: Deserr<FieldErrors>>(value: Value) -> Result<T, Failure> {
    deserr::deserialize(value).map_err(|errors: FieldErrors| errors.into())
}
