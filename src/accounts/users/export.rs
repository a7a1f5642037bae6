//! Everything the exchange holds about a person, for the person (data portability and the right to access).

use actix_web::web::Data;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::store;
use super::view::UserView;
use crate::db::{Conn, Failure};
use crate::events;
use crate::http::{Answer, Call, Operation, Rate, Reply, Sample, SignedIn};
use crate::kernel::clock::At;
use crate::kernel::code::Code;
use crate::kernel::id::UserId;

/// One part of what the exchange holds about people; each slice that holds something declares its own.
#[derive(Clone, Copy)]
pub struct PersonalData {
    /// Its name in the export.
    pub name: &'static str,
    /// Reads what there is about a person, in the form in which the person sees it elsewhere.
    pub read: fn(&mut Conn, UserId) -> Result<Value, Failure>,
}

/// All the parts there are.
pub struct PersonalDataParts(pub Vec<PersonalData>);

/// Entries of the audit log in an export; who has caused more asks the operator for the rest.
const MOST_DEEDS: i64 = 10_000;

pub(super) fn operation() -> Operation {
    Operation::get("/v1/me/export", "users_export", export)
        .about(
            "Accounts",
            "Export your data",
            "Everything the exchange holds about you in one JSON document: the account with its memberships, the second factor \
             without its secret, sessions of the last 30 days, API keys you made, and the latest 10,000 entries of the audit log \
             that you caused. What you wrote for an organisation belongs to the organisation and is read there.",
        )
        .answers::<AccountExport>(200, "Your data.")
        .rate(Rate::Credential)
}

/// Everything about a person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AccountExport {
    /// When the data were read.
    exported_at: At,
    /// The parts by name, each as the operation that shows it gives it.
    #[schema(value_type = Object)]
    data: Map<String, Value>,
}

impl Sample for AccountExport {
    fn sample() -> Self {
        let account = serde_json::to_value(UserView::sample()).unwrap_or_default();
        Self { exported_at: At::sample(), data: Map::from_iter([("account".to_owned(), account)]) }
    }
}

async fn export(call: Call<SignedIn>, parts: Data<PersonalDataParts>) -> Answer {
    let exported_at = call.app().clock.now();
    let data = call
        .read(move |conn, actor| {
            let mut data = Map::new();
            for part in &parts.0 {
                data.insert(part.name.to_owned(), (part.read)(conn, actor.user_id)?);
            }
            Ok(data)
        })
        .await?;
    Ok(Reply::ok(&AccountExport { exported_at, data })?.content_tagged())
}

/// The account and what its owner did.
pub(in crate::accounts) fn personal_data() -> [PersonalData; 2] {
    [
        PersonalData {
            name: "account",
            read: |conn, id| {
                let user = store::find(conn, id)?.ok_or(Code::NotFound)?;
                Ok(json!({"profile": UserView::load(conn, &user)?, "pending_email": user.pending_email}))
            },
        },
        PersonalData { name: "activity", read: |conn, id| Ok(json!(events::deeds_of(conn, id, MOST_DEEDS)?)) },
    ]
}
